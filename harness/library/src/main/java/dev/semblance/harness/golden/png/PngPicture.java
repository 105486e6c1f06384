package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * The picture of a PNG file as {@link PngDecoder} reads it, but with its samples left as they are: enough to tell whether it
 * is the same as another one, at two thirds of the cost.
 */
public final class PngPicture {

    private final PngLayout layout;
    private final int stride;
    private final byte[] lines;
    private final int[] colours;

    private PngPicture(PngLayout layout, int stride, byte[] lines) {
        this.layout = layout;
        this.stride = stride;
        this.lines = lines;
        this.colours = layout.colours();
    }

    /** Returns the picture in a file; arguments and result as those of {@link PngDecoder#decode}. */
    public static Optional<PngPicture> decode(byte[] file, int maxEdge, long maxPixels) {
        Optional<PngLayout> layout = PngLayout.of(file, maxEdge, maxPixels);
        Optional<PngRows> rows = layout.flatMap(found -> PngRows.of(file, found));
        if (layout.isEmpty() || rows.isEmpty()) {
            return Optional.empty();
        }
        try (PngRows open = rows.get()) {
            return read(layout.get(), open);
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<PngPicture> read(PngLayout layout, PngRows rows) throws DataFormatException {
        int height = layout.height();
        byte[] lines = new byte[Math.multiplyExact(rows.stride(), height)];
        if (!rows.next(lines, height) || !rows.ended()) {
            return Optional.empty();
        }
        // How a row was filtered is no part of the picture.
        for (int y = 0; y < height; y++) {
            lines[y * rows.stride()] = 0;
        }
        PngPicture picture = new PngPicture(layout, rows.stride(), lines);
        return picture.isInPalette() ? Optional.of(picture) : Optional.empty();
    }

    private boolean isInPalette() {
        if (layout.samples() != 1 || colours.length == 256) {
            return true;
        }
        for (byte line : lines) {
            if ((line & 0xff) >= colours.length) {
                return false;
            }
        }
        return true;
    }

    /**
     * Tells whether the pictures are seen to be the same without a look at single pixels. False says nothing: the same
     * colours can be stored in different ways.
     */
    public boolean isStoredLike(PngPicture other) {
        return layout.width() == other.layout.width()
                && layout.height() == other.layout.height()
                && layout.samples() == other.layout.samples()
                && Arrays.equals(colours, other.colours)
                && Arrays.equals(lines, other.lines);
    }

    /** Returns the picture as a frame. */
    public Frame toFrame() {
        return Frame.of(layout.width(), rows(new Frame.Row[0], Optional.empty()));
    }

    /** Returns this picture and another one as frames, which share the rows that are the same. */
    public Frames toFrames(PngPicture other) {
        boolean alike = layout.width() == other.layout.width()
                && layout.samples() == other.layout.samples()
                && Arrays.equals(colours, other.colours);
        Frame.Row[] rows = rows(new Frame.Row[0], Optional.empty());
        Frame.Row[] others = other.rows(rows, alike ? Optional.of(lines) : Optional.empty());
        return new Frames(Frame.of(layout.width(), rows), Frame.of(other.layout.width(), others));
    }

    /** Two pictures. */
    public record Frames(Frame first, Frame second) {}

    /** Returns the rows of this picture; those whose samples are as in {@code knownLines} are taken from {@code known}. */
    private Frame.Row[] rows(Frame.Row[] known, Optional<byte[]> knownLines) {
        PngPixels pixels = new PngPixels(layout);
        Frame.Row[] rows = new Frame.Row[layout.height()];
        for (int y = 0; y < rows.length; y++) {
            int from = y * stride;
            if (knownLines.isPresent()
                    && y < known.length
                    && Arrays.equals(lines, from, from + stride, knownLines.get(), from, from + stride)) {
                rows[y] = known[y];
                continue;
            }
            int[] row = new int[layout.width()];
            if (!pixels.convert(lines, from + 1, row)) {
                throw new IllegalStateException("a colour that was in the palette is not");
            }
            rows[y] = new Frame.Row(row);
        }
        return rows;
    }
}
