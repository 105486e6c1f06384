# programs.sh - libdrm with its test programs, and everything in progs/
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

build_libdrm() {
  local part options=()
  for part in intel radeon amdgpu nouveau vmwgfx freedreno vc4 etnaviv cairo-tests man-pages valgrind; do
    options+=("-D$part=disabled")
  done
  cat > "$work/rv32.meson" <<MESON
[binaries]
c = '$cross-gcc'
ar = '$cross-ar'
strip = '$cross-strip'
pkg-config = 'false'
[host_machine]
system = 'linux'
cpu_family = 'riscv32'
cpu = 'rv32ima'
endian = 'little'
MESON
  logged libdrm "configuring libdrm" meson setup "$work/libdrm" "$src/libdrm" --cross-file "$work/rv32.meson" \
    --buildtype=minsize -Ddefault_library=static -Dtests=true -Dudev=false \
    -Dc_link_args=-Wl,--gc-sections "${options[@]}"
  logged libdrm "building libdrm" ninja "$jobs" -C "$work/libdrm"
}

# what goes to displays.cpio and nowhere else: the other images keep their bytes, which recordings name
displays_programs=(kmsheads)

# stage: all binaries that go to /bin; stage-displays: those of displays.cpio
build_programs() {
  local source program
  mkdir "$work/stage" "$work/stage-displays"
  cp "$work"/libdrm/tests/{modetest/modetest,modeprint/modeprint,proptest/proptest,vbltest/vbltest} \
    "$work/busybox/busybox" "$work/stage/"
  for source in "$here"/progs/*.c; do
    logged programs "compiling $(basename "$source")" "$cross-gcc" \
      -std=gnu11 -Os -Wall -Wextra -Werror -Wl,--gc-sections "-ffile-prefix-map=$here=." \
      -I"$src/libdrm" -I"$src/libdrm/include/drm" "$source" -o "$work/stage/$(basename "$source" .c)" "$work/libdrm/libdrm.a" -lm
  done
  logged programs "stripping" "$cross-strip" "$work"/stage/*
  for program in "${displays_programs[@]}"; do mv "$work/stage/$program" "$work/stage-displays/"; done
}
