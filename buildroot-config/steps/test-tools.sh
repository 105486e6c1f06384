# test-tools.sh - the disk with the heavier display tools: every recipe in tools/, staged over the root file system
# shellcheck shell=bash disable=SC2030,SC2031,SC2034,SC2154,SC2317  # a part of build-guest.sh; recipes run in subshells
#
# A recipe, tools/NAME.sh, says what it is made of and how:
#   sources='SHA256 PATH...'  lines as in sources.lock
#   needs='COMMAND:PACKAGE..' host tools besides those of the guest itself
#   build() { ... }           unpacks into $tool_src, works in $tool_build, installs into $overlay/usr/local
# with $cross-gcc for the compiler, locked PATTERN for a source file, and logged "$tool" WHAT COMMAND... for what is noisy.

overlay=$work/overlay
tools_disk_most=192   # MiB; a download, a cache and a memory must hold it

# with_each_tool COMMAND... - run it for every recipe, with the recipe's variables and functions, in a shell of its own
with_each_tool() {
  local recipe
  for recipe in "$here"/tools/*.sh; do
    (
      tool=$(basename "$recipe" .sh)
      tool_src=$src/tools/$tool
      tool_build=$work/tools/$tool
      sources='' needs=''
      build() { fail "$recipe has no build function"; }
      # shellcheck disable=SC1090  # any recipe
      . "$recipe"
      "$@"
    )
  done
}

echo_needs() { echo "$needs"; }

fetch_tool() { fetch_sources <<< "$sources"; }

build_tool() {
  mkdir -p "$tool_src" "$tool_build"
  build
}

build_test_tools() {
  local file
  mkdir -p "$overlay/usr/local/bin" "$overlay/usr/local/lib"
  cp -r "$here/tools-rootfs/." "$overlay/"
  with_each_tool build_tool
  for file in "$overlay"/usr/local/bin/*; do
    if is_elf "$file"; then logged programs "stripping ${file##*/}" "$cross-strip" "$file"; fi
  done
}

is_elf() { [ "$(head -c 4 "$1" | od -An -tx1)" = " 7f 45 4c 46" ]; }

# The root file system's list, and after it the overlay's: what both name is taken from the overlay.
make_tools_disk() {
  local list=$work/test-tools.list blocks mib
  tools_list > "$list"
  # A block for each file's last bytes and for each directory, a third more for the file system, 4 MiB for the guest.
  blocks=$(while read -r kind _ from _; do
    case $kind in
      file) echo $((($(stat -c %s "$from") + 4095) / 4096 + 1)) ;;
      *) echo 1 ;;
    esac
  done < "$list" | awk '{ sum += $1 } END { print sum }')
  mib=$((blocks * 4 / 3 / 256 + 5))
  [ "$mib" -le "$tools_disk_most" ] ||
    fail "the test tools need a disk of $mib MiB, more than the $tools_disk_most MiB that test-tools.img may have; take a recipe out of tools/"
  write_disk "$list" test-tools.img "${mib}M" 1024 tools 5e3b1a9c-0000-4000-8000-746f6f6c7321
}

tools_list() {
  local path mode
  (cd "$overlay" && find . -mindepth 1 -type d | sort) | while read -r path; do
    echo "dir ${path#.} 0755 0 0"
  done > "$work/overlay.list"
  (cd "$overlay" && find . -type f | sort) | while read -r path; do
    case $path in
      ./bin/* | ./sbin/* | ./usr/local/bin/*) mode=0755 ;;
      *) mode=0644 ;;
    esac
    echo "file ${path#.} $overlay${path#.} $mode 0 0"
  done >> "$work/overlay.list"
  awk 'NR == FNR { ours[$2] = 1; next } $1 == "dir" || !($2 in ours)' "$work/overlay.list" "$work/rootfs.list"
  awk 'NR == FNR { theirs[$2] = 1; next } !($1 == "dir" && ($2 in theirs))' "$work/rootfs.list" "$work/overlay.list"
}
