# firmware.sh - OpenSBI for "qemu-system-riscv32 -M virt"; Debian's package has only 64-bit builds
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

build_firmware() {
  logged firmware "building OpenSBI" make -s -C "$src/opensbi" "$jobs" O="$work/opensbi" \
    CROSS_COMPILE=riscv64-linux-gnu- PLATFORM=generic PLATFORM_RISCV_XLEN=32 \
    PLATFORM_RISCV_ISA=rv32ima_zicsr_zifencei PLATFORM_RISCV_ABI=ilp32
  cp "$work/opensbi/platform/generic/firmware/fw_dynamic.bin" "$result/"
}
