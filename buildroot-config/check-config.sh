#!/bin/sh
# check-config.sh CONFIG FRAGMENT... - does a .config of Linux, BusyBox or Buildroot still have what the fragments ask for?
#
# Kconfig drops an option that it does not know or whose dependencies are missing, without a word. This names each, with
# what became of it. Where fragments contradict each other the last one wins. Exit code 0: all kept; 1: something was
# lost; 2: cannot tell.
set -eu

if [ $# -lt 2 ]; then
  echo "usage: check-config.sh CONFIG FRAGMENT..." >&2
  exit 2
fi
for file in "$@"; do
  if [ ! -r "$file" ]; then
    echo "check-config: $file cannot be read" >&2
    exit 2
  fi
done

exec awk -v config="$1" '
  # Sets name and value if the line is about an option; "is not set" is the value n.
  function option(line) {
    if (line ~ /^# [A-Za-z0-9_]+ is not set$/) {
      name = substr(line, 3, length(line) - 2 - length(" is not set"))
      value = "n"
      return 1
    }
    if (line !~ /^[A-Za-z][A-Za-z0-9_]*=/) return 0
    name = substr(line, 1, index(line, "=") - 1)
    value = substr(line, index(line, "=") + 1)
    return 1
  }
  !option($0) { next }
  FILENAME == config { has[name] = value; next }
  {
    if (!(name in wanted)) order[++count] = name
    wanted[name] = value
    file = FILENAME
    sub(/.*\//, "", file)
    where[name] = file
  }
  END {
    for (i = 1; i <= count; i++) {
      name = order[i]
      # what Kconfig has no line for is off
      got = name in has ? has[name] : "n"
      if (got == wanted[name]) continue
      lost++
      if (name in has) why = "but it became " got
      else why = "but Kconfig did not keep it (unknown, or a dependency is missing)"
      printf "check-config: %s asks for %s=%s, %s\n", where[name], name, wanted[name], why > "/dev/stderr"
    }
    exit lost > 0
  }' "$@"
