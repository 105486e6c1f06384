package dev.semblance.harness.guest.images;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A display mode that the GPU offers, in pixels. EDID's detailed timings hold 12 bits for each (E-EDID 1.4, 3.10.2).
 *
 * @param width 1 to {@value #MAX}
 * @param height 1 to {@value #MAX}
 */
public record DisplayMode(int width, int height) {

    /** The largest width and height. */
    public static final int MAX = 4095;

    private static final Pattern SYNTAX = Pattern.compile("([1-9][0-9]{0,3})x([1-9][0-9]{0,3})");

    /** Checks the limits. */
    public DisplayMode {
        if (width < 1 || width > MAX || height < 1 || height > MAX) {
            throw new IllegalArgumentException("no display mode: " + width + "x" + height);
        }
    }

    /**
     * Understands {@code WIDTHxHEIGHT}; empty if it is not that, or beyond the limits.
     *
     * @param text as WIDTHxHEIGHT
     * @return the mode, or empty
     */
    public static Optional<DisplayMode> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int width = Integer.parseInt(matcher.group(1));
        int height = Integer.parseInt(matcher.group(2));
        return width > MAX || height > MAX ? Optional.empty() : Optional.of(new DisplayMode(width, height));
    }

    @Override
    public String toString() {
        return width + "x" + height;
    }
}
