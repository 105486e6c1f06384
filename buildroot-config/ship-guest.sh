#!/bin/bash
# ship-guest.sh [rv32|rv64] OUT - take the images of a finished build into guest/, with their manifest: of build-guest.sh --test-tools,
# or, with rv64, of debian-rv64/build-guest.sh into guest/rv64/.
# ship-guest.sh [rv32|rv64] --check OUT - only say whether OUT holds the same bytes as SHA256SUMS there.
#
# xz: one thread, CRC-32, an 8 MiB window so that a reader needs little memory; a disk that is read where it is packed has blocks
# of 1 MiB, so that any of its bytes is near. lc, lp and pb suit instructions of 4 bytes, and of 2 where they are compressed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
  echo "usage: ship-guest.sh [rv32|rv64] [--check] OUT (the folder given to build-guest.sh)" >&2
  exit 2
}

fail() {
  echo "ship-guest: $*" >&2
  exit 1
}

guest=rv32 check='' folder=$here/guest build="build-guest.sh --test-tools"
images=(Image rootfs.cpio rootfs.ext4 test-tools.img displays.cpio vmlinux {fbdraw,kmscursor,kmsdraw,kmsheads,modetest}.debug kmsdraw-stride.img)
besides=()
# what the images of each guest are packed with; the disks that are read where they are packed
lzma2=preset=9e,dict=8MiB,lc=2,lp=2,pb=2
lazily=""
if [ "${1:-}" = rv64 ]; then
  guest=rv64 folder=$here/guest/rv64 build=debian-rv64/build-guest.sh
  images=(Image-small System.map Image-stock initrd-plain.cpio initrd-stock.cpio desk.ext4)
  besides=(PACKAGES)
  lzma2=preset=9e,dict=8MiB,lc=3,lp=1,pb=1
  lazily=desk.ext4
fi
if [ "${1:-}" = rv32 ] || [ "${1:-}" = rv64 ]; then shift; fi
if [ "${1:-}" = --check ]; then check=1; shift; fi
[ $# = 1 ] || usage
for image in "${images[@]}" "${besides[@]}"; do
  [ -f "$1/$image" ] || fail "no $1/$image; run $build $1 first"
done
out=$(cd "$1" && pwd)
cd "$out"

if [ -n "$check" ]; then
  grep -v '\.xz$' "$folder/SHA256SUMS" | sha256sum -c - || fail "this build differs from the shipped guest"
  exit 0
fi

"$here/manifest.sh" inputs "$guest" | cmp -s - inputs ||
  fail "the inputs have changed since $1 was built (compare $1/inputs with manifest.sh inputs $guest); build again"
new=$folder/new.part
trap 'rm -rf "$new"' EXIT
rm -rf "$new"
mkdir -p "$new"
for image in "${images[@]}"; do
  blocks=()
  if [ "$image" = "$lazily" ]; then blocks=(--block-size=1MiB); fi
  xz --threads=1 --check=crc32 "${blocks[@]}" --lzma2="$lzma2" -c "$image" > "$new/$image.xz"
done
if [ ${#besides[@]} -gt 0 ]; then cp "${besides[@]}" "$new/"; fi
{
  sha256sum "${images[@]}"
  (cd "$new" && sha256sum "${images[@]/%/.xz}")
} > "$new/SHA256SUMS"
mv "$new"/* "$folder/"
"$here/manifest.sh" write "$guest" "$out/inputs"
rmdir "$new"
ls -l "$folder"
