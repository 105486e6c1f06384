#!/bin/bash
# build-guest.sh [--without-kernel] [OUT] - build the RV64GC Linux guest from Debian's riscv64 packages; OUT defaults to ./out.
#
# --without-kernel leaves out Image-small and System.map, which are what takes long.
#
# Results:  OUT/Image-small        kernel: everything that it needs is built in
#           OUT/System.map         its symbols
#           OUT/Image-stock        Debian's kernel as it is
#           OUT/initrd-plain.cpio  initramfs for Image-small
#           OUT/initrd-stock.cpio  the same with Image-stock's modules
#           OUT/desk.ext4          disk: X11, Wayland, Mesa and programs that draw, for root=/dev/vda
#           OUT/PACKAGES           the packages that something was taken from, with their sources
#           OUT/inputs             what all was made of, for ship-guest.sh
# Nothing of these packages is run: they are unpacked, and files are taken out. The same sources and tools give the same bytes,
# wherever OUT is.
#
# Environment: DOWNLOADS        folder of the packages, kept between builds (OUT/downloads)
#              DEBIAN_MIRROR    archive to fetch them from (the one apt uses)
#              DEBIAN_SNAPSHOT  a date of Debian's snapshot archive, asked where the mirror fails
#              JOBS             parallel jobs (all processors)
#              KEEP_BUILD=1     keep the build tree, OUT/build.part
# No root needed; a Debian 12 host with the packages that the first step asks for. A build that fails says why in one
# sentence, leaves its logs in OUT/failed-logs and nothing else.
set -euo pipefail

usage() {
  echo "usage: build-guest.sh [--without-kernel] [OUT]" >&2
  exit 2
}

with_kernel=1
while [ $# -gt 0 ]; do
  case $1 in
    --without-kernel) with_kernel= ;;
    -*) usage ;;
    *) break ;;
  esac
  shift
done
[ $# -le 1 ] || usage

recipe=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# the steps of the other guest, which are used here too, look for sources.lock there
here=$recipe
shared=$recipe/..
out=$(mkdir -p "${1:-$recipe/out}" && cd "${1:-$recipe/out}" && pwd)
downloads=$(mkdir -p "${DOWNLOADS:-$out/downloads}" && cd "${DOWNLOADS:-$out/downloads}" && pwd)
work=$out/build.part       # everything unfinished lives here
result=$work/result        # moved to OUT when all of it is complete
src=$work/src
logs=$work/logs
jobs=-j${JOBS:-$(nproc)}
with_test_tools=           # of the other guest's steps

# nothing of the host may reach the images: neither clock, zone, names nor language
export LC_ALL=C TZ=UTC SOURCE_DATE_EPOCH=1735689600
export KBUILD_BUILD_VERSION=1 KBUILD_BUILD_TIMESTAMP='2025-01-01 00:00:00'
export KBUILD_BUILD_USER=semblance KBUILD_BUILD_HOST=semblance
unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS CC KCFLAGS MAKEFLAGS
umask 022

# shellcheck source=../steps/common.sh
. "$shared/steps/common.sh"
# shellcheck source=../steps/tools.sh
. "$shared/steps/tools.sh"
# shellcheck source=../steps/sources.sh
. "$shared/steps/sources.sh"
# shellcheck source=../steps/images.sh
. "$shared/steps/images.sh"
# shellcheck source=steps/host.sh
. "$recipe/steps/host.sh"
# shellcheck source=steps/unpack.sh
. "$recipe/steps/unpack.sh"
# shellcheck source=steps/kernel.sh
. "$recipe/steps/kernel.sh"
# shellcheck source=steps/initrds.sh
. "$recipe/steps/initrds.sh"
# shellcheck source=steps/disk.sh
. "$recipe/steps/disk.sh"

main() {
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  announce checks;   check_host
  rm -rf "$work" "$out/failed-logs"
  mkdir -p "$result" "$src" "$logs"
  "$shared/manifest.sh" inputs rv64 > "$result/inputs"
  announce packages; fetch_all
  announce unpacking; unpack_packages; unpack_kernel
  announce initrds;  make_initrds
  announce disk;     make_stand_ins; make_desk
  list_packages
  if [ -n "$with_kernel" ]; then
    announce kernel; build_kernel
  fi
  mv -f "$result"/* "$out/"
  announce "done"
  (cd "$out" && sha256sum ${with_kernel:+Image-small System.map} Image-stock initrd-plain.cpio initrd-stock.cpio desk.ext4)
}
main
