package dev.semblance.harness.trace;

import dev.semblance.harness.json.JsonText;
import dev.semblance.harness.util.Text;
import java.util.regex.Pattern;

/**
 * The trace whose machine another one goes on from, and where: its child. Since version 5 of the format.
 *
 * @param file its name, without a path: it lies beside the child
 * @param identity its identity: 64 lower-case hexadecimal digits
 * @param cycle the cycle of the machine's next instruction there
 * @param passed how many of its events have happened there
 * @param stateDigest the SHA-256 of the machine's state there: 64 lower-case hexadecimal digits
 * @param preamble how many events at the start of the child bring a GPU into the state that it has there; they did not happen in
 *     the machine
 */
public record ParentTrace(String file, String identity, long cycle, long passed, String stateDigest, long preamble) {

    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

    /** Checks the ranges. */
    public ParentTrace {
        if (!isName(file)) {
            throw new IllegalArgumentException("parent.file is no name of a file without a path");
        }
        JsonText.check(file);
        digest("parent.identity", identity);
        digest("parent.stateDigest", stateDigest);
        range("parent.cycle", cycle);
        range("parent.passed", passed);
        range("parent.preamble", preamble);
    }

    /**
     * {@return whether a parent can have a name}
     *
     * @param file the name
     */
    public static boolean isName(String file) {
        return !file.isEmpty()
                && file.length() <= TraceManifest.MAX_SHORT_TEXT
                && !file.equals(".")
                && !file.equals("..")
                && file.chars().allMatch(ParentTrace::isOfName);
    }

    /** {@return whether a name may have a character: none that divides paths anywhere, or names a drive, or cannot be seen} */
    private static boolean isOfName(int c) {
        return c >= ' ' && c != 0x7f && c != '/' && c != '\\' && c != ':';
    }

    private static void digest(String what, String value) {
        if (!SHA_256.matcher(value).matches()) {
            throw new IllegalArgumentException(what + " is not 64 lower-case hexadecimal digits");
        }
    }

    private static void range(String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(Text.format("%s is %d, not 0 to 2^63 - 1", what, value));
        }
    }

    /** {@return where it goes on, as people see it: {@code desk.trace @85,736,705}} */
    @Override
    public String toString() {
        return Text.format("%s @%,d", file, cycle);
    }
}
