# tools.sh - name every missing host tool at once, with the Debian packages that bring them
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

missing=()

check_tools() {
  PATH=$PATH:/sbin:/usr/sbin
  check_commands gcc:gcc make:make patch:patch bc:bc bison:bison flex:flex xz:xz-utils bzip2:bzip2 rsync:rsync \
    dpkg-source:dpkg-dev dpkg-deb:dpkg python3:python3 meson:meson ninja:ninja-build \
    mke2fs:e2fsprogs debugfs:e2fsprogs \
    riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu riscv64-unknown-elf-gcc:gcc-riscv64-unknown-elf
  if [ -n "$with_test_tools" ]; then
    # shellcheck disable=SC2046  # a list of words
    check_commands $(with_each_tool echo_needs)
  fi
  [ -x /usr/lib/apt/apt-helper ] || missing+=(apt)
  echo '#include <stdio.h>' | gcc -E - > /dev/null 2>&1 || missing+=(libc6-dev)
  [ ${#missing[@]} = 0 ] ||
    fail "missing host tools; as root: apt-get install --no-install-recommends $(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')"
  "$here/manifest.sh" check-host || echo "build-guest: so the images may differ from the shipped ones; building all the same"
}

# check_commands COMMAND:PACKAGE... - note the packages of those that are missing
check_commands() {
  local pair
  for pair in "$@"; do
    command -v "${pair%%:*}" > /dev/null || missing+=("${pair#*:}")
  done
}
