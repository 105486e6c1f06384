package dev.semblance.gpu.frame;

import java.util.Optional;

/** Puts the planes of a scanout together into the picture that a person would see. */
public final class Composition {

    private static final int BLACK = 0xff00_0000;

    private Composition() {}

    /**
     * {@return the picture of a scanout, all opaque: the primary plane with the cursor over it at the cursor plane's
     * position} What sticks out of the primary plane is not seen.
     *
     * @param primary the primary plane, or empty when it is dark, which is black
     * @param cursor the cursor plane
     * @param darkWidth the width of a dark picture, that of the display's mode
     * @param darkHeight its height
     */
    public static Frame compose(Optional<Frame> primary, CursorPlane cursor, int darkWidth, int darkHeight) {
        return compose(primary.orElseGet(() -> Frame.solid(darkWidth, darkHeight, BLACK)), cursor);
    }

    /**
     * {@return the primary plane with the cursor over it; rows without the cursor are shared}
     *
     * @param primary the picture below the cursor
     * @param cursor the cursor plane
     */
    public static Frame compose(Frame primary, CursorPlane cursor) {
        return cursor.image()
                .map(image -> compose(primary, image, cursor.x(), cursor.y()))
                .orElse(primary);
    }

    /** In 64 bits: a position near the end of the 32-bit range plus the cursor's size must not wrap into view. */
    private static Frame compose(Frame primary, Frame image, long x, long y) {
        int left = Math.clamp(x, 0, primary.width());
        int right = Math.clamp(x + image.width(), 0, primary.width());
        int top = Math.clamp(y, 0, primary.height());
        int bottom = Math.clamp(y + image.height(), 0, primary.height());
        if (left >= right || top >= bottom) {
            return primary;
        }
        Frame.Row[] rows = new Frame.Row[primary.height()];
        for (int row = 0; row < rows.length; row++) {
            rows[row] = primary.row(row);
        }
        for (int row = top; row < bottom; row++) {
            int[] pixels = new int[primary.width()];
            primary.copyRow(row, pixels, 0);
            for (int column = left; column < right; column++) {
                pixels[column] = over(image.argb((int) (column - x), (int) (row - y)), pixels[column]);
            }
            rows[row] = new Frame.Row(pixels);
        }
        return Frame.of(primary.width(), rows);
    }

    /** Straight alpha over an opaque pixel: (s * a + d * (255 - a) + 127) / 255 in each channel. */
    private static int over(int source, int destination) {
        int alpha = source >>> 24;
        return BLACK
                | blend(source >> 16 & 0xff, destination >> 16 & 0xff, alpha) << 16
                | blend(source >> 8 & 0xff, destination >> 8 & 0xff, alpha) << 8
                | blend(source & 0xff, destination & 0xff, alpha);
    }

    private static int blend(int source, int destination, int alpha) {
        return (source * alpha + destination * (255 - alpha) + 127) / 255;
    }
}
