package dev.semblance.harness.golden.policy;

import dev.semblance.harness.util.Text;
import java.util.regex.Pattern;

/**
 * A pattern over the names of traces or the labels of snapshots: {@code *} stands for any characters, {@code ?} for one,
 * everything else for itself. Parts divided by {@code /} stand for folders; none is empty, {@code .} or {@code ..}.
 *
 * @param pattern with * and ?
 */
public record Glob(String pattern) {

    /** What a pattern may be made of, in words for messages. */
    static final String RULE =
            "1 to 128 letters, digits, dots, underscores, hyphens, '@', '*' or '?', in parts divided by '/'";

    private static final Pattern PATTERN =
            Pattern.compile("(?!(?:.*/)?\\.{0,2}/)(?!.*/\\.{0,2}$)[A-Za-z0-9._/@*?-]{1,128}");

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if it has characters that no name has
     */
    public Glob {
        if (!isGlob(pattern)) {
            throw new IllegalArgumentException(Text.format("\"%s\" is not a pattern: %s", pattern, RULE));
        }
    }

    /** {@return whether a text is a pattern} */
    static boolean isGlob(String text) {
        return PATTERN.matcher(text).matches();
    }

    /** {@return whether the pattern stands for one name alone} */
    public boolean isLiteral() {
        return pattern.indexOf('*') < 0 && pattern.indexOf('?') < 0;
    }

    /**
     * {@return whether the name of a trace is as the pattern says: the whole of it where the pattern has a {@code /}, else the
     * part behind the last one, so that a pattern need not say in which folder a trace lies}
     *
     * @param name what may match
     */
    public boolean matchesTrace(String name) {
        return matches(pattern.indexOf('/') >= 0 ? name : name.substring(name.lastIndexOf('/') + 1));
    }

    /**
     * {@return whether a name is as the pattern says} Takes time in proportion to pattern times name at most.
     *
     * @param name what may match
     */
    public boolean matches(String name) {
        int at = 0;
        int here = 0;
        int star = -1;
        int resume = 0;
        while (here < name.length()) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                resume = here;
            } else if (at < pattern.length()
                    && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(here))) {
                at++;
                here++;
            } else if (star >= 0) {
                // The last star takes one character more.
                at = star + 1;
                here = ++resume;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }

    @Override
    public String toString() {
        return pattern;
    }
}
