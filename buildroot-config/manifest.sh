#!/bin/bash
# manifest.sh - what the shipped guests were made of, and whether that is still what lies here. There are two: rv32, made by
# build-guest.sh and shipped in guest/, and rv64, made by debian-rv64/build-guest.sh and shipped in guest/rv64/.
#
#   manifest.sh check [GUEST]   compare each MANIFEST with the inputs and with the images; each that has drifted is named,
#                               and the exit code is 1
#   manifest.sh hash [GUEST]    one SHA-256 for all inputs as they are now: the key under which CI keeps the images
#   manifest.sh inputs [GUEST]  the inputs as they are now: SHA-256 and path of each; of rv32 if nothing is said
#   manifest.sh check-host      compare this machine's packages with host.lock
#   manifest.sh write GUEST INPUTS
#                               write the guest's MANIFEST, from a list of inputs and from its SHA256SUMS (ship-guest.sh does)
#
# An input is whatever decides the images' bytes: fragments, scripts, overlays, programs, and the versions of sources
# (sources.lock, tools/) and of the host's packages (host.lock).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"
export LC_ALL=C
guests="rv32 rv64"

fail() {
  echo "manifest: $*" >&2
  exit 1
}

# "SHA256  NAME" of each file; macOS has its own command for it
sums() { if command -v sha256sum > /dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

folder_of() { if [ "$1" = rv32 ]; then echo guest; else echo "guest/$1"; fi; }

# inputs GUEST...
inputs() {
  local guest
  for guest in "$@"; do "inputs_of_$guest"; done | sort -u | while read -r file; do sums "$file"; done
}

inputs_of_rv32() {
  find build-guest.sh check-config.sh steps sources.lock host.lock linux.fragment busybox.fragment rootfs progs tools \
    tools-rootfs displays-rootfs -type f
}

# with those steps of the other guest that it takes
inputs_of_rv64() {
  find debian-rv64 -path debian-rv64/out -prune -o -type f ! -name README.md ! -name add-tool -print
  printf '%s\n' check-config.sh host.lock steps/{common,images,sources,tools}.sh
}

hash_of() { cut -d ' ' -f 1 <<< "$(sums)"; }

# check GUEST - one guest
check() {
  local guest=$1 folder drift=0 images=0 kind sum name now build=build-guest.sh ship=ship-guest.sh
  folder=$(folder_of "$guest")
  if [ "$guest" = rv32 ]; then build="build-guest.sh --test-tools"; else build="debian-$guest/build-guest.sh" ship+=" $guest"; fi
  [ -f "$folder/MANIFEST" ] || fail "there is no buildroot-config/$folder/MANIFEST; ship-guest.sh writes it"
  declare -A live=() known=()
  while read -r sum name; do live[$name]=$sum; done < <(inputs "$guest")
  while read -r kind sum name; do
    case $kind in
      input)
        known[$name]=$sum
        if [ -z "${live[$name]:-}" ]; then
          echo "manifest: the input $name is gone" >&2
          drift=1
        elif [ "${live[$name]}" != "$sum" ]; then
          echo "manifest: the input $name has changed since the guest was shipped" >&2
          drift=1
        fi
        ;;
      output)
        images=$((images + 1))
        case $name in
          *.xz) now=$(sums "$folder/$name" 2> /dev/null | cut -d ' ' -f 1) || now= ;;
          *) now=$(xz -dc "$folder/$name.xz" 2> /dev/null | sums | cut -d ' ' -f 1) || now= ;;
        esac
        if [ "$now" != "$sum" ]; then
          echo "manifest: $folder/${name%.xz}.xz is missing, or not the one that was shipped ($name differs)" >&2
          drift=1
        fi
        ;;
    esac
  done < "$folder/MANIFEST"
  for name in $(printf '%s\n' "${!live[@]}" | sort); do
    if [ -z "${known[$name]:-}" ]; then
      echo "manifest: the input $name is new since the guest was shipped" >&2
      drift=1
    fi
  done
  [ "$drift" = 0 ] ||
    fail "inputs and images of $guest are not of the same make; $build OUT and $ship OUT bring them together"
  echo "manifest: $guest: ${#known[@]} inputs and all images are as they were shipped"
}

check_host() {
  local package version installed drift=0
  while read -r package version; do
    installed=$(dpkg-query -W -f '${Version}' "$package" 2> /dev/null) || installed=
    if [ "$installed" != "$version" ]; then
      echo "manifest: the host's $package is ${installed:-not installed}, host.lock names $version" >&2
      drift=1
    fi
  done < <(grep -v '^#' host.lock)
  return "$drift"
}

# write GUEST INPUTS
write() {
  local folder
  folder=$(folder_of "$1")
  {
    echo "# MANIFEST - written by ship-guest.sh, compared by manifest.sh check: what the images in this folder were made of"
    echo "inputs $(hash_of < "$2")"
    sed 's/^/input /' "$2"
    sed 's/^/output /' "$folder/SHA256SUMS"
  } > "$folder/MANIFEST.part"
  mv "$folder/MANIFEST.part" "$folder/MANIFEST"
}

usage() {
  echo "usage: manifest.sh check|hash|inputs [rv32|rv64], manifest.sh check-host, manifest.sh write rv32|rv64 INPUTS" >&2
  exit 2
}

command=${1:-}
guest=${2:-$guests}
[[ " rv32 rv64 $guests " == *" $guest "* ]] || usage
# shellcheck disable=SC2086  # one guest, or both
case $command in
  check) for each in $guest; do (check "$each"); done ;;
  hash) inputs $guest | hash_of ;;
  inputs) inputs "${2:-rv32}" ;;
  check-host) check_host ;;
  write) [ $# = 3 ] || usage; write "$guest" "$(cd "$OLDPWD" && realpath "$3")" ;;
  *) usage ;;
esac
