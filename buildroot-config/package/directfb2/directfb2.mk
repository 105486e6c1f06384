################################################################################
#
# directfb2
#
################################################################################

DIRECTFB2_VERSION = 7d4682d0cc092ed2f28c903175d1a0c104e9e9a8
DIRECTFB2_SITE = $(call github,directfb2,DirectFB2,$(DIRECTFB2_VERSION))
DIRECTFB2_LICENSE = LGPL-2.1+
DIRECTFB2_LICENSE_FILES = COPYING
DIRECTFB2_INSTALL_STAGING = YES
DIRECTFB2_DEPENDENCIES = host-pkgconf libdrm

# The last --prefix wins over the one that Buildroot gives
DIRECTFB2_CONF_OPTS = \
	--prefix=/usr/local \
	-Ddrmkms=true \
	-Dlinux_input=true \
	-Dfbdev=false

# Whoever is built against it looks in /usr/lib/pkgconfig of the staging folder
define DIRECTFB2_SHOW_PKGCONFIG
	mkdir -p $(STAGING_DIR)/usr/lib/pkgconfig
	for pc in $(STAGING_DIR)/usr/local/lib/pkgconfig/*.pc; do \
		ln -sf ../../local/lib/pkgconfig/$${pc##*/} \
			$(STAGING_DIR)/usr/lib/pkgconfig/ || exit 1; \
	done
endef
DIRECTFB2_POST_INSTALL_STAGING_HOOKS += DIRECTFB2_SHOW_PKGCONFIG

# Buildroot takes headers and the like out of /usr only
define DIRECTFB2_TRIM_TARGET
	rm -rf $(TARGET_DIR)/usr/local/include $(TARGET_DIR)/usr/local/lib/pkgconfig
endef
DIRECTFB2_TARGET_FINALIZE_HOOKS += DIRECTFB2_TRIM_TARGET

$(eval $(meson-package))
