################################################################################
#
# semblance-progs
#
################################################################################

SEMBLANCE_PROGS_VERSION = 1
SEMBLANCE_PROGS_SITE = $(BR2_EXTERNAL_SEMBLANCE_PATH)/progs
SEMBLANCE_PROGS_SITE_METHOD = local
SEMBLANCE_PROGS_LICENSE = MIT
SEMBLANCE_PROGS_DEPENDENCIES = host-pkgconf libdrm

SEMBLANCE_PROGS_NAMES = $(basename $(notdir $(wildcard $(BR2_EXTERNAL_SEMBLANCE_PATH)/progs/*.c)))

define SEMBLANCE_PROGS_BUILD_CMDS
	$(foreach name,$(SEMBLANCE_PROGS_NAMES),\
		$(TARGET_CC) $(TARGET_CFLAGS) -std=gnu11 -Wall -Wextra \
			`$(PKG_CONFIG_HOST_BINARY) --cflags libdrm` \
			$(@D)/$(name).c -o $(@D)/$(name) $(TARGET_LDFLAGS) \
			`$(PKG_CONFIG_HOST_BINARY) --libs libdrm` -lm$(sep))
endef

define SEMBLANCE_PROGS_INSTALL_TARGET_CMDS
	$(foreach name,$(SEMBLANCE_PROGS_NAMES),\
		$(INSTALL) -D -m 0755 $(@D)/$(name) $(TARGET_DIR)/bin/$(name)$(sep))
endef

$(eval $(generic-package))
