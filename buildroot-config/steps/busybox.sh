# busybox.sh - allnoconfig, then our options, then let oldconfig settle the rest
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

busybox_make() { make -s -C "$src/busybox" O="$work/busybox" CROSS_COMPILE="$cross-" "$@"; }

build_busybox() {
  mkdir "$work/busybox"
  logged busybox "configuring busybox" busybox_make allnoconfig
  sed -n 's/^\(CONFIG_[A-Z0-9_]*\)=.*/\1/p' "$here/busybox.fragment" > "$work/busybox.keys"
  grep -vwFf "$work/busybox.keys" "$work/busybox/.config" > "$work/busybox.base"
  cat "$work/busybox.base" "$here/busybox.fragment" > "$work/busybox/.config"
  logged busybox "configuring busybox" busybox_make oldconfig < <(yes '' 2> /dev/null)
  check_kconfig "$here/busybox.fragment" "$work/busybox/.config"
  logged busybox "building busybox" busybox_make "$jobs" busybox
}
