package dev.semblance.harness.replay.pixels;

import dev.semblance.gpu.protocol.Rect;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A set of pixels of an image: a bit for each, row by row without gaps, in blocks that come when the first pixel of them is
 * added. So it takes an eighth of a byte a pixel at most, however narrow and high the image is. Rectangles must fit in the
 * image.
 */
public final class PixelSet {

    /** Pixels in a block: 32 KiB of bits. */
    private static final int BLOCK_BITS = 1 << 18;

    private static final int BLOCK_WORDS = BLOCK_BITS / Long.SIZE;

    private final int width;
    private final long[] @Nullable [] blocks;

    /** Makes a set without pixels. */
    public PixelSet(int width, int height) {
        this.width = width;
        this.blocks = new long[(int) Math.ceilDiv((long) width * height, BLOCK_BITS)][];
    }

    /** What is done with some pixels of a row, or of rows that lie one behind the other. */
    @FunctionalInterface
    private interface Run {
        void of(long from, long to);
    }

    /** Adds the pixels of a rectangle. */
    public void add(Rect rect) {
        runs(rect, (from, to) -> change(from, to, true));
    }

    /** Takes the pixels of a rectangle out. */
    public void remove(Rect rect) {
        runs(rect, (from, to) -> change(from, to, false));
    }

    /** Takes the pixels of a rectangle out, and adds those that were there to another set of the same image. */
    public void moveTo(PixelSet other, Rect rect) {
        runs(rect, (from, to) -> {
            for (long at = from; at < to; at = end(at, to)) {
                long there = word(at) & mask(at, to);
                if (there != 0) {
                    other.wordsOf(at)[wordIn(at)] |= there;
                    wordsOf(at)[wordIn(at)] &= ~there;
                }
            }
        });
    }

    /** {@return whether a pixel is in the set} */
    public boolean contains(int x, int y) {
        long at = (long) y * width + x;
        return (word(at) >>> at & 1) != 0;
    }

    /** {@return the smallest rectangle with all pixels of the set that are in a rectangle; empty if there are none} */
    public Optional<Rect> boundsIn(Rect rect) {
        return bounds(rect, 0);
    }

    /** {@return the smallest rectangle with all pixels of a rectangle that are not in the set; empty if there are none} */
    public Optional<Rect> missingIn(Rect rect) {
        return bounds(rect, -1);
    }

    private void runs(Rect rect, Run run) {
        if (rect.x() == 0 && rect.width() == width) {
            run.of(rect.y() * width, (rect.y() + rect.height()) * width);
            return;
        }
        for (long y = rect.y(); y < rect.y() + rect.height(); y++) {
            run.of(y * width + rect.x(), y * width + rect.x() + rect.width());
        }
    }

    private void change(long from, long to, boolean set) {
        for (long at = from; at < to; at = end(at, to)) {
            if (set) {
                wordsOf(at)[wordIn(at)] |= mask(at, to);
            } else if (blocks[block(at)] != null) {
                wordsOf(at)[wordIn(at)] &= ~mask(at, to);
            }
        }
    }

    private Optional<Rect> bounds(Rect rect, long inverted) {
        long left = Long.MAX_VALUE;
        long right = -1;
        long top = -1;
        long bottom = -1;
        for (long y = rect.y(); y < rect.y() + rect.height(); y++) {
            long start = y * width;
            long to = start + rect.x() + rect.width();
            for (long at = start + rect.x(); at < to; at = end(at, to)) {
                long there = (word(at) ^ inverted) & mask(at, to);
                if (there != 0) {
                    long first = at & -Long.SIZE;
                    left = Math.min(left, first + Long.numberOfTrailingZeros(there) - start);
                    right = Math.max(right, first + Long.SIZE - 1 - Long.numberOfLeadingZeros(there) - start);
                    top = top < 0 ? y : top;
                    bottom = y;
                }
            }
        }
        return right < 0 ? Optional.empty() : Optional.of(new Rect(left, top, right - left + 1, bottom - top + 1));
    }

    /** {@return where the word ends that a bit is in, or the run} */
    private static long end(long at, long to) {
        return Math.min((at | Long.SIZE - 1) + 1, to);
    }

    /** {@return the bits of a word from one on, up to the end of a run} */
    private static long mask(long from, long to) {
        long count = end(from, to) - from;
        return -1L >>> Long.SIZE - count << from;
    }

    private static int block(long at) {
        return (int) (at / BLOCK_BITS);
    }

    private static int wordIn(long at) {
        return (int) (at / Long.SIZE % BLOCK_WORDS);
    }

    private long word(long at) {
        long[] words = blocks[block(at)];
        return words == null ? 0 : words[wordIn(at)];
    }

    /** {@return the words of a block, which is there from now on} */
    private long[] wordsOf(long at) {
        long[] words = blocks[block(at)];
        if (words == null) {
            words = new long[BLOCK_WORDS];
            blocks[block(at)] = words;
        }
        return words;
    }
}
