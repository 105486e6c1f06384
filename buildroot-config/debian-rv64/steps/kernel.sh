# kernel.sh - Image-small: allnoconfig plus linux.fragment
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

# The configuration is embedded (IKCONFIG) and records what Kconfig finds on the host.  So pahole, the
# rust tools and a riscv64 C library for user programs must look absent, whatever is installed.
kernel_make() {
  make -s -C "$src/linux" O="$work/linux" ARCH=riscv CROSS_COMPILE=riscv64-linux-gnu- \
    PAHOLE=false RUSTC=false BINDGEN=false \
    USERLDFLAGS=-lnot-to-be-found KCFLAGS="-ffile-prefix-map=$work=." "$@"
}

build_kernel() {
  mkdir "$work/linux"
  logged kernel "configuring the kernel" kernel_make KCONFIG_ALLCONFIG="$recipe/linux.fragment" allnoconfig
  "$shared/check-config.sh" "$work/linux/.config" "$recipe/linux.fragment" ||
    fail "linux.fragment asks for what Kconfig did not keep, named above; is a dependency missing?"
  logged kernel "building the kernel" kernel_make "$jobs" Image
  cp "$work/linux/arch/riscv/boot/Image" "$result/Image-small"
  cp "$work/linux/System.map" "$result/System.map"
}
