#!/bin/bash
# build-buildroot.sh --buildroot DIR [--x11] [--directfb2-test] [--config-only] [OUT] - build the guest with Buildroot.
#
# DIR is an unpacked Buildroot 2025.02 (any of its point releases); this folder is its external tree, BR2_EXTERNAL.
#   --x11             adds Xorg, twm, xterm, Mesa in software, kmscube, glmark2 and mesa-demos
#   --directfb2-test  adds DirectFB2 and its examples under /usr/local
#   --config-only     stops when the configuration is made and checked: seconds, and nothing is downloaded
# Results, OUT defaults to out/buildroot beside this script:
#   OUT/Image  OUT/rootfs.cpio  OUT/test-tools.img, the same files for root=/dev/vda
# OUT/build is Buildroot's own folder (O=); it stays, so that a later run only builds what has changed. No root needed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

fail() {
  echo "build-buildroot: $*" >&2
  exit 1
}

usage() {
  echo "usage: build-buildroot.sh --buildroot DIR [--x11] [--directfb2-test] [--config-only] [OUT]" >&2
  exit 2
}

buildroot='' config_only=''
fragments=("$here/configs/semblance_rv32_defconfig")
while [ $# -gt 0 ]; do
  case $1 in
    --buildroot) [ $# -ge 2 ] || usage; buildroot=$2; shift ;;
    --x11) fragments+=("$here/configs/x11.fragment") ;;
    --directfb2-test) fragments+=("$here/configs/directfb2.fragment") ;;
    --config-only) config_only=1 ;;
    -*) usage ;;
    *) break ;;
  esac
  shift
done
if [ $# -gt 1 ] || [ -z "$buildroot" ]; then usage; fi
version=$(sed -n 's/^export BR2_VERSION := //p' "$buildroot/Makefile" 2> /dev/null) ||
  fail "$buildroot is no Buildroot tree; unpack Buildroot 2025.02 there"
case $version in
  2025.02*) ;;
  *) fail "$buildroot is Buildroot ${version:-of an unknown version}; the fragments are for 2025.02" ;;
esac
for tool in make gcc g++ perl cpio rsync bc unzip patch; do
  command -v "$tool" > /dev/null || fail "$tool was not found; install the package of that name"
done

out=$(mkdir -p "${1:-$here/out/buildroot}" && cd "${1:-$here/out/buildroot}" && pwd)
mkdir -p "$out/build"
br_make() { make -C "$buildroot" BR2_EXTERNAL="$here" O="$out/build" "$@"; }

cat "${fragments[@]}" > "$out/build/asked-for.defconfig"
# warnings about options given twice are meant: a fragment may change what the defconfig says
br_make -s BR2_DEFCONFIG="$out/build/asked-for.defconfig" defconfig > "$out/build/defconfig.log" 2>&1 ||
  { tail -n 20 "$out/build/defconfig.log" >&2; fail "Buildroot did not take the configuration"; }
"$here/check-config.sh" "$out/build/.config" "${fragments[@]}" ||
  fail "Buildroot $version dropped what is named above"
# an option that Buildroot used to have is kept, but makes it refuse to build
if grep -qx 'BR2_LEGACY=y' "$out/build/.config"; then
  fail "one of the options has left Buildroot $version: see the menu \"Legacy config options\" of make -C $buildroot O=$out/build menuconfig"
fi
echo "build-buildroot: Buildroot $version keeps every option of $(basename -a "${fragments[@]}" | paste -sd ' ')"
[ -z "$config_only" ] || exit 0

br_make || fail "Buildroot stopped, as said above; after mending it, run this again and it goes on from there"
for pair in Image:Image rootfs.cpio:rootfs.cpio rootfs.ext2:test-tools.img; do
  [ -f "$out/build/images/${pair%:*}" ] || fail "Buildroot ended without $out/build/images/${pair%:*}"
done
for pair in Image:Image rootfs.cpio:rootfs.cpio rootfs.ext2:test-tools.img; do
  cp --sparse=always "$out/build/images/${pair%:*}" "$out/${pair#*:}.part"
  mv "$out/${pair#*:}.part" "$out/${pair#*:}"
done
(cd "$out" && sha256sum Image rootfs.cpio test-tools.img)
