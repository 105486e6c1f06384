################################################################################
#
# directfb2-flux: fluxcomp, which turns DirectFB2's interface descriptions into
# C++; for the host only
#
################################################################################

DIRECTFB2_FLUX_VERSION = $(call qstrip,$(BR2_PACKAGE_DIRECTFB2_FLUX_REVISION))
DIRECTFB2_FLUX_SITE = $(call github,directfb2,flux,$(DIRECTFB2_FLUX_VERSION))

$(eval $(host-meson-package))
