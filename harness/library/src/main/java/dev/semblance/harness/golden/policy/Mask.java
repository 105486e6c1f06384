package dev.semblance.harness.golden.policy;

import dev.semblance.harness.Text;

/** A rectangle of pixels that is not compared. Its corner is not negative, its edges are 1 to 16384 long. */
public record Mask(int x, int y, int width, int height) {

    /** Tells whether all of it is in a picture of this size. */
    public boolean isWithin(int pictureWidth, int pictureHeight) {
        return (long) x + width <= pictureWidth && (long) y + height <= pictureHeight;
    }

    /** Returns where it is, as {@code WIDTHxHEIGHT at (X, Y)}. */
    public String sentence() {
        return Text.format("%dx%d at (%d, %d)", width, height, x, y);
    }
}
