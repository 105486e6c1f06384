package dev.semblance.harness.png;

import dev.semblance.gpu.frame.Frame;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Reads the PNG files that screens are kept in, several times as fast as ImageIO: 8 bits a sample, grey, RGB, palette or
 * RGB with alpha, not interlaced. Samples are taken as they are stored, alpha is dropped. Whatever else a file is, damaged
 * above all, is for somebody else to read or to refuse.
 */
public final class PngDecoder {

    /** Deflate makes at most 1032 bytes of one, so a file that claims more is damaged. */
    private static final long MAX_EXPANSION = 1032;

    /** Rows are inflated in portions of about this size, which stay in the processor's caches. */
    private static final int PORTION = 1 << 16;

    private static final int OPAQUE = 0xff00_0000;

    private final byte[] file;
    private final PngLayout layout;
    private final Inflater inflater;
    private int nextChunk;

    private PngDecoder(byte[] file, PngLayout layout, Inflater inflater) {
        this.file = file;
        this.layout = layout;
        this.inflater = inflater;
    }

    /**
     * Returns the picture in a file.
     *
     * @param maxEdge the most pixels along an edge
     * @param maxPixels the most pixels in all
     * @return empty if it is no such file, larger than that, or damaged in any way
     */
    public static Optional<Frame> decode(byte[] file, int maxEdge, long maxPixels) {
        return PngLayout.of(file, maxEdge, maxPixels).flatMap(layout -> decode(file, layout));
    }

    private static Optional<Frame> decode(byte[] file, PngLayout layout) {
        long stride = 1 + (long) layout.width() * layout.samples();
        if (stride * layout.height() > layout.dataBytes() * MAX_EXPANSION) {
            return Optional.empty();
        }
        Inflater inflater = new Inflater();
        try {
            return new PngDecoder(file, layout, inflater).rows((int) stride);
        } catch (DataFormatException e) {
            return Optional.empty();
        } finally {
            inflater.end();
        }
    }

    private Optional<Frame> rows(int stride) throws DataFormatException {
        int samples = layout.samples();
        int[] colours = layout.colours();
        Frame.Row[] rows = new Frame.Row[layout.height()];
        int portion = Math.min(rows.length, Math.max(1, PORTION / stride));
        byte[] lines = new byte[portion * stride];
        // The row above the first of a portion is the last of the one before; above the very first all is zero.
        byte[] last = new byte[stride];
        for (int y = 0; y < rows.length; y += portion) {
            int count = Math.min(portion, rows.length - y);
            if (!inflate(lines, count * stride)) {
                return Optional.empty();
            }
            for (int i = 0; i < count; i++) {
                int at = i * stride;
                boolean first = i == 0;
                if (!PngFilters.undo(lines, at, first ? last : lines, first ? 0 : at - stride, stride, samples)) {
                    return Optional.empty();
                }
                int[] pixels = new int[layout.width()];
                if (!pixels(lines, at + 1, samples, colours, pixels)) {
                    return Optional.empty();
                }
                rows[y + i] = new Frame.Row(pixels);
            }
            System.arraycopy(lines, (count - 1) * stride, last, 0, stride);
        }
        return ended() ? Optional.of(Frame.of(layout.width(), rows)) : Optional.empty();
    }

    private boolean inflate(byte[] to, int count) throws DataFormatException {
        int done = 0;
        while (done < count) {
            int now = inflater.inflate(to, done, count - done);
            done += now;
            if (now == 0 && (inflater.finished() || inflater.needsDictionary() || !feed())) {
                return false;
            }
        }
        return true;
    }

    private boolean feed() {
        if (!inflater.needsInput() || nextChunk == layout.dataChunks()) {
            return false;
        }
        inflater.setInput(file, layout.dataOffset(nextChunk), layout.dataLength(nextChunk));
        nextChunk++;
        return true;
    }

    /** Tells whether the data ends, checksum and all, where the picture does. */
    private boolean ended() throws DataFormatException {
        byte[] more = new byte[1];
        while (!inflater.finished()) {
            if (inflater.inflate(more) != 0 || !inflater.finished() && !feed()) {
                return false;
            }
        }
        return inflater.getRemaining() == 0 && nextChunk == layout.dataChunks();
    }

    /** Makes opaque pixels of samples; returns false if one is not in the palette. */
    private static boolean pixels(byte[] line, int from, int samples, int[] colours, int[] pixels) {
        switch (samples) {
            case 3 -> {
                for (int x = 0, i = from; x < pixels.length; x++, i += 3) {
                    pixels[x] = OPAQUE | (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | line[i + 2] & 0xff;
                }
            }
            case 4 -> {
                for (int x = 0, i = from; x < pixels.length; x++, i += 4) {
                    pixels[x] = OPAQUE | (line[i] & 0xff) << 16 | (line[i + 1] & 0xff) << 8 | line[i + 2] & 0xff;
                }
            }
            default -> {
                for (int x = 0; x < pixels.length; x++) {
                    int sample = line[from + x] & 0xff;
                    if (sample >= colours.length) {
                        return false;
                    }
                    pixels[x] = colours[sample];
                }
            }
        }
        return true;
    }
}
