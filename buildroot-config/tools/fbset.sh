# fbset.sh - show and change the frame buffer's mode: fbset 2.1 as Debian has it, without Debian's patches (they are for
# other kernels and for Debian's boot scripts); GPL, no version named
# shellcheck shell=bash disable=SC2034,SC2154  # a recipe, run by steps/test-tools.sh, which sets the variables
#
# In the guest: . /root/local-env.sh; fbset -i   (busybox has a smaller one of the same name in /bin)

sources='
517fa062d7b2d367f931a1c6ebb2bef84907077f0ce3f0c899e34490bbea9338  pool/main/f/fbset/fbset_2.1.orig.tar.gz
'

build() {
  tar xf "$(locked 'fbset_.*\.orig\.tar\.gz')" -C "$tool_src" --strip-components=1 || fail "unpacking fbset failed"
  logged "$tool" "building fbset" make -s -C "$tool_src" CC="$cross-gcc -Os -w -I. -include linux/types.h -ffile-prefix-map=$work=." fbset
  cp "$tool_src/fbset" "$overlay/usr/local/bin/"
}
