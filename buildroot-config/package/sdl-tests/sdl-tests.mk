################################################################################
#
# sdl-tests
#
################################################################################

# The same archive as package/sdl's, which has its hash
SDL_TESTS_VERSION = $(SDL_VERSION)
SDL_TESTS_SITE = $(SDL_SITE)
SDL_TESTS_SOURCE = $(SDL_SOURCE)
SDL_TESTS_DL_SUBDIR = sdl
SDL_TESTS_LICENSE = Public domain
SDL_TESTS_LICENSE_FILES = test/COPYING
SDL_TESTS_DEPENDENCIES = sdl

SDL_TESTS_NAMES = checkkeys graywin testalpha testbitmap testblitspeed \
	testcursor testgamma testkeys testoverlay testoverlay2 testpalette \
	testplatform testsprite testtimer testver testvidinfo testwin testwm \
	threadwin

define SDL_TESTS_BUILD_CMDS
	$(foreach name,$(SDL_TESTS_NAMES),\
		$(TARGET_CC) $(TARGET_CFLAGS) -w -D_GNU_SOURCE=1 \
			$(@D)/test/$(name).c -o $(@D)/$(name) $(TARGET_LDFLAGS) \
			`$(STAGING_DIR)/usr/bin/sdl-config --cflags --libs` -lm$(sep))
endef

define SDL_TESTS_INSTALL_TARGET_CMDS
	$(foreach name,$(SDL_TESTS_NAMES),\
		$(INSTALL) -D -m 0755 $(@D)/$(name) $(TARGET_DIR)/usr/local/bin/$(name)$(sep))
	mkdir -p $(TARGET_DIR)/usr/local/share/sdl12
	$(INSTALL) -m 0644 $(@D)/test/*.bmp $(@D)/test/picture.xbm \
		$(TARGET_DIR)/usr/local/share/sdl12/
endef

$(eval $(generic-package))
