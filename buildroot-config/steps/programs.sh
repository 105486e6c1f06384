# programs.sh - libdrm with its test programs, and everything in progs/; of those that draw, NAME.debug with symbols and DWARF
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
    --buildtype=minsize -Ddebug=true -Ddefault_library=static -Dtests=true -Dudev=false \
    -Dc_link_args=-Wl,--gc-sections "${options[@]}"
  logged libdrm "building libdrm" ninja "$jobs" -C "$work/libdrm"
}

# what goes to displays.cpio and nowhere else: the other images keep their bytes, which recordings name
displays_programs=(kmsheads)

# those of which people want to know the line that drew a pixel
debug_programs=(fbdraw kmscursor kmsdraw kmsheads modetest)

# compile_program FOLDER NAME PROGRAM - FOLDER/progs/NAME.c; debuggers are told of ./progs/NAME.c, wherever that is
compile_program() {
  logged programs "compiling $2.c" "$cross-gcc" -g \
    -std=gnu11 -Os -Wall -Wextra -Werror -Wl,--gc-sections "-ffile-prefix-map=$1=." \
    -I"$src/libdrm" -I"$src/libdrm/include/drm" "$1/progs/$2.c" -o "$3" "$work/libdrm/libdrm.a" -lm
}

# stage: all binaries that go to /bin; stage-displays: those of displays.cpio
build_programs() {
  local source program
  mkdir -p "$work/stage" "$work/stage-displays" "$work/ours/progs"
  cp "$here"/progs/*.c "$work/ours/progs/"
  cp "$work"/libdrm/tests/{modetest/modetest,modeprint/modeprint,proptest/proptest,vbltest/vbltest} \
    "$work/busybox/busybox" "$work/stage/"
  for source in "$work"/ours/progs/*.c; do
    program=$(basename "$source" .c)
    compile_program "$work/ours" "$program" "$work/stage/$program"
  done
  # as linked: stripping takes the symbols away and leaves all else, byte for byte
  for program in "${debug_programs[@]}"; do cp "$work/stage/$program" "$result/$program.debug"; done
  logged programs "stripping" "$cross-strip" "$work"/stage/*
  for program in "${displays_programs[@]}"; do mv "$work/stage/$program" "$work/stage-displays/"; done
}

# kmsdraw-stride.img: kmsdraw with a fault, for docs/DEBUGGING.md. The program, with its DWARF, is the whole disk:
# "cat /dev/vda > /tmp/kmsdraw" has it in the guest, whose images stay as they are.
build_faulty_program() {
  mkdir -p "$work/faulty/progs"
  cp "$here/progs/kmsdraw.c" "$work/faulty/progs/"
  logged programs "applying kmsdraw-stride.patch" patch -d "$work/faulty" -p1 -i "$here/progs/faults/kmsdraw-stride.patch"
  compile_program "$work/faulty" kmsdraw "$result/kmsdraw-stride.img"
  truncate -s %4096 "$result/kmsdraw-stride.img"
}
