# common.sh - what all steps share
# shellcheck shell=bash disable=SC2154  # a part of build-guest.sh, which sets the variables

announce() {
  step=$*
  echo "[$SECONDS s] $step"
}

# 3 tells clean_up that the reason has been said; the caller sees 1
fail() {
  echo "build-guest: $*" >&2
  exit 3
}

# logged NAME WHAT COMMAND... - run quietly; on failure show the end of the log and say what failed
logged() {
  local name=$1 log=$logs/$1.log what=$2
  shift 2
  "$@" >> "$log" 2>&1 || {
    tail -n 20 "$log" >&2
    fail "$what failed; the whole log is $out/failed-logs/$name.log"
  }
}

# Runs when the build ends, in whatever way: nothing half-made stays, and whoever reads why finds the logs.
clean_up() {
  local status=$?
  rm -f "$downloads"/*.part
  if [ "$status" != 0 ]; then
    if [ "$(free_kib)" -lt 1024 ]; then
      echo "build-guest: the disk that holds $out is full" >&2
    elif [ "$status" != 3 ]; then
      echo "build-guest: the step \"$step\" failed, as said above (exit code $status)" >&2
    fi
    rm -rf "$out/failed-logs"
    if [ -d "$logs" ]; then mv "$logs" "$out/failed-logs" || true; fi
    status=1
  fi
  if [ -z "${KEEP_BUILD:-}" ]; then rm -rf "$work"; fi
  exit "$status"
}

free_kib() { df -Pk "$out" | awk 'END { print $4 }'; }

# 1.9 GB is what a build has been seen to take.
check_room() {
  case $out in
    *[[:space:]:]*) fail "the kernel cannot be built in a folder with a blank or colon in its path; choose another than $out" ;;
  esac
  local mib=$(($(free_kib) / 1024))
  [ "$mib" -ge 2048 ] || fail "the disk that holds $out is too full: a build takes 2048 MiB, and $mib MiB are free"
}

check_kconfig() {
  "$here/check-config.sh" "$2" "$1" ||
    fail "$(basename "$1") asks for what Kconfig did not keep, named above; is a dependency missing?"
}
