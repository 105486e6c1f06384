package dev.semblance.harness.util;

import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Text made from values, and numbers read from text, the same on every computer.
 *
 * <p>The JDK's own ways use the user's locale unless told otherwise, which has other digits in Arabic and other separators
 * in German, and read the digits of every script. What this project prints, names, stores and understands has ASCII digits,
 * and never depends on the locale.
 */
public final class Text {

    private static final Pattern WHOLE_NUMBER = Pattern.compile("[+-]?[0-9]+");

    private Text() {}

    /**
     * {@return what {@link String#format(Locale, String, Object...)} makes in {@link Locale#ROOT}}
     *
     * @throws java.util.IllegalFormatException if the values do not fit the pattern
     */
    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a library of its own.
    public static String format(String pattern, @Nullable Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }

    /** {@return a number of things, with the noun that it wants: {@code 1 event}, {@code 1,301 events}} */
    public static String count(long number, String one) {
        return count(number, one, one + "s");
    }

    /** {@return a number of things whose plural is irregular: {@code 1 entry}, {@code 3 entries}} */
    public static String count(long number, String one, String many) {
        return format("%,d %s", number, number == 1 ? one : many);
    }

    /** Understands a whole number of 64 bits in ASCII digits, with a sign or without; empty if the text is none. */
    public static OptionalLong wholeNumber(String text) {
        if (!WHOLE_NUMBER.matcher(text).matches()) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(text));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
