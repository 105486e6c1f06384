#!/bin/bash
# manifest.sh - what the shipped guest was made of, and whether that is still what lies here.
#
#   manifest.sh check           compare guest/MANIFEST with the inputs and with the images in guest/; each that has
#                               drifted is named, and the exit code is 1
#   manifest.sh hash            one SHA-256 for all inputs as they are now: the key under which CI keeps the images
#   manifest.sh inputs          the inputs as they are now: SHA-256 and path of each
#   manifest.sh check-host      compare this machine's packages with host.lock
#   manifest.sh write INPUTS    write guest/MANIFEST, from a list of inputs and from guest/SHA256SUMS (ship-guest.sh does)
#
# An input is whatever decides the images' bytes: fragments, scripts, overlays, programs, and the versions of sources
# (sources.lock, tools/) and of the host's packages (host.lock).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "$here"
export LC_ALL=C
manifest=guest/MANIFEST

fail() {
  echo "manifest: $*" >&2
  exit 1
}

# "SHA256  NAME" of each file; macOS has its own command for it
sums() { if command -v sha256sum > /dev/null; then sha256sum "$@"; else shasum -a 256 "$@"; fi; }

inputs() {
  find build-guest.sh check-config.sh steps sources.lock host.lock linux.fragment busybox.fragment rootfs progs tools \
    tools-rootfs displays-rootfs -type f | sort | while read -r file; do sums "$file"; done
}

hash_of() { cut -d ' ' -f 1 <<< "$(sums)"; }

check() {
  local drift=0 kind sum name now
  [ -f "$manifest" ] || fail "there is no buildroot-config/$manifest; ship-guest.sh writes it"
  declare -A live known
  while read -r sum name; do live[$name]=$sum; done < <(inputs)
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
        case $name in
          *.xz) now=$(sums "guest/$name" 2> /dev/null | cut -d ' ' -f 1) || now= ;;
          *) now=$(xz -dc "guest/$name.xz" 2> /dev/null | sums | cut -d ' ' -f 1) || now= ;;
        esac
        if [ "$now" != "$sum" ]; then
          echo "manifest: guest/${name%.xz}.xz is missing, or not the one that was shipped ($name differs)" >&2
          drift=1
        fi
        ;;
    esac
  done < "$manifest"
  for name in $(printf '%s\n' "${!live[@]}" | sort); do
    if [ -z "${known[$name]:-}" ]; then
      echo "manifest: the input $name is new since the guest was shipped" >&2
      drift=1
    fi
  done
  [ "$drift" = 0 ] ||
    fail "inputs and images are not of the same make; build-guest.sh --test-tools OUT and ship-guest.sh OUT bring them together"
  echo "manifest: ${#known[@]} inputs and all images are as they were shipped"
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

write() {
  {
    echo "# MANIFEST - written by ship-guest.sh, compared by manifest.sh check: what the images in this folder were made of"
    echo "inputs $(hash_of < "$1")"
    sed 's/^/input /' "$1"
    sed 's/^/output /' guest/SHA256SUMS
  } > "$manifest.part"
  mv "$manifest.part" "$manifest"
}

case ${1:-} in
  check) check ;;
  hash) inputs | hash_of ;;
  inputs) inputs ;;
  check-host) check_host ;;
  write) [ $# = 2 ] || fail "usage: manifest.sh write INPUTS"; write "$(cd "$OLDPWD" && realpath "$2")" ;;
  *)
    echo "usage: manifest.sh check|hash|inputs|check-host|write INPUTS" >&2
    exit 2
    ;;
esac
