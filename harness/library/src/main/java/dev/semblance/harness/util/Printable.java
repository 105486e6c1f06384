package dev.semblance.harness.util;

import java.util.function.IntPredicate;
import java.util.regex.Pattern;

/**
 * Text from outside (names of files, labels, what a guest wrote, excerpts of a file) made harmless to whoever shows it. A
 * terminal obeys control characters, direction marks make text look like other text, and a CI system takes lines of its
 * log as commands.
 */
public final class Printable {

    /** GitHub's older commands and Azure's stand anywhere in a line: {@code ##[error]}, {@code ##vso[}. */
    private static final Pattern COMMAND_INSIDE = Pattern.compile("##(?=[a-z]*\\[)");

    private Printable() {}

    /**
     * {@return whether a character is not to be shown as it is: controls, format and direction marks, line and paragraph
     * separators, halves of pairs, and what Unicode has not assigned or leaves to private use}
     *
     * @param point a code point
     */
    public static boolean isHidden(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            default -> false;
        };
    }

    /** Nearly all lines are, and a dump has millions. */
    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    /** {@return a text as one line: {@code \n}, {@code \r}, {@code \t}, and other hidden characters as <code>\\u{1b}</code>} */
    public static String line(String text) {
        return line(text, point -> true);
    }

    /**
     * {@return the same with characters escaped that cannot be shown}
     *
     * @param shown tells whether a code point beyond ASCII can be
     */
    public static String line(String text, IntPredicate shown) {
        if (isAscii(text)) {
            return text;
        }
        StringBuilder line = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isHidden(point) || !shown.test(point)) {
                line.append(escape(point));
            } else {
                line.appendCodePoint(point);
            }
        });
        return line.toString();
    }

    /** {@return how a character is shown that is hidden: {@code \n}, {@code \r}, {@code \t} or <code>\\u{1b}</code>} */
    public static String escape(int point) {
        return switch (point) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> Text.format("\\u{%x}", point);
        };
    }

    /** {@return a line that no CI system takes as a command: a colon or a number sign is escaped where it is one} */
    public static String noCommand(String line) {
        // What reads the log takes blanks off before it looks.
        String stripped = line.stripLeading();
        return noCommandInside(
                stripped.startsWith("::")
                        ? line.substring(0, line.length() - stripped.length()) + escape(':') + stripped.substring(1)
                        : line);
    }

    /** {@return a line in which stands no command, though the whole may be one} */
    public static String noCommandInside(String line) {
        return line.contains("##") ? COMMAND_INSIDE.matcher(line).replaceAll("#\\\\u{23}") : line;
    }

    /**
     * {@return a line of JSON with the same meaning in which nothing is hidden, and which is no command: such characters
     * can only be in strings, where JSON has an escape for each (RFC 8259, section 7)}
     *
     * @param shown tells whether a code point beyond ASCII can be shown
     */
    public static String json(String line, IntPredicate shown) {
        if (isAscii(line) && !line.contains("##")) {
            return line;
        }
        StringBuilder safe = new StringBuilder(line.length() + 16);
        COMMAND_INSIDE.matcher(line).replaceAll("#\\\\u0023").codePoints().forEach(point -> {
            if (isHidden(point) || !shown.test(point)) {
                for (char unit : Character.toChars(point)) {
                    safe.append(Text.format("\\u%04x", (int) unit));
                }
            } else {
                safe.appendCodePoint(point);
            }
        });
        return safe.toString();
    }

    /** {@return a text with a sign in place of each hidden UTF-16 unit, so that columns stay where they are} */
    public static String columns(String text) {
        StringBuilder columns = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\t') {
                columns.append(' ');
            } else if (isHidden(point)) {
                columns.repeat('?', Character.charCount(point));
            } else {
                columns.appendCodePoint(point);
            }
        });
        return columns.toString();
    }
}
