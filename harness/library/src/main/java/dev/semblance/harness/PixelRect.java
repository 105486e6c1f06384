package dev.semblance.harness;

import dev.semblance.harness.util.Text;

/**
 * A rectangle of pixels. What numbers it may have is a matter of where it comes from.
 *
 * @param x left edge
 * @param y top edge
 * @param width in pixels
 * @param height in pixels
 */
public record PixelRect(int x, int y, int width, int height) {

    /**
     * {@return whether all of it is in a picture of this size}
     *
     * @param pictureWidth in pixels
     * @param pictureHeight in pixels
     */
    public boolean isWithin(int pictureWidth, int pictureHeight) {
        return (long) x + width <= pictureWidth && (long) y + height <= pictureHeight;
    }

    /** {@return where it is, as {@code WIDTHxHEIGHT at (X, Y)}} */
    public String sentence() {
        return Text.format("%dx%d at (%d, %d)", width, height, x, y);
    }
}
