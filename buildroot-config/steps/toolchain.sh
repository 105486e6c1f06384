# toolchain.sh - a static riscv32-linux-musl compiler made of Debian's riscv64 one
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables
#
# Debian has no 32-bit RISC-V C library.  musl is built here; libgcc for rv32im/ilp32 comes with the
# bare-metal compiler; a specs file points Debian's riscv64 Linux compiler at the two.

target=(-march=rv32ima_zicsr_zifencei -mabi=ilp32 -fno-pie -no-pie -fno-unwind-tables -fno-asynchronous-unwind-tables
  -ffunction-sections -fdata-sections "-ffile-prefix-map=$work=.")

build_toolchain() {
  local libgcc
  libgcc=$(riscv64-unknown-elf-gcc -march=rv32im -mabi=ilp32 -print-libgcc-file-name)
  [ -f "$libgcc" ] || fail "riscv64-unknown-elf-gcc has no libgcc for rv32im/ilp32"
  mkdir "$work/musl" "$sysroot/bin"
  cd "$work/musl" || fail "cannot enter $work/musl"
  logged musl "configuring musl" ../src/musl/configure --target=riscv32-linux-musl --prefix="$sysroot" \
    --disable-shared --enable-wrapper=no CC="riscv64-linux-gnu-gcc ${target[*]}" \
    AR=riscv64-linux-gnu-ar RANLIB=riscv64-linux-gnu-ranlib LIBCC="$libgcc" CFLAGS=-Os
  logged musl "building musl" make -s "$jobs" install
  cd "$work" || fail "cannot enter $work"
  cp "$libgcc" "$sysroot/lib/"
  write_specs
  printf '#!/bin/sh\nexec riscv64-linux-gnu-gcc %s -specs=%s -static "$@"\n' \
    "${target[*]}" "$sysroot/rv32.specs" > "$cross-gcc"
  chmod +x "$cross-gcc"
  local tool
  for tool in ar nm strip objcopy objdump ranlib ld; do
    ln -s "$(command -v "riscv64-linux-gnu-$tool")" "$cross-$tool"
  done
}

# *lib without the -latomic that gcc adds to -pthread on RISC-V
write_specs() {
  cat > "$sysroot/rv32.specs" <<SPECS
%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem $sysroot/include -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem $sysroot/include -isystem include%s

*link_libgcc:
-L$sysroot/lib

*libgcc:
$sysroot/lib/libgcc.a

*lib:
-lc

*startfile:
$sysroot/lib/crt1.o $sysroot/lib/crti.o

*endfile:
$sysroot/lib/crtn.o

*link:
-melf32lriscv_ilp32 -static -nostdlib --build-id=none

SPECS
}
