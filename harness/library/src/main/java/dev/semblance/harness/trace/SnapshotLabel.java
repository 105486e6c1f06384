package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.util.regex.Pattern;

/**
 * The names of snapshots: letters, digits, {@code . _ -}, starting with a letter or a digit and not ending with a dot, at
 * most 64 of them; beyond scanout 0 followed by {@code @SCANOUT}. So a label is a safe file name everywhere.
 */
public final class SnapshotLabel {

    /** The rule in words, for messages. */
    public static final String RULE =
            "1 to 64 letters, digits, dots, underscores or hyphens, first a letter or digit, last no dot";

    /** The rule for a picture's label in words, for messages. */
    public static final String RULE_OF_SCANOUT = RULE + "; beyond scanout 0 followed by @ and the scanout's number";

    private static final String NAME = "[A-Za-z0-9](?:[A-Za-z0-9._-]{0,62}[A-Za-z0-9_-])?";
    private static final Pattern PLAIN = Pattern.compile(NAME);
    private static final Pattern LABEL = Pattern.compile(NAME + "(?:@(?:[1-9]|1[0-5]))?");

    private SnapshotLabel() {}

    /**
     * {@return whether {@code text} is a label, with or without {@code @SCANOUT}}
     *
     * @param text what may be a label
     */
    public static boolean isLabel(String text) {
        return LABEL.matcher(text).matches();
    }

    /** {@return whether {@code text} is a label of a picture of {@code scanout}: with its number, or without for scanout 0} */
    static boolean isLabelOf(String text, int scanout) {
        int plain = text.length() - suffix(scanout).length();
        return plain >= 0 && text.endsWith(suffix(scanout)) && isPlain(text.substring(0, plain));
    }

    /**
     * {@return whether {@code text} is a label as a scenario writes it, without {@code @SCANOUT}}
     *
     * @param text what may be a label
     */
    public static boolean isPlain(String text) {
        return PLAIN.matcher(text).matches();
    }

    /**
     * {@return the label of a scanout's picture}
     *
     * @param name a plain label
     * @param scanout the number of the scanout, from 0
     * @throws IllegalArgumentException if it is not one, or the scanout is not 0 to 15
     */
    public static String of(String name, int scanout) {
        if (!isPlain(name)) {
            throw new IllegalArgumentException(Text.format("\"%s\" is not a snapshot label: %s", name, RULE));
        }
        if (scanout < 0 || scanout > EventLimits.SCANOUT) {
            throw new IllegalArgumentException("no scanout " + scanout);
        }
        return name + suffix(scanout);
    }

    private static String suffix(int scanout) {
        return scanout == 0 ? "" : "@" + scanout;
    }
}
