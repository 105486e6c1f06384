#!/bin/bash
# build.sh [OUT] - build the bare-metal programs; OUT defaults to this folder.
#
# Makes OUT/{mix,hello}-{semu,virt}.bin: flat binaries of 32 bits, for semu's machine (loaded and entered
# at address 0 in S-mode) and for QEMU:
#   qemu-system-riscv32 -M virt -bios none -kernel mix-virt.bin -nographic -icount shift=0
# (with a firmware QEMU would load it above the firmware, not at 0x80000000), and OUT/{mix,hello}-{virts64,virt64}.bin,
# of 64 bits and with compressed instructions: for profile virt, which loads and enters it 2 MiB above, in S-mode, and for
# qemu-system-riscv64; for these two OUT/fpmix-{virts64,virt64}.bin as well, which uses floats and doubles.
# Debian package: gcc-riscv64-unknown-elf.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(mkdir -p "${1:-$here}" && cd "${1:-$here}" && pwd)
prefix=${CROSS_COMPILE:-riscv64-unknown-elf-}

command -v "${prefix}gcc" > /dev/null ||
  { echo "build.sh: ${prefix}gcc not found; install the Debian package gcc-riscv64-unknown-elf" >&2; exit 1; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# -mno-relax: the same instructions at either address.  No loop may turn into a call of memcpy.
# shellcheck disable=SC2054  # the commas belong to -Wl
flags=(-O2 -std=c11 -Wall -Wextra -ffreestanding -nostdlib -static
  -mcmodel=medany -mno-relax -msmall-data-limit=0 -fno-pic -fno-tree-loop-distribute-patterns
  -fno-delete-null-pointer-checks -fno-asynchronous-unwind-tables -Wl,--build-id=none
  "-ffile-prefix-map=$here=." -Wl,--no-warn-rwx-segments)

# build NAME PLATFORM BASE SOURCES...
build() {
  local name=$1 platform=$2 base=$3
  local isa=(-march=rv32im_zicsr -mabi=ilp32) define=${platform^^}
  case $platform in *64*) isa=(-march=rv64gc -mabi=lp64) define=${define/64/} ;; esac
  shift 3
  [ "$name" != fpmix ] || isa=(-march=rv64gc -mabi=lp64d -ffp-contract=fast -fno-math-errno -DFLOATS)
  sed "s/@BASE@/$base/" "$here/bare.ld.in" > "$work/$platform.ld"
  "${prefix}gcc" "${isa[@]}" "${flags[@]}" "-DPLATFORM_$define" -T "$work/$platform.ld" "$@" -o "$work/$name-$platform.elf"
  "${prefix}objcopy" -O binary "$work/$name-$platform.elf" "$work/$name-$platform.bin"
}
cd "$here"
for target in semu:0x00000000 virt:0x80000000 virts64:0x80200000 virt64:0x80000000; do
  build mix "${target%:*}" "${target#*:}" start.S mix.c
  build hello "${target%:*}" "${target#*:}" hello.S
  case $target in *64:*) build fpmix "${target%:*}" "${target#*:}" start.S fpmix.c ;; esac
done
for file in "$work"/*.bin; do
  chmod 644 "$file"
  mv "$file" "$out/"
done
[ -z "${KEEP_ELF:-}" ] || mv "$work"/*.elf "$out/"
