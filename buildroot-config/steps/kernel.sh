# kernel.sh - Image: allnoconfig plus linux.fragment; vmlinux: its symbols as an ELF file without contents
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
  logged kernel "configuring the kernel" kernel_make KCONFIG_ALLCONFIG="$here/linux.fragment" allnoconfig
  check_kconfig "$here/linux.fragment" "$work/linux/.config"
  logged kernel "building the kernel" kernel_make "$jobs" Image
  logged kernel "installing the kernel headers" kernel_make INSTALL_HDR_PATH="$sysroot" headers_install
  cp "$work/linux/arch/riscv/boot/Image" "$result/Image"
  logged kernel "taking the kernel's symbols" riscv64-linux-gnu-objcopy --only-keep-debug "$work/linux/vmlinux" "$result/vmlinux"
}
