#!/bin/bash
# build-guest.sh [OUT] - build the RV32IMA Linux guest from Debian sources; OUT defaults to ./out.
#
# Results:  OUT/Image          kernel, as semu loads it
#           OUT/rootfs.cpio    initramfs
#           OUT/rootfs.ext4    the same files as a disk, for root=/dev/vda
#           OUT/fw_dynamic.bin OpenSBI, only for "qemu-system-riscv32 -M virt"
# The same sources and compilers give the same bytes, wherever OUT is.
#
# Environment: DOWNLOADS      folder of the source files, kept between builds (OUT/downloads)
#              DEBIAN_MIRROR  archive to fetch them from (the one apt uses)
#              JOBS           parallel jobs (all processors)
#              KEEP_BUILD=1   keep the build tree, OUT/build.part
# No root needed; a Debian 12 host with the packages that the first step asks for.
set -euo pipefail

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

main() {
  check_tools
  rm -rf "$work"
  mkdir -p "$result" "$src" "$logs"
  announce sources;   fetch_sources; unpack_sources
  announce kernel;    build_kernel
  announce toolchain; build_toolchain
  announce busybox;   build_busybox
  announce programs;  build_libdrm; build_programs
  announce images;    make_initramfs; make_disk
  announce firmware;  build_firmware
  mv -f "$result"/* "$out/"
  [ -n "${KEEP_BUILD:-}" ] || rm -rf "$work"
  announce "done"
  (cd "$out" && sha256sum Image rootfs.cpio rootfs.ext4)
}
main
