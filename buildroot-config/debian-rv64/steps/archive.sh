# archive.sh - asks a Debian archive for riscv64 packages, in a database of its own: the host's packages are not touched
# shellcheck shell=bash

# open_archive FOLDER SUITE - downloads the archive's list into FOLDER
open_archive() {
  archive=$1
  local mirror=${DEBIAN_MIRROR:-}
  [ -n "$mirror" ] || mirror=$(sed -n 's/^URIs: *\([^ ]*\).*/\1/p' /etc/apt/sources.list.d/*.sources 2> /dev/null | head -n 1)
  [ -n "$mirror" ] || { echo "no Debian mirror is configured on this machine; name one in DEBIAN_MIRROR" >&2; exit 1; }
  mkdir -p "$archive/lists/partial" "$archive/cache/archives/partial"
  echo "deb [arch=riscv64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $2 main" > "$archive/sources.list"
  cat > "$archive/apt.conf" << CONF
APT::Architecture "riscv64";
APT::Architectures "riscv64";
APT::Install-Recommends "false";
APT::Sandbox::User "";
Debug::NoLocking "1";
Dir::State "$archive";
Dir::State::Lists "$archive/lists";
Dir::State::status "/dev/null";
Dir::Cache "$archive/cache";
Dir::Etc::SourceList "$archive/sources.list";
Dir::Etc::SourceParts "/dev/null";
Dir::Bin::dpkg "/bin/false";
CONF
  ask apt-get -qq update
}

# Only commands that download or ask are given to it; dpkg is out of reach all the same.
ask() { APT_CONFIG=$archive/apt.conf "$@"; }

# dependency PACKAGE PREFIX - the first package with the prefix that a package depends on
dependency() { ask apt-cache depends "$1" | awk -v prefix="$2" '/Depends:/ && index($2, prefix) == 1 { print $2; exit }'; }

# closure PACKAGE... - these packages and all that they depend on, as NAME=VERSION
closure() {
  ask apt-get -qq --simulate install "$@" | awk '$1 == "Inst" { sub(/^\(/, "", $3); print $2 "=" $3 }' | sed 's/:riscv64=/=/'
}

# files_of PACKAGE[=VERSION]... - "SHA-256  PATH" of each
files_of() {
  ask apt-cache show --no-all-versions "$@" | awk '
    /^Filename: / { path = $2 }
    /^SHA256: / { sum = $2 }
    /^$/ && path != "" { print sum "  " path; path = sum = "" }
    END { if (path != "") print sum "  " path }'
}

files_of_closure() {
  local names
  mapfile -t names < <(closure "$@")
  files_of "${names[@]}"
}
