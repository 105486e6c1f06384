package dev.semblance.harness.target.dialect;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A pattern over a whole line of what a program says, as it is shown: {@code *} stands for any characters, everything else for
 * itself.
 *
 * @param text all of the line, without blanks around it
 */
public record LinePattern(String text) {

    private static final int MOST_CHARACTERS = 240;
    private static final int MOST_STARS = 6;
    private static final Pattern STAR = Pattern.compile("\\*");

    /** What a pattern may be, in words for messages. */
    static final String RULE = "a line of at most " + MOST_CHARACTERS
            + " characters, without blanks around it, with at most " + MOST_STARS + " of *";

    /** {@return whether a text can be a pattern: one of stars alone would match everything} */
    static boolean isPattern(String text) {
        long stars = text.chars().filter(c -> c == '*').count();
        return text.length() <= MOST_CHARACTERS
                && text.equals(text.strip())
                && stars <= MOST_STARS
                && stars < text.length();
    }

    /**
     * {@return whether a line is as the pattern says}
     *
     * @param said the line; blanks around it do not count
     */
    public boolean matches(String said) {
        String line = said.strip();
        List<String> parts = List.of(STAR.split(text, -1));
        if (parts.size() == 1) {
            return line.equals(text);
        }
        String first = parts.getFirst();
        String last = parts.getLast();
        if (!line.startsWith(first)) {
            return false;
        }
        int at = first.length();
        for (String part : parts.subList(1, parts.size() - 1)) {
            int found = line.indexOf(part, at);
            if (found < 0) {
                return false;
            }
            at = found + part.length();
        }
        return line.length() - last.length() >= at && line.endsWith(last);
    }

    @Override
    public String toString() {
        return text;
    }
}
