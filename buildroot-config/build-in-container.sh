#!/bin/bash
# build-in-container.sh [rv32|rv64] [OUT [DOWNLOADS]] - build-guest.sh --test-tools, or debian-rv64/build-guest.sh, in a Debian 12
# container, for hosts that are not Debian 12 themselves. OUT defaults to ./out, DOWNLOADS, the folder of source files, to
# OUT/downloads. Needs docker, or another program that takes the same words, named in CONTAINER.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
container=${CONTAINER:-docker}

guest=rv32 packages=() build=(build-guest.sh --test-tools)
if [ "${1:-}" = rv32 ] || [ "${1:-}" = rv64 ]; then
  guest=$1
  shift
fi
if [ "$guest" = rv64 ]; then
  packages=(kmod)
  build=(debian-rv64/build-guest.sh)
fi

if [ "${1:-}" = --inside ]; then
  apt-get -qq update
  apt-get -qq install -y --no-install-recommends apt bc bison bzip2 ca-certificates dpkg-dev e2fsprogs flex gcc \
    gcc-riscv64-linux-gnu gcc-riscv64-unknown-elf libc6-dev make meson ninja-build patch python3 rsync xz-utils "${packages[@]}" > /dev/null
  status=0
  DOWNLOADS=/downloads "$here/${build[0]}" "${build[@]:1}" /out || status=$?
  # what root made here belongs to whoever called
  chown -R "$2" /out /downloads
  exit "$status"
fi

if [ $# -gt 2 ] || [[ ${1:-} == -* ]]; then
  echo "usage: build-in-container.sh [rv32|rv64] [OUT [DOWNLOADS]]" >&2
  exit 2
fi
command -v "$container" > /dev/null ||
  { echo "build-in-container: $container was not found; install it, or name another in CONTAINER" >&2; exit 1; }
out=$(mkdir -p "${1:-out}" && cd "${1:-out}" && pwd)
downloads=$(mkdir -p "${2:-$out/downloads}" && cd "${2:-$out/downloads}" && pwd)
exec "$container" run --rm -v "$here:/buildroot-config:ro" -v "$out:/out" -v "$downloads:/downloads" debian:12 \
  /buildroot-config/build-in-container.sh "$guest" --inside "$(id -u):$(id -g)"
