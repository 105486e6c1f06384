package dev.semblance.gpu.frame;

import dev.semblance.machine.state.StateExchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * An immutable picture made of shared rows: publishing one again after a small change costs the changed rows.
 *
 * <p>A pixel is an ARGB integer ({@code 0xAARRGGBB}), straight alpha; primary planes are opaque (alpha 255).
 */
public final class Frame {

    /** What a saved picture may have: all that a GPU's images can have together. */
    private static final long MAX_PIXELS = (256L << 20) / 4;

    /** One row of pixels with its digest, shared between the frames that show it. */
    public static final class Row {
        private static final long[] NOT_NOTED = {};

        /** About what a row takes besides its numbers, and whoever keeps it for it. */
        private static final int OVERHEAD = 72;

        private final int[] pixels;
        private final int width;
        private final long digest;

        /** States on the way to the digest, if this row came of another. */
        private final long[] states;

        /**
         * Makes a row that owns {@code pixels} from here on.
         *
         * @param pixels the pixels, row by row, alpha in the highest byte
         */
        public Row(int[] pixels) {
            this.pixels = pixels;
            this.width = pixels.length;
            this.states = NOT_NOTED;
            this.digest = FrameDigest.ofRow(pixels);
        }

        private Row(int[] pixels, long[] states, int known) {
            this.pixels = pixels;
            this.width = pixels.length;
            this.states = states;
            this.digest = FrameDigest.ofRow(pixels, states, known);
        }

        /**
         * {@return this row with other pixels from {@code from} on} It is digested from there on, once a row was made of this
         * one: what changes again and again is often a small part of a screen.
         *
         * @param from the first pixel that may differ
         * @param changed takes the place of as many pixels, wholly inside the row
         */
        public Row with(int from, int[] changed) {
            int[] result = pixels.clone();
            System.arraycopy(changed, 0, result, from, changed.length);
            int same = from / FrameDigest.STATE_PIXELS;
            if (same == 0) {
                return new Row(result);
            }
            boolean noted = states.length > 0;
            return new Row(result, noted ? states.clone() : FrameDigest.states(width), noted ? same : 0);
        }

        /** {@return the digest of the row: {@link FrameDigest#ofRow}} */
        public long digest() {
            return digest;
        }

        /**
         * {@return about how many bytes a row of so many pixels takes}
         *
         * @param width in pixels
         */
        public static long bytes(long width) {
            return width * Integer.BYTES + width / FrameDigest.STATE_PIXELS * FrameDigest.STATE_BYTES + OVERHEAD;
        }
    }

    private static final int[] NO_PIXELS = {};

    private final int width;
    private final Row[] rows;
    private final long digest;

    private Frame(int width, Row[] rows) {
        this.width = width;
        this.rows = rows;
        this.digest = FrameDigest.ofFrame(width, rows);
    }

    /**
     * Makes a frame of rows.
     *
     * @param width pixels in every row, at least 1
     * @param rows top to bottom, at least one; the array is copied, the rows are shared
     * @return a frame of these rows
     */
    public static Frame of(int width, Row... rows) {
        if (width <= 0 || rows.length == 0) {
            throw new IllegalArgumentException("a frame has at least one pixel");
        }
        for (Row row : rows) {
            if (row.width != width) {
                throw new IllegalArgumentException("row of " + row.width + " pixels in a frame " + width + " wide");
            }
        }
        return new Frame(width, rows.clone());
    }

    /**
     * Makes a frame from {@code width * height} ARGB pixels, row by row.
     *
     * @param width in pixels
     * @param height in pixels
     * @param argb one pixel an int, row by row, alpha in the highest byte
     * @return a frame with a copy of the pixels
     */
    public static Frame ofPixels(int width, int height, int[] argb) {
        if (argb.length != Math.multiplyExact(width, height)) {
            throw new IllegalArgumentException(argb.length + " pixels for " + width + "x" + height);
        }
        Row[] rows = new Row[height];
        for (int y = 0; y < height; y++) {
            rows[y] = new Row(Arrays.copyOfRange(argb, y * width, (y + 1) * width));
        }
        return of(width, rows);
    }

