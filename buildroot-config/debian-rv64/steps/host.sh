# host.sh - is everything here that a build needs?
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

# 4.2 GB is what a build has been seen to take, downloads included.
most_mib=5120

check_host() {
  PATH=$PATH:/sbin:/usr/sbin
  check_commands gcc:gcc make:make bc:bc bison:bison flex:flex xz:xz-utils dpkg-deb:dpkg python3:python3 depmod:kmod \
    modprobe:kmod mke2fs:e2fsprogs debugfs:e2fsprogs e2fsck:e2fsprogs riscv64-linux-gnu-gcc:gcc-riscv64-linux-gnu
  [ -x /usr/lib/apt/apt-helper ] || missing+=(apt)
  echo '#include <stdio.h>' | gcc -E - > /dev/null 2>&1 || missing+=(libc6-dev)
  [ ${#missing[@]} = 0 ] ||
    fail "missing host tools; as root: apt-get install --no-install-recommends $(printf '%s\n' "${missing[@]}" | sort -u | tr '\n' ' ')"
  case $out in
    *[[:space:]:]*) fail "the kernel cannot be built in a folder with a blank or colon in its path; choose another than $out" ;;
  esac
  local mib=$(($(free_kib) / 1024))
  [ "$mib" -ge "$most_mib" ] || fail "the disk that holds $out is too full: a build takes $most_mib MiB, and $mib MiB are free"
  "$shared/manifest.sh" check-host || echo "build-guest: so the images may differ from the shipped ones; building all the same"
}
