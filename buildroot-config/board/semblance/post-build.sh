#!/bin/sh
# post-build.sh TARGET - Buildroot runs it before it makes the images: the files both guests share, and what of the
# fragments the kernel and BusyBox kept.
set -eu
board=$(cd "$(dirname "$0")" && pwd)
home=$(cd "$board/../.." && pwd)
target=$1

install -D -m 755 "$home/rootfs/etc/rcS" "$target/etc/rcS"
install -D -m 644 "$home/rootfs/etc/profile" "$target/etc/profile"
for file in "$home"/rootfs/bin/*; do
  install -D -m 755 "$file" "$target/bin/${file##*/}"
done

# BUILD_DIR and BR2_CONFIG come from Buildroot; a version stands in each folder's name
set -- "$home/linux.fragment" "$board/linux.fragment"
if grep -q 'board/semblance/linux-x11.fragment' "$BR2_CONFIG"; then
  set -- "$@" "$board/linux-x11.fragment"
fi
for config in "$BUILD_DIR"/linux-[0-9]*/.config; do
  "$home/check-config.sh" "$config" "$@"
done
for config in "$BUILD_DIR"/busybox-[0-9]*/.config; do
  "$home/check-config.sh" "$config" "$board/busybox.fragment" "$home/busybox.fragment"
done
