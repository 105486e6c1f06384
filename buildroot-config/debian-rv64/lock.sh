#!/bin/bash
# lock.sh - write sources.lock anew: the newest versions of what packages names, of everything that it depends on, and of the kernel,
# in Debian's archive for riscv64. Downloads the archive's list, and nothing else.
#
# Environment: DEBIAN_MIRROR  archive to ask (the one apt uses)
#              SUITE          release of Debian (trixie)
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export LC_ALL=C
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# shellcheck source=steps/archive.sh
. "$here/steps/archive.sh"

open_archive "$work/apt" "${SUITE:-trixie}"
mapfile -t packages < <(grep -v '^#' "$here/packages")
kernel=$(dependency linux-image-riscv64 linux-image-)
source=$(dependency linux-source linux-source-)
{
  echo "# sources.lock - every file the guest is built from: SHA-256 and path in a Debian archive. Written by lock.sh."
  { files_of_closure "${packages[@]}"; files_of "$kernel" "$source"; } | sort -u -k 2
} > "$work/sources.lock"
mv "$work/sources.lock" "$here/sources.lock"
echo "lock: $(grep -vc '^#' "$here/sources.lock") files, kernel ${kernel#linux-image-}"
