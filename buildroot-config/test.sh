#!/bin/bash
# test.sh - the scripts' own tests: what drifts, is lost, missing or out of reach is named, and nothing half-made stays.
# Takes seconds, builds nothing, needs no network. Exit code 0 if all hold.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
export LC_ALL=C DEBIAN_MIRROR=http://127.0.0.1:9/debian
unset DEBIAN_SNAPSHOT DOWNLOADS KEEP_BUILD
count=0 failures=0

# a copy to spoil, new for each test
fresh() {
  rm -rf "$temp/here" "$temp/out"
  mkdir "$temp/here"
  (cd "$here" && tar c --exclude=./out --exclude='*.part' .) | tar x -C "$temp/here"
  cd "$temp/here"
}

# says NAME EXIT-CODE TEXT COMMAND... - the command ends with the exit code, and says the text
says() {
  local name=$1 code=$2 text=$3 said status=0
  shift 3
  count=$((count + 1))
  said=$("$@" 2>&1) || status=$?
  if [ "$status" = "$code" ] && [[ $said == *"$text"* ]]; then return; fi
  failures=$((failures + 1))
  printf 'FAILED: %s\n  wanted exit code %s and: %s\n  got exit code %s and: %s\n' "$name" "$code" "$text" "$status" "$said" >&2
}

holds() {
  local name=$1
  shift
  says "$name" 0 "" "$@"
}

# ---- the manifest

fresh
says "the manifest agrees with what is committed" 0 "all images are as they were shipped" ./manifest.sh check
hash=$(./manifest.sh hash)
echo "# another line" >> linux.fragment
says "a changed input is named" 1 "the input linux.fragment has changed" ./manifest.sh check
holds "a changed input changes the hash" test "$(./manifest.sh hash)" != "$hash"
fresh
rm progs/evdump.c
says "an input that is gone is named" 1 "the input progs/evdump.c is gone" ./manifest.sh check
fresh
echo "build() { true; }" > tools/another.sh
says "a new input is named" 1 "the input tools/another.sh is new" ./manifest.sh check
fresh
echo "not it" > guest/rootfs.ext4.xz
says "an image that is another is named" 1 "guest/rootfs.ext4.xz is missing, or not the one that was shipped" ./manifest.sh check
fresh
find . -exec touch {} +
holds "the time of a file does not matter" test "$(./manifest.sh hash)" = "$hash"
mkdir "$temp/out"
touch "$temp/out/"{Image,rootfs.cpio,rootfs.ext4,test-tools.img,displays.cpio,vmlinux,kmsdraw-stride.img,inputs}
touch "$temp/out/"{fbdraw,kmscursor,kmsdraw,kmsheads,modetest}.debug
says "a build of other inputs is not shipped" 1 "the inputs have changed since" ./ship-guest.sh "$temp/out"
says "a guest that nobody knows is a usage error" 2 "usage: manifest.sh" ./manifest.sh check rv128
says "a build of other bytes is told from the shipped one" 1 "differs from the shipped guest" ./ship-guest.sh --check "$temp/out"

# ---- the other guest

fresh
echo "# another line" >> debian-rv64/linux.fragment
says "a changed input of the other guest is named" 1 "the input debian-rv64/linux.fragment has changed" ./manifest.sh check rv64
holds "and it is not one of the first" ./manifest.sh check rv32
holds "but changes the hash of both" test "$(./manifest.sh hash)" != "$hash"
holds "and not that of the first" test "$(./manifest.sh hash rv32)" = "$(cd "$here" && ./manifest.sh hash rv32)"
fresh
echo "not it" > guest/rv64/desk.ext4.xz
says "an image of the other guest that is another is named" 1 "guest/rv64/desk.ext4.xz is missing, or not the one" ./manifest.sh check rv64
says "what was not built is not shipped" 1 "run debian-rv64/build-guest.sh" ./ship-guest.sh rv64 "$temp/out"
mkdir -p "$temp/stage/usr/share/x" "$temp/over/usr"
echo one > "$temp/stage/usr/share/x/one"
echo two > "$temp/stage/usr/share/x/two"
ln -s one "$temp/stage/usr/share/x/link"
ln -s usr "$temp/over/bin"
printf 'usr/share/x\n!*/two\n' > "$temp/files"
says "a file that is left out is left out" 0 "slink /usr/share/x/link one" \
  ./debian-rv64/tools/pick.py --overlay "$temp/over" "$temp/stage" "$temp/files"
printf "usr/share/x/one\nusr/share/x\n" >> "$temp/files"
holds "and nothing else, but for a folder that is named after what is in it" test "$(./debian-rv64/tools/pick.py --overlay "$temp/over" "$temp/stage" "$temp/files" | wc -l)" = 6
echo usr/bin/nothing >> "$temp/files"
says "a file that is not there is named" 1 "not there: usr/bin/nothing" ./debian-rv64/tools/pick.py "$temp/stage" "$temp/files"
says "add-tool without a tool is a usage error" 2 "usage: add-tool" ./debian-rv64/add-tool -o "$temp/x"
says "the other guest's unknown option is a usage error" 2 "usage: build-guest.sh" ./debian-rv64/build-guest.sh --no-such-option

