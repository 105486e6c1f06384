#!/bin/bash
# ship-guest.sh OUT - take the images of a finished build-guest.sh --test-tools into guest/, with their manifest.
# ship-guest.sh --check OUT - only say whether OUT holds the same bytes as guest/SHA256SUMS.
#
# xz: one thread, fixed filter (lc and lp for 4-byte instructions), an 8 MiB window so that a reader
# needs little memory, CRC-32.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
images=(Image rootfs.cpio rootfs.ext4 test-tools.img displays.cpio)

usage() {
  echo "usage: ship-guest.sh [--check] OUT (the folder given to build-guest.sh)" >&2
  exit 2
}

fail() {
  echo "ship-guest: $*" >&2
  exit 1
}

check=
if [ "${1:-}" = --check ]; then check=1; shift; fi
[ $# = 1 ] || usage
for image in "${images[@]}"; do
  [ -f "$1/$image" ] || fail "no $1/$image; run build-guest.sh --test-tools $1 first"
done
out=$(cd "$1" && pwd)
cd "$out"

if [ -n "$check" ]; then
  grep -v '\.xz$' "$here/guest/SHA256SUMS" | sha256sum -c - || fail "this build differs from the shipped guest"
  exit 0
fi

"$here/manifest.sh" inputs | cmp -s - inputs ||
  fail "the inputs have changed since $1 was built (compare $1/inputs with manifest.sh inputs); build again"
new=$here/guest/new.part
trap 'rm -rf "$new"' EXIT
rm -rf "$new"
mkdir -p "$new"
for image in "${images[@]}"; do
  xz --threads=1 --check=crc32 --lzma2=preset=9e,dict=8MiB,lc=2,lp=2,pb=2 -c "$image" > "$new/$image.xz"
done
{
  sha256sum "${images[@]}"
  (cd "$new" && sha256sum "${images[@]/%/.xz}")
} > "$new/SHA256SUMS"
mv "$new"/* "$here/guest/"
"$here/manifest.sh" write "$out/inputs"
ls -l "$here/guest"
