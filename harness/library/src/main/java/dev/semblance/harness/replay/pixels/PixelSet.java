package dev.semblance.harness.replay.pixels;

import dev.semblance.gpu.protocol.Rect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A set of pixels of an image. A row that has none takes no memory. Rectangles must fit in the image. */
public final class PixelSet {

    private final int width;
    private final long[] @Nullable [] rows;

    /** Makes a set without pixels. */
    public PixelSet(int width, int height) {
        this.width = width;
        this.rows = new long[height][];
    }

    /** Adds the pixels of a rectangle. */
    public void add(Rect rect) {
        for (int y = top(rect); y < bottom(rect); y++) {
            long[] row = rows[y];
            if (row == null) {
                row = new long[Math.ceilDiv(width, Long.SIZE)];
                rows[y] = row;
            }
            for (int word = first(rect); word <= last(rect); word++) {
                row[word] |= mask(rect, word);
            }
        }
    }

    /** Takes the pixels of a rectangle out. */
    public void remove(Rect rect) {
        for (int y = top(rect); y < bottom(rect); y++) {
            long[] row = rows[y];
            if (row != null) {
                for (int word = first(rect); word <= last(rect); word++) {
                    row[word] &= ~mask(rect, word);
                }
            }
        }
    }

    /** {@return the smallest rectangle with all pixels of the set that are in a rectangle; empty if there are none} */
    public Optional<Rect> boundsIn(Rect rect) {
        return bounds(rect, 0);
    }

    /** {@return the smallest rectangle with all pixels of a rectangle that are not in the set; empty if there are none} */
    public Optional<Rect> missingIn(Rect rect) {
        return bounds(rect, -1);
    }

    /** {@return whether a pixel is in the set} */
    public boolean contains(int x, int y) {
        long[] row = rows[y];
        return row != null && (row[x / Long.SIZE] >>> x & 1) != 0;
    }

    private Optional<Rect> bounds(Rect rect, long inverted) {
        int left = Integer.MAX_VALUE;
        int right = -1;
        int top = -1;
        int bottom = -1;
        for (int y = top(rect); y < bottom(rect); y++) {
            long[] row = rows[y];
            for (int word = first(rect); word <= last(rect); word++) {
                long there = ((row == null ? 0 : row[word]) ^ inverted) & mask(rect, word);
                if (there != 0) {
                    left = Math.min(left, word * Long.SIZE + Long.numberOfTrailingZeros(there));
                    right = Math.max(right, word * Long.SIZE + Long.SIZE - 1 - Long.numberOfLeadingZeros(there));
                    top = top < 0 ? y : top;
                    bottom = y;
                }
            }
        }
        return right < 0 ? Optional.empty() : Optional.of(new Rect(left, top, right - left + 1L, bottom - top + 1L));
    }

    private static int top(Rect rect) {
        return (int) rect.y();
    }

    private static int bottom(Rect rect) {
        return (int) (rect.y() + rect.height());
    }

    private static int first(Rect rect) {
        return (int) (rect.x() / Long.SIZE);
    }

    private static int last(Rect rect) {
        return (int) ((rect.x() + rect.width() - 1) / Long.SIZE);
    }

    /** {@return the bits of a word of a row that a rectangle has} */
    private static long mask(Rect rect, int word) {
        long start = Math.max(rect.x() - (long) word * Long.SIZE, 0);
        long end = Math.min(rect.x() + rect.width() - (long) word * Long.SIZE, Long.SIZE);
        return start >= end ? 0 : -1L >>> (Long.SIZE - (end - start)) << start;
    }
}
