package dev.semblance.harness.golden;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;

/** Compares pictures exactly, by red, green and blue. Alpha is not looked at: what a scanout shows is opaque. */
public final class FrameComparator {

    private static final int RGB = 0xff_ffff;
    private static final int OPAQUE = 0xff00_0000;
    /** Magenta: hardly any desktop has it, and nobody takes it for the dimmed grey around it. */
    private static final int DIFFERS = 0xffff_00ff;

    private FrameComparator() {}

    /**
     * Compares every pixel.
     *
     * @param expected what it should be
     * @param actual what it is
     * @return how they differ, if they do
     */
    public static FrameDiff compare(Frame expected, Frame actual) {
        if (expected.width() != actual.width() || expected.height() != actual.height()) {
            return new FrameDiff.SizeDiffers(expected.width(), expected.height(), actual.width(), actual.height());
        }
        Tally tally = new Tally();
        int[] expectedRow = new int[expected.width()];
        int[] actualRow = new int[expected.width()];
        for (int y = 0; y < expected.height(); y++) {
            if (!expected.sameRow(actual, y)) {
                expected.copyRow(y, expectedRow, 0);
                actual.copyRow(y, actualRow, 0);
                tally.add(y, expectedRow, actualRow);
            }
        }
        return tally.diff((long) expected.width() * expected.height());
    }

    /**
     * Draws where the pictures differ: magenta over the expected picture in dim grey. Where the sizes differ, the drawing
     * holds both, and what only one of them covers differs.
     *
     * @param expected what it should be
     * @param actual what it is
     * @return what to show of the difference
     */
    public static Frame diffImage(Frame expected, Frame actual) {
        int width = Math.max(expected.width(), actual.width());
        int height = Math.max(expected.height(), actual.height());
        Frame.Row[] rows = new Frame.Row[height];
        for (int y = 0; y < height; y++) {
            int[] row = new int[width];
            for (int x = 0; x < width; x++) {
                boolean inBoth =
                        x < expected.width() && x < actual.width() && y < expected.height() && y < actual.height();
                row[x] = inBoth && (expected.argb(x, y) & RGB) == (actual.argb(x, y) & RGB)
                        ? dimmed(expected.argb(x, y))
                        : DIFFERS;
            }
            rows[y] = new Frame.Row(row);
        }
        return Frame.of(width, rows);
    }

    /** {@return the colour as grey (Rec. 601 weights) at two fifths of its brightness} */
    private static int dimmed(int argb) {
        int red = argb >> 16 & 0xff;
        int green = argb >> 8 & 0xff;
        int blue = argb & 0xff;
        int grey = (red * 299 + green * 587 + blue * 114) / 2500;
        return OPAQUE | grey << 16 | grey << 8 | grey;
    }

    /** Collects the pixels that differ. */
    private static final class Tally {
        private long count;
        private int left = Integer.MAX_VALUE;
        private int right = -1;
        private int top;
        private int bottom;
        private int firstX;
        private int firstExpected;
        private int firstActual;

        void add(int y, int[] expected, int[] actual) {
            for (int x = 0; x < expected.length; x++) {
                int wanted = expected[x] & RGB;
                int found = actual[x] & RGB;
                if (wanted != found) {
                    if (count == 0) {
                        top = y;
                        firstX = x;
                        firstExpected = wanted;
                        firstActual = found;
                    }
                    count++;
                    bottom = y;
                    left = Math.min(left, x);
                    right = Math.max(right, x);
                }
            }
        }

        FrameDiff diff(long total) {
            if (count == 0) {
                return new FrameDiff.Same();
            }
            return new FrameDiff.PixelsDiffer(
                    count,
                    total,
                    new PixelRect(left, top, right - left + 1, bottom - top + 1),
                    firstX,
                    top,
                    firstExpected,
                    firstActual);
        }
    }
}