# ---- Kconfig

printf 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="text"\n' > "$temp/config"
kept() { printf '%b' "$1" > "$temp/fragment"; ./check-config.sh "$temp/config" "$temp/fragment"; }
says "what was kept passes" 0 "" kept 'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C="text"\n# CONFIG_D is not set\n'
says "an unknown option is named" 1 "fragment asks for CONFIG_E=y, but Kconfig did not keep it" kept 'CONFIG_A=y\nCONFIG_E=y\n'
says "an option that was turned off is named" 1 "CONFIG_B=y, but it became n" kept 'CONFIG_B=y\n'
says "an option that was turned on is named" 1 "CONFIG_A=n, but it became y" kept '# CONFIG_A is not set\n'
says "another value is named" 1 'CONFIG_C="other", but it became "text"' kept 'CONFIG_C="other"\n'
says "a fragment that is not there is named" 2 "no-such-fragment cannot be read" ./check-config.sh "$temp/config" no-such-fragment
mkdir "$temp/br"
says "a folder without Buildroot is named" 1 "$temp/br is no Buildroot tree" ./build-buildroot.sh --buildroot "$temp/br" "$temp/out"
echo 'export BR2_VERSION := 2019.02' > "$temp/br/Makefile"
says "another Buildroot is named" 1 "is Buildroot 2019.02" ./build-buildroot.sh --buildroot "$temp/br" "$temp/out"

# ---- the build: a PATH with stand-ins for what this machine may lack, which is never come to

mkdir "$temp/path"
for tool in bc bison flex rsync dpkg-source meson ninja mke2fs debugfs depmod modprobe riscv64-linux-gnu-gcc \
  riscv64-unknown-elf-gcc riscv64-linux-gnu-readelf; do
  printf '#!/bin/sh\nexit 1\n' > "$temp/path/$tool"
  chmod +x "$temp/path/$tool"
done
stood_in() { PATH=$temp/path:$PATH "$@"; }
nothing_left() { [ -z "$(find "$temp/out" -mindepth 1 ! -path "$temp/out/downloads" ! -path "$temp/out/failed-logs*")" ]; }

fresh
sed -i 's/check_commands gcc:gcc/check_commands no-such-tool:no-such-package gcc:gcc/' steps/tools.sh
says "a missing host tool is named" 1 "no-such-package" stood_in ./build-guest.sh "$temp/out"
holds "and nothing is left" nothing_left
fresh
echo 'needs=no-such-tool:no-such-package' > tools/another.sh
says "a host tool that a recipe misses is named" 1 "no-such-package" stood_in ./build-guest.sh --test-tools "$temp/out"
fresh
says "a download that fails is named" 1 "cannot download pool/main/l/linux/linux-source" stood_in ./build-guest.sh "$temp/out"
holds "and nothing is left of it" nothing_left
fresh
mkdir -p "$temp/out/downloads"
echo "a source" > "$temp/out/downloads/musl_1.dsc"
echo "$(sha256sum < "$temp/out/downloads/musl_1.dsc" | cut -d ' ' -f 1)  pool/main/m/musl/musl_1.dsc" > sources.lock
says "a source that is there is not fetched again, though its list is newer" 1 "unpacking musl failed" \
  stood_in ./build-guest.sh "$temp/out"
echo "changed" > "$temp/out/downloads/musl_1.dsc"
says "unless it is another" 1 "cannot download pool/main/m/musl/musl_1.dsc" stood_in ./build-guest.sh "$temp/out"
says "a folder that the kernel cannot be built in is named" 1 "a blank or colon in its path" \
  stood_in ./build-guest.sh "$temp/out/a b"
says "an unknown option is a usage error" 2 "usage: build-guest.sh" ./build-guest.sh --no-such-option

fresh
sed -i 's/check_commands gcc:gcc/check_commands no-such-tool:no-such-package gcc:gcc/' debian-rv64/steps/host.sh
says "a host tool that the other guest misses is named" 1 "no-such-package" stood_in ./debian-rv64/build-guest.sh "$temp/out64"
fresh
sed -i 's/^most_mib=.*/most_mib=999999999/' debian-rv64/steps/host.sh
says "a disk that is too full is named" 1 "a build takes 999999999 MiB" stood_in ./debian-rv64/build-guest.sh "$temp/out64"
says "a tool that is no program is named" 1 "./lint.sh is no program for RISC-V" \
  stood_in ./debian-rv64/add-tool --disk ./lint.sh ./lint.sh
says "a tool that is not there is named" 1 "there is no program ./nothing" \
  stood_in ./debian-rv64/add-tool --disk ./lint.sh ./nothing

# ---- the guest's environment

# shellcheck disable=SC2016  # for the inner shell to expand
says "local-env.sh adds its folders once" 0 "/usr/local/bin:/bin /usr/local/lib" \
  env -u LD_LIBRARY_PATH PATH=/bin sh -c '. ./tools-rootfs/root/local-env.sh; . ./tools-rootfs/root/local-env.sh; echo "$PATH $LD_LIBRARY_PATH"'

echo "test: $count checks, $failures failed"
[ "$failures" = 0 ]
