# sdl12.sh - SDL 1.2 for the frame buffer, and its test programs: Debian's libsdl1.2 1.2.15+dfsg2-8, LGPL-2.1-or-later
# (the tests are in the public domain)
# shellcheck shell=bash disable=SC2034,SC2154  # a recipe, run by steps/test-tools.sh, which sets the variables
#
# In the guest: . /root/local-env.sh; cd /usr/local/share/sdl12; testsprite -width 640 -height 480 -bpp 32
# SDL_VIDEODRIVER and SDL_NOMOUSE need not be set: fbcon is the only driver built in, and does without gpm.

sources='
ff6cf187235703226f91af9d636255c5d7141bf1a693aa37293ceeb11430cc33  pool/main/libs/libsdl1.2/libsdl1.2_1.2.15+dfsg2-8.dsc
ec4d5ea4714b92f840aafcf8c759cf7914827f632e19f42b18ba6f6489f0f5e9  pool/main/libs/libsdl1.2/libsdl1.2_1.2.15+dfsg2.orig.tar.gz
f1e294c33ad395f3b0dc473ff33b84405ac7fc465e3c9d2a25fee576a96e9fc7  pool/main/libs/libsdl1.2/libsdl1.2_1.2.15+dfsg2-8.debian.tar.xz
4d66dcb9c312566f1ca8d46ef0fb06fa4d4786c20b072c81f9d313b64ef981d0  pool/main/a/autotools-dev/autotools-dev_20220109.1_all.deb
'

# Those that show something or can be read on the console. The rest wants sound, OpenGL, joysticks or CD drives.
sdl_tests=(checkkeys graywin testalpha testbitmap testblitspeed testcursor testgamma testkeys testoverlay testoverlay2
  testpalette testplatform testsprite testtimer testver testvidinfo testwin testwm threadwin)

build() {
  local sdl=$tool_src/sdl part options=() test tests=$overlay/usr/local/share/sdl12
  logged "$tool" "unpacking SDL" dpkg-source --no-check -x "$(locked 'libsdl1.2_.*\.dsc')" "$sdl"
  # config.sub of 2012 does not know riscv32
  dpkg-deb --fsys-tarfile "$(locked 'autotools-dev_.*\.deb')" |
    tar x -C "$sdl/build-scripts" --strip-components=4 ./usr/share/misc/config.sub ./usr/share/misc/config.guess ||
    fail "unpacking config.sub failed"
  for part in shared video-x11 video-opengl audio joystick cdrom loadso assembly rpath; do
    options+=("--disable-$part")
  done
  cd "$tool_build" || fail "cannot enter $tool_build"
  # no build path may reach the programs
  logged "$tool" "configuring SDL" "$sdl/configure" --host=riscv32-linux-musl CC="$cross-gcc" AR="$cross-ar" \
    RANLIB="$cross-ranlib" CFLAGS="-Os -ffile-prefix-map=$work=." --prefix=/usr/local --enable-static \
    --enable-video-fbcon "${options[@]}"
  logged "$tool" "building SDL" make -s "$jobs" DESTDIR="$tool_build/sdl" install-hdrs install-lib
  mkdir -p "$tests"
  for test in "${sdl_tests[@]}"; do
    logged "$tool" "compiling $test" "$cross-gcc" -Os -w -D_GNU_SOURCE=1 "-ffile-prefix-map=$work=." \
      -I"$tool_build/sdl/usr/local/include/SDL" "$sdl/test/$test.c" -o "$overlay/usr/local/bin/$test" \
      "$tool_build/sdl/usr/local/lib/libSDL.a" -lm
  done
  cp "$sdl"/test/*.bmp "$sdl/test/picture.xbm" "$tests/"
}
