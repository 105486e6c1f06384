package dev.semblance.harness.json;

import dev.semblance.harness.util.Text;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** What is wrong with JSON that a parser takes, and that could not be written again as it was read. */
public final class JsonText {

    private static final int ESCAPE = 6;

    private JsonText() {}

    /**
     * Tells of half a surrogate pair (RFC 8259, section 8.2): it stands for no character, and two texts that differ in such
     * halves alone would be written as the same.
     *
     * @return what is wrong, as the end of a sentence
     */
    public static Optional<String> problem(CharSequence json) {
        return problem(json::charAt, json.length(), false);
    }

    /** Does the same for a text in UTF-8, in which surrogates have no place but as escapes. */
    public static Optional<String> problem(byte[] json) {
        return problem(at -> json[at] & 0xff, json.length, true);
    }

    /**
     * Checks a text that is to be written as JSON.
     *
     * @throws IllegalArgumentException if it has half of a surrogate pair; the message ends a sentence
     */
    public static void check(String text) {
        if (text.codePoints().anyMatch(c -> isHigh(c) || isLow(c))) {
            throw new IllegalArgumentException("it has half of a surrogate pair, which stands for no character");
        }
    }

    private static Optional<String> problem(IntUnaryOperator text, int length, boolean utf8) {
        for (int i = 0; i < length; i++) {
            int c = text.applyAsInt(i);
            if (c == '\\') {
                int unit = unit(text, i, length);
                if (isHigh(unit) && isLow(unit(text, i + ESCAPE, length))) {
                    i += 2 * ESCAPE - 1;
                } else if (isHigh(unit) || isLow(unit)) {
                    return Optional.of(half(unit));
                } else {
                    i++;
                }
            } else if (utf8) {
                // ED A0 80 to ED BF BF would be surrogates (RFC 3629, section 3).
                if (c == 0xed && i + 1 < length && text.applyAsInt(i + 1) >= 0xa0) {
                    return Optional.of("it has half of a surrogate pair in UTF-8, which stands for no character");
                }
            } else if (isHigh(c) && i + 1 < length && isLow(text.applyAsInt(i + 1))) {
                i++;
            } else if (isHigh(c) || isLow(c)) {
                return Optional.of(half(c));
            }
        }
        return Optional.empty();
    }

    private static String half(int unit) {
        return Text.format("it has \\u%04x alone, which is half of a surrogate pair and stands for no character", unit);
    }

    /** {@return the code unit of the escape that begins at a place; -1 if none does} */
    private static int unit(IntUnaryOperator text, int at, int length) {
        if (at + ESCAPE > length || text.applyAsInt(at) != '\\' || text.applyAsInt(at + 1) != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = at + 2; i < at + ESCAPE; i++) {
            int digit = Character.digit(text.applyAsInt(i), 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    private static boolean isHigh(int unit) {
        return unit >= Character.MIN_HIGH_SURROGATE && unit <= Character.MAX_HIGH_SURROGATE;
    }

    private static boolean isLow(int unit) {
        return unit >= Character.MIN_LOW_SURROGATE && unit <= Character.MAX_LOW_SURROGATE;
    }
}
