package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.util.Text;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * A PNG file of the kinds that frames are kept in: 8 bits a sample, grey, RGB, palette or RGB with alpha, not interlaced.
 * Samples are taken as they are stored, alpha is dropped. Two images can be compared by their samples, without making
 * frames of them.
 *
 * <p>ImageIO reads such files too, and reads all others here. This reader is for the start of the program: the first image
 * that ImageIO reads costs five to seven times as much, since it starts AWT. Warm it is 1.5 to 2 times as fast
 * (docs/BENCHMARKS.md).
 */
public final class PngImage {

    private final PngLayout layout;
    private final int stride;
    private final byte[] lines;
    private final int[] colours;

    private PngImage(PngLayout layout, int stride, byte[] lines) {
        this.layout = layout;
        this.stride = stride;
        this.lines = lines;
        this.colours = layout.colours();
    }

    /**
     * Reads the bytes of a file.
     *
     * @param maxEdge the most pixels along an edge
     * @param maxPixels the most pixels in all
     * @return empty if it is no such file, larger than that, or damaged in any way
     */
    public static Optional<PngImage> decode(byte[] file, int maxEdge, long maxPixels) {
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

    private static Optional<PngImage> read(PngLayout layout, PngRows rows) throws DataFormatException {
        int height = layout.height();
        byte[] lines = new byte[Math.multiplyExact(rows.stride(), height)];
        if (!rows.next(lines, height) || !rows.ended()) {
            return Optional.empty();
        }
        // How a row was filtered is no part of the image.
        for (int y = 0; y < height; y++) {
            lines[y * rows.stride()] = 0;
        }
        PngImage image = new PngImage(layout, rows.stride(), lines);
        return image.isInPalette() ? Optional.of(image) : Optional.empty();
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
     * {@return whether the images are seen to be the same without a look at single pixels} False says nothing: the same
     * colours can be stored in different ways.
     */
    public boolean isStoredLike(PngImage other) {
        return layout.width() == other.layout.width()
                && layout.height() == other.layout.height()
                && layout.samples() == other.layout.samples()
                && Arrays.equals(colours, other.colours)
                && Arrays.equals(lines, other.lines);
    }

    /** {@return the first pixel that is not opaque, row by row from the top left, in words; empty if there is none} */
    public Optional<String> firstTransparent() {
        int samples = layout.samples();
        for (int y = 0; samples == 4 && y < layout.height(); y++) {
            for (int x = 0; x < layout.width(); x++) {
                int alpha = lines[y * stride + 1 + x * samples + 3] & 0xff;
                if (alpha != 0xff) {
                    return Optional.of(Text.format("first at (%d, %d), where alpha is %d", x, y, alpha));
                }
            }
        }
        return Optional.empty();
    }

    /** {@return the image as a frame} */
    public Frame toFrame() {
        return Frame.of(layout.width(), rows(new Frame.Row[0], Optional.empty()));
    }

    /** {@return this image and another one as frames, which share the rows that are the same} */
    public Frames toFrames(PngImage other) {
        boolean alike = layout.width() == other.layout.width()
                && layout.samples() == other.layout.samples()
                && Arrays.equals(colours, other.colours);
        Frame.Row[] rows = rows(new Frame.Row[0], Optional.empty());
        Frame.Row[] others = other.rows(rows, alike ? Optional.of(lines) : Optional.empty());
        return new Frames(Frame.of(layout.width(), rows), Frame.of(other.layout.width(), others));
    }

    /** Two images as frames. */
    public record Frames(Frame first, Frame second) {}

    /** {@return the rows of this image; those whose samples are as in {@code knownLines} are taken from {@code known}} */
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
