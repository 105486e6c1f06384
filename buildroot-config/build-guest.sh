#!/bin/bash
# build-guest.sh [--test-tools] [OUT] - build the RV32IMA Linux guest from Debian sources; OUT defaults to ./out.
#
# --test-tools also makes the disk with the heavier display tools, of the recipes in tools/.
#
# Results:  OUT/Image          kernel, as semu loads it
#           OUT/rootfs.cpio    initramfs
#           OUT/rootfs.ext4    the same files as a disk, for root=/dev/vda
#           OUT/displays.cpio  a small initramfs whose console follows the displays (kmsheads)
#           OUT/test-tools.img with --test-tools: that and the tools, for root=/dev/vda too
#           OUT/vmlinux        the kernel's symbols
#           OUT/NAME.debug     programs that draw, with their symbols and DWARF
#           OUT/kmsdraw-stride.img  a program with a fault, as a disk, for docs/DEBUGGING.md
#           OUT/inputs         what they were made of, for ship-guest.sh
#           OUT/fw_dynamic.bin OpenSBI, only for "qemu-system-riscv32 -M virt"
# The same sources and compilers give the same bytes, wherever OUT is.
#
# Environment: DOWNLOADS      folder of the source files, kept between builds (OUT/downloads)
#              DEBIAN_MIRROR  archive to fetch them from (the one apt uses)
#              JOBS           parallel jobs (all processors)
#              KEEP_BUILD=1   keep the build tree, OUT/build.part
# No root needed; a Debian 12 host with the packages that the first step asks for. A build that fails says why in one
# sentence, leaves its logs in OUT/failed-logs and nothing else.
set -euo pipefail

usage() {
  echo "usage: build-guest.sh [--test-tools] [OUT]" >&2
  exit 2
}

with_test_tools=
while [ $# -gt 0 ]; do
  case $1 in
    --test-tools) with_test_tools=1 ;;
    -*) usage ;;
    *) break ;;
  esac
  shift
done
[ $# -le 1 ] || usage

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$(mkdir -p "${1:-$here/out}" && cd "${1:-$here/out}" && pwd)
downloads=$(mkdir -p "${DOWNLOADS:-$out/downloads}" && cd "${DOWNLOADS:-$out/downloads}" && pwd)
work=$out/build.part       # everything unfinished lives here
result=$work/result        # moved to OUT when all of it is complete
src=$work/src
logs=$work/logs
sysroot=$work/sysroot
cross=$sysroot/bin/riscv32-linux-musl
jobs=-j${JOBS:-$(nproc)}

# nothing of the host may reach the images: neither clock, zone, names nor language
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1735689600
export KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP='2025-01-01 00:00:00'
export KBUILD_BUILD_USER=semblance KBUILD_BUILD_HOST=semblance
unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS CC KCFLAGS MAKEFLAGS
umask 022

# shellcheck source=steps/common.sh
. "$here/steps/common.sh"
# shellcheck source=steps/tools.sh
. "$here/steps/tools.sh"
# shellcheck source=steps/sources.sh
. "$here/steps/sources.sh"
# shellcheck source=steps/kernel.sh
. "$here/steps/kernel.sh"
# shellcheck source=steps/toolchain.sh
. "$here/steps/toolchain.sh"
# shellcheck source=steps/busybox.sh
. "$here/steps/busybox.sh"
# shellcheck source=steps/programs.sh
. "$here/steps/programs.sh"
# shellcheck source=steps/images.sh
. "$here/steps/images.sh"
# shellcheck source=steps/firmware.sh
. "$here/steps/firmware.sh"
# shellcheck source=steps/test-tools.sh
. "$here/steps/test-tools.sh"

main() {
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  announce checks;    check_tools; check_room
  rm -rf "$work" "$out/failed-logs"
  mkdir -p "$result" "$src" "$logs"
  "$here/manifest.sh" inputs > "$result/inputs"
  announce sources;   fetch_all; unpack_sources
  announce kernel;    build_kernel
  announce toolchain; build_toolchain
  announce busybox;   build_busybox
  announce programs;  build_libdrm; build_programs; build_faulty_program
  if [ -n "$with_test_tools" ]; then
    announce "test tools"; build_test_tools
  fi
  announce images;    make_initramfs; make_disk
  if [ -n "$with_test_tools" ]; then make_tools_disk; fi
  announce firmware;  build_firmware
  mv -f "$result"/* "$out/"
  announce "done"
  (cd "$out" && sha256sum Image rootfs.cpio rootfs.ext4 displays.cpio ${with_test_tools:+test-tools.img})
}
main