    /**
     * Makes a frame of one colour.
     *
     * @param width in pixels
     * @param height in pixels
     * @param argb one pixel an int, row by row, alpha in the highest byte
     * @return a frame of one color
     */
    public static Frame solid(int width, int height, int argb) {
        int[] pixels = new int[width];
        Arrays.fill(pixels, argb);
        Row[] rows = new Row[height];
        Arrays.fill(rows, new Row(pixels));
        return of(width, rows);
    }

    /**
     * {@return a picture that may be there, or the one that is loaded} Its rows are shared with a saved state. A picture is
     * never digested as it is: its {@link #digest} is, where it counts.
     *
     * @param s saves or loads it
     * @param picture as it is
     */
    public static Optional<Frame> exchanged(StateExchange s, Optional<Frame> picture) {
        if (!s.saved(picture.isPresent())) {
            return Optional.empty();
        }
        int width = s.saved(picture.map(Frame::width).orElse(1), 1, Integer.MAX_VALUE);
        int height = s.saved(picture.map(Frame::height).orElse(1), 1, Integer.MAX_VALUE);
        s.require((long) width * height <= MAX_PIXELS, "a picture of it is larger than any image");
        List<Row> loaded = new ArrayList<>();
        for (int y = 0; y < height; y++) {
            int[] now = s.isLoading() ? NO_PIXELS : picture.orElseThrow().rows[y].pixels;
            int[] pixels = s.savedRow(now, width);
            if (s.isLoading()) {
                loaded.add(new Row(pixels));
            }
        }
        return s.isLoading() ? Optional.of(of(width, loaded.toArray(Row[]::new))) : picture;
    }

    /** {@return the width in pixels} */
    public int width() {
        return width;
    }

    /** {@return the height in pixels} */
    public int height() {
        return rows.length;
    }

    /**
     * {@return the pixel at column {@code x} of row {@code y} as ARGB}
     *
     * @param x the column, from 0
     * @param y the row, from 0
     */
    public int argb(int x, int y) {
        return rows[y].pixels[x];
    }

    /** {@return row {@code y}, to share it} */
    Row row(int y) {
        return rows[y];
    }

    /**
     * Copies row {@code y} to {@code target} from {@code offset}.
     *
     * @param y the row, from 0
     * @param target where the row goes
     * @param offset of its first pixel in {@code target}
     */
    public void copyRow(int y, int[] target, int offset) {
        System.arraycopy(rows[y].pixels, 0, target, offset, width);
    }

    /**
     * {@return whether row {@code y} of both frames is the same; fast where they share it}
     *
     * @param other a frame of the same width
     * @param y the row, from 0
     */
    public boolean sameRow(Frame other, int y) {
        return sameRow(y, other, y);
    }

    /**
     * {@return whether a row of this frame is the same as a row of another; fast where they share it}
     *
     * @param y the row of this one, from 0
     * @param other a frame of the same width
     * @param otherY the row of the other one, from 0
     */
    public boolean sameRow(int y, Frame other, int otherY) {
        Row mine = rows[y];
        Row theirs = other.rows[otherY];
        return mine == theirs || mine.digest == theirs.digest && Arrays.equals(mine.pixels, theirs.pixels);
    }

    /**
     * {@return the digest of a row: {@link FrameDigest#ofRow}}
     *
     * @param y the row, from 0
     */
    public long rowDigest(int y) {
        return rows[y].digest;
    }

    /** {@return the digest of size and pixels: {@link FrameDigest}} Computed once, from the digests of the rows. */
    public long digest() {
        return digest;
    }

    @Override
    public boolean equals(Object object) {
        if (!(object instanceof Frame other)
                || digest != other.digest
                || width != other.width
                || rows.length != other.rows.length) {
            return false;
        }
        for (int y = 0; y < rows.length; y++) {
            if (!sameRow(other, y)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(digest);
    }

    @Override
    public String toString() {
        return "Frame[" + width + "x" + rows.length + ", digest "
                + HexFormat.of().toHexDigits(digest) + "]";
    }
}
