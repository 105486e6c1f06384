# What ./semblance in a clone and bin/semblance of a release have in common; both source it.
# shellcheck shell=sh

least_java=25

# An AOT cache made with other options than these would not be used.
vm_options="-XX:+UseSerialGC --enable-native-access=ALL-UNNAMED -Djava.awt.headless=true"

fail() {
    printf 'semblance: %s\n' "$1" >&2
    exit "${2:-2}"
}

# Sets $resolved to what $1 is at the end of all links.
resolve() {
    resolved=$1
    while [ -L "$resolved" ]; do
        link=$(readlink "$resolved")
        case $link in
            /*) resolved=$link ;;
            *) resolved=$(dirname "$resolved")/$link ;;
        esac
    done
}

# Sets $major to the feature version of the Java at $1; fails where there is none that has the tool.
read_major() {
    major=
    [ -x "$1/bin/$java_tool" ] && [ -r "$1/release" ] || return 1
    while IFS= read -r line; do
        case $line in
            JAVA_VERSION=*)
                line=${line#*\"}
                major=${line%%[!0-9]*}
                ;;
        esac
    done <"$1/release"
    [ -n "$major" ]
}

# Sets $java_home to JAVA_HOME if that is new enough, or to the oldest that is, of those that are in usual places.
#
#   $1  the tool that it must have: java, which every Java has, or javac, which only a JDK has
#   $2  how to call what is looked for, and what to do where it is missing
find_java() {
    java_tool=$1
    java_home=
    best=
    if [ -n "${JAVA_HOME:-}" ] && read_major "$JAVA_HOME" && [ "$major" -ge "$least_java" ]; then
        java_home=$JAVA_HOME
        return
    fi
    path_home=
    if java=$(command -v "$java_tool"); then
        resolve "$java"
        path_home=$(dirname "$(dirname "$resolved")")
    fi
    for candidate in \
        "$path_home" \
        "${JAVA_HOME_25_X64:-}" "${JAVA_HOME_25_ARM64:-}" "${JAVA_HOME_25_arm64:-}" \
        "${HOME:-}"/.sdkman/candidates/java/* \
        "${HOME:-}"/.jdks/* "${HOME:-}"/.jdks/*/Contents/Home \
        "${HOME:-}"/.gradle/jdks/* "${HOME:-}"/.gradle/jdks/*/Contents/Home \
        "${HOME:-}"/.asdf/installs/java/* "${HOME:-}"/.local/share/mise/installs/java/* \
        "${HOME:-}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
        /Library/Java/JavaVirtualMachines/*/Contents/Home \
        /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /usr/local/opt/openjdk*/libexec/openjdk.jdk/Contents/Home \
        /home/linuxbrew/.linuxbrew/opt/openjdk*/libexec \
        /usr/lib/jvm/* /usr/lib64/jvm/* /usr/java/* /usr/local/java/* /usr/local/openjdk-* /usr/local/sdkman/candidates/java/* \
        /opt/* /opt/java/* /opt/jdks/*; do
        if [ -n "$candidate" ] && read_major "$candidate" && [ "$major" -ge "$least_java" ] &&
            { [ -z "$best" ] || [ "$major" -lt "$best" ]; }; then
            best=$major
            java_home=$candidate
        fi
    done
    [ -n "$java_home" ] || fail "no $2, or set JAVA_HOME to it"
}

# In the locale of a bare container, which has ASCII alone, Java can neither open files with other names nor print them. Makes
# it the same locale with UTF-8, which the GNU and musl libraries have under this name; where it is missing, nothing changes.
choose_locale() {
    case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
        '' | C | POSIX)
            LC_ALL=C.UTF-8
            export LC_ALL
            ;;
    esac
}

# Runs the program in place of this shell: run HOME ARGUMENT..., where arguments begin with what tells Java where it is.
run() {
    program_home=$1
    shift
    terminal=false
    if [ -t 2 ]; then
        terminal=true
    fi
    # As it was called: a name alone where the shell found it on the PATH.
    program=$0
    if [ "$(command -v "${0##*/}" 2>/dev/null || true)" = "$0" ]; then
        program=${0##*/}
    fi
    output_terminal=false
    if [ -t 1 ]; then
        output_terminal=true
    fi
    choose_locale
    # -Xlog:disable: should the JVM find fault with the AOT cache, it would say so on standard output.
    # Java does not look at TMPDIR by itself.
    # shellcheck disable=SC2086 # Lists of words.
    exec "$java_home/bin/java" $vm_options -Xlog:disable -XX:MaxRAMPercentage=70 ${TMPDIR:+"-Djava.io.tmpdir=$TMPDIR"} \
        -Dsemblance.home="$program_home" -Dsemblance.stderr.terminal=$terminal \
        -Dsemblance.stdout.terminal=$output_terminal -Dsemblance.program="$program" ${SEMBLANCE_JAVA_OPTS:-} "$@"
}
