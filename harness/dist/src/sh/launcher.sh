# What ./semblance in a clone and bin/semblance of a release have in common; both source it.
# shellcheck shell=sh

least_java=25

main_package=dev.semblance.cli

# How the JVM compiles, where that is not left to it.
compilers=

# An AOT cache made with other options than these would not be used.
# No multi-release jars: the library for zstd would bind each of its functions while it is loaded, which takes half a second.
vm_options="--enable-native-access=ALL-UNNAMED -Djava.awt.headless=true -XX:MaxRAMPercentage=70 -Djdk.util.jar.enableMultiRelease=false"

# Two garbage collectors are an error to the JVM, and the user's counts.
case ${SEMBLANCE_JAVA_OPTS:-} in
    *-XX:+Use*GC*) ;;
    *) vm_options="-XX:+UseSerialGC $vm_options" ;;
esac

# Translated guest code of quick effort is not optimized: for one of its methods, the optimizing compiler has no room. The
# program is told, and makes what is worth it again with full effort. What else is optimized is so a little later.
jit_options="-XX:CompileCommand=quiet -Dsemblance.two-efforts=true -XX:Tier4InvocationThreshold=15000 \
-XX:Tier4MinInvocationThreshold=2000 -XX:Tier4CompileThreshold=40000 -XX:Tier4BackEdgeThreshold=120000"
quick_effort="-XX:CompileCommand=MaxNodeLimit,dev/semblance/machine/cpu/QuickRegion*.run,100"

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

# ---- the AOT cache ---------------------------------------------------------------------------------------------------

# Sets $cache to a folder of the user's own, and $aot and $newer to the files in it for the program and the Java that $1 tells
# apart from others; fails where there can be none, or where none is wanted.
find_cache() {
    [ "${SEMBLANCE_AOT:-}" != off ] || return 1
    # Who says what to share knows better.
    case ${SEMBLANCE_JAVA_OPTS:-} in
        *AOT* | *SharedArchive* | *-Xshare*) return 1 ;;
    esac
    cache=${SEMBLANCE_CACHE:-}
    if [ -z "$cache" ]; then
        case ${XDG_CACHE_HOME:-} in
            /*) cache=$XDG_CACHE_HOME/semblance ;;
            *) cache=${HOME:?}/.cache/semblance ;;
        esac
    fi
    case $cache in
        # Java would take the rest for another entry of the class path.
        *:*) return 1 ;;
        /*) ;;
        *) cache=$PWD/$cache ;;
    esac
    cache=$cache/aot
    # The JVM trusts what is in there, so it must be nobody else's.
    # shellcheck disable=SC3067 # All shells have it, and POSIX 2024.
    [ ! -e "$cache" ] || [ -O "$cache" ] || return 1
    number=$({ printf '%s\n' "$1" "$java_home" "$vm_options" && cat "$java_home/release"; } | cksum) || return 1
    aot=$cache/${number%% *}.aot
    newer=$cache/${number%% *}.jar
}

# Tells whether something on the class path $1 is newer than the cache.
is_changed() {
    old_ifs=$IFS
    IFS=:
    for entry in $1; do
        # shellcheck disable=SC3013 # All shells have it, and POSIX 2024.
        if [ "$entry" -nt "$aot" ]; then
            IFS=$old_ifs
            return 0
        fi
    done
    IFS=$old_ifs
    return 1
}

# Makes the files in the background, without a word and at a lower priority; the program starts without them
# until then. Of several that start at once, one does it; where it fails, the next hour has peace.
#
#   $1  the program's home
#   $2  the class path
prepare() {
    # shellcheck disable=SC3067
    (umask 077 && mkdir -p "$cache") && [ -O "$cache" ] && [ -w "$cache" ] || return 1
    find "$cache" -name "${aot##*/}.try" -mmin +60 -exec rm -f {} +
    (umask 077 && set -C && : >"$aot.try") || return 1
    trap '' HUP INT QUIT
    train "$1" "$2" &
}

train() {
    umask 077
    part=$aot.$$.work
    trap 'rm -rf "$part"' EXIT
    mkdir "$part" && : >"$part/began" && cd "$part" || return 1
    # shellcheck disable=SC2086 # A list of words.
    nice -n 5 "$java_home/bin/java" $vm_options -cp "$2" $main_package.NewerClasses "$part/newer.jar" &&
        mv -f "$part/newer.jar" "$newer" &&
        nice -n 5 "$java_home/bin/java" $vm_options $jit_options "$quick_effort" -Djava.io.tmpdir="$part" \
            -Dsemblance.home="$1" \
            -XX:AOTCacheOutput="$part/aot" -cp "$newer:$2" $main_package.Training "$part" &&
        [ -s "$part/aot" ] &&
        touch -r "$part/began" "$part/aot" &&
        mv -f "$part/aot" "$aot" &&
        rm -f "$aot.try"
    drop_old
}

# Throws away all but the three that were made last, and what was left by who was killed.
drop_old() {
    find "$cache" -name '*.work' -mtime +1 -exec rm -rf {} +
    kept=0
    # The names are numbers.
    # shellcheck disable=SC2012
    ls -t "$cache" | while IFS= read -r file; do
        case $file in
            *.aot)
                kept=$((kept + 1))
                if [ "$kept" -gt 3 ]; then
                    rm -f "$cache/$file" "$cache/${file%.aot}.jar"
                fi
                ;;
        esac
    done
}

# ---- the run ---------------------------------------------------------------------------------------------------------

# Runs the program, with what makes it start faster if there is such a thing.
#
#   $1    the program's home
#   $2    the class path, of which the first entry is the program's own jar
#   $3    tells this program apart from others
#   $4... what the user says
start() {
    program_home=$1
    class_path=$2
    identity=$3
    shift 3
    # What does no work is over before the second compiler is of use.
    case ${1:-} in
        '' | --version | -V | --help | -h | help | generate-completion) compilers=-XX:TieredStopAtLevel=1 ;;
    esac
    if find_cache "$identity" 2>/dev/null; then
        # The JVM looks whether the jars are those that it was made with, and does without if not.
        if [ -f "$aot" ] && [ -f "$newer" ] && ! is_changed "$class_path"; then
            run -XX:AOTCache="$aot" -cp "$newer:$class_path" $main_package.Semblance "$@"
        fi
        # CI starts with an empty home and runs few commands: making the files would cost more than it saves.
        # Held open in the background, a pipe would keep its reader waiting.
        [ "${CI:-}" = true ] ||
            (prepare "$program_home" "$class_path") </dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- || true
    fi
    run -cp "$class_path" $main_package.Semblance "$@"
}

# Runs the program of $program_home in place of this shell; the arguments begin with what tells Java where it is.
run() {
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
    exec "$java_home/bin/java" $vm_options $jit_options "$quick_effort" $compilers -Xlog:disable ${TMPDIR:+"-Djava.io.tmpdir=$TMPDIR"} \
        -Dsemblance.home="$program_home" -Dsemblance.stderr.terminal=$terminal \
        -Dsemblance.stdout.terminal=$output_terminal -Dsemblance.program="$program" ${SEMBLANCE_JAVA_OPTS:-} "$@"
}
