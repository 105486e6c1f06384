################################################################################
#
# directfb2-examples
#
################################################################################

DIRECTFB2_EXAMPLES_VERSION = eecf1019b29933a45578e62aea5f08a884d30fbc
DIRECTFB2_EXAMPLES_SITE = $(call github,directfb2,DirectFB-examples,$(DIRECTFB2_EXAMPLES_VERSION))
DIRECTFB2_EXAMPLES_LICENSE = MIT
DIRECTFB2_EXAMPLES_LICENSE_FILES = COPYING
DIRECTFB2_EXAMPLES_DEPENDENCIES = host-pkgconf directfb2
DIRECTFB2_EXAMPLES_CONF_OPTS = --prefix=/usr/local

$(eval $(meson-package))
