#!/usr/bin/env bash
# Takes a release for the action: the archive for this system with Java inside, checked against the release's SHA256SUMS.
# Prints where the program is to GITHUB_OUTPUT. The inputs come as variables: VERSION, REPOSITORY, SERVER, FOLDER.
set -euo pipefail

: "${VERSION:?}" "${REPOSITORY:?}" "${FOLDER:?}"

fail() {
    printf '::error::%s\n' "$1"
    exit 2
}

[[ $VERSION =~ ^v?[0-9]+(\.[0-9]+)*([.-][0-9A-Za-z]+)*$ ]] || fail "the input \"version\" is a version such as 0.1.0, not \"$VERSION\""
[[ $REPOSITORY =~ ^[A-Za-z0-9._-]+/[A-Za-z0-9._-]+$ ]] || fail "the input \"repository\" is OWNER/NAME, not \"$REPOSITORY\""
release=${VERSION#v}
case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=macos ;;
    MINGW* | MSYS* | CYGWIN*) system=windows ;;
    *) fail "there is no archive for $(uname -s)" ;;
esac
case ${RUNNER_ARCH:-$(uname -m)} in
    X64 | x86_64 | amd64) system=$system-x64 ;;
    ARM64 | arm64 | aarch64) system=$system-arm64 ;;
    *) fail "there is no archive for ${RUNNER_ARCH:-$(uname -m)}" ;;
esac
program=$FOLDER/semblance-$release/bin/semblance
case $system in windows-*) program=$program.cmd ;; esac

if [ ! -f "$program" ]; then
    archive=semblance-$release-$system.zip
    from=${SERVER:-https://github.com}/$REPOSITORY/releases/download/v$release
    rm -rf "$FOLDER.part"
    mkdir -p "$FOLDER.part"
    cd "$FOLDER.part"
    for file in SHA256SUMS "$archive"; do
        curl --fail --silent --show-error --location --retry 5 --output "$file" "$from/$file" ||
            fail "$from/$file cannot be had: is there a release v$release, and one for $system?"
    done
    # The line of this archive alone; the others are not here.
    grep -F -e "  $archive" -e " *$archive" SHA256SUMS >sum || fail "SHA256SUMS does not name $archive"
    if command -v sha256sum >/dev/null; then
        sha256sum --check --quiet sum || fail "$archive is not what was released"
    else
        shasum --algorithm 256 --check --quiet sum || fail "$archive is not what was released"
    fi
    unzip -q "$archive"
    rm -f "$archive" sum
    cd ..
    rm -rf "$FOLDER"
    mv "$FOLDER.part" "$FOLDER"
    [ -f "$program" ] || fail "$archive holds no ${program#"$FOLDER/"}"
fi
printf 'semblance=%s\n' "$program" >>"${GITHUB_OUTPUT:-/dev/stdout}"
