#!/usr/bin/env bash
# Runs `semblance replay` for the action: the inputs come as variables, one item a line where there can be several.
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# What install.sh has put there, or the sources that this lies in.
semblance=${SEMBLANCE:-$here/../../../semblance}
arguments=()

add() {
    if [ -n "$2" ]; then
        arguments+=("$1" "$2")
    fi
}

case ${REPLAY:-both} in
    both) ;;
    machine | device) arguments+=("--$REPLAY") ;;
    *)
        printf '::error::the input "replay" is both, machine or device, not "%s"\n' "$REPLAY"
        exit 2
        ;;
esac
case ${REQUIRE_GOLDENS:-true} in
    true) arguments+=(--require-goldens) ;;
    false) arguments+=(--no-require-goldens) ;;
    *)
        printf '::error::the input "require-goldens" is true or false, not "%s"\n' "$REQUIRE_GOLDENS"
        exit 2
        ;;
esac
case ${LINT:-false} in
    true | false) ;;
    *)
        printf '::error::the input "lint" is true or false, not "%s"\n' "$LINT"
        exit 2
        ;;
esac
add --golden "${GOLDEN:-}"
add --policy "${POLICY:-}"
add --shard "${SHARD:-}"
add --jobs "${JOBS:-}"
add --timeout "${TIMEOUT:-}"
# Blanks around a line come from how YAML is indented, and a carriage return from where it was written.
while read -r folder; do
    add --images "$folder"
done < <(tr -d '\r' <<<"${IMAGES:-}")
report=${REPORT:-semblance-report}
arguments+=(--github --junit "$report/junit.xml" --report "$report" --)
traces=()
while read -r trace; do
    if [ -n "$trace" ]; then
        traces+=("$trace")
    fi
done < <(tr -d '\r' <<<"${TRACES:-}")
if [ "${#traces[@]}" -eq 0 ]; then
    printf '::error::the input "traces" names no trace\n'
    exit 2
fi

mkdir -p "$report"
code=0
"$semblance" replay "${arguments[@]}" "${traces[@]}" || code=$?
if [ "${LINT:-false}" = true ]; then
    disabled=()
    if [ -n "${LINT_DISABLE:-}" ]; then
        disabled=(--disable "$LINT_DISABLE")
    fi
    linted=0
    # All traces, whatever the shard: it takes no time.
    "$semblance" lint "${disabled[@]}" -- "${traces[@]}" || linted=$?
    if [ "$linted" -ne 0 ]; then
        printf '::error::semblance lint ended with exit code %s; what it found is in the log\n' "$linted"
        [ "$code" -ne 0 ] || code=$linted
    fi
fi
if [ -n "${GITHUB_OUTPUT:-}" ]; then
    printf 'exit-code=%s\nreport=%s\n' "$code" "$report" >>"$GITHUB_OUTPUT"
fi
exit "$code"
