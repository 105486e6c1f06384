package dev.semblance.harness.text;

import java.util.Locale;

/** Formatting that is the same in every locale, which {@link String#formatted} is not: digits and commas differ. */
final class Words {

    private Words() {}

    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a library of its own.
    static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
