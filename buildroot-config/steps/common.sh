# common.sh - what all steps share
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

announce() { echo "[$SECONDS s] $*"; }

fail() {
  echo "build-guest: $*" >&2
  exit 1
}

# logged NAME WHAT COMMAND... - run quietly; on failure show the end of the log and say what failed
logged() {
  local log=$logs/$1.log what=$2
  shift 2
  "$@" >> "$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "$what failed; the whole log is $log"
  }
}

# Kconfig drops what it does not know or what lacks a dependency, without a word
check_kconfig() {
  local fragment=$1 config=$2 line
  while read -r line; do
    grep -qxF -- "$line" "$config" ||
      fail "$(basename "$fragment") asks for $line, but Kconfig did not keep it (unknown, or a dependency is missing)"
  done < <(grep -E '^(CONFIG_|# CONFIG_.* is not set)' "$fragment")
}
