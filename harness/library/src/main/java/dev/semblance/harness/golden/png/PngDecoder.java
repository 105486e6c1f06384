package dev.semblance.harness.golden.png;

import dev.semblance.gpu.frame.Frame;
import java.util.Optional;
import java.util.zip.DataFormatException;

/**
 * Reads the PNG files that screens are kept in, several times as fast as ImageIO: 8 bits a sample, grey, RGB, palette or
 * RGB with alpha, not interlaced. Samples are taken as they are stored, alpha is dropped. Whatever else a file is, damaged
 * above all, is for somebody else to read or to refuse.
 */
public final class PngDecoder {

    /** Rows are inflated in portions of about this size, which stay in the processor's caches. */
    private static final int PORTION = 1 << 16;

    private PngDecoder() {}

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
        Optional<PngRows> rows = PngRows.of(file, layout);
        if (rows.isEmpty()) {
            return Optional.empty();
        }
        try (PngRows open = rows.get()) {
            return frame(layout, open);
        } catch (DataFormatException e) {
            return Optional.empty();
        }
    }

    private static Optional<Frame> frame(PngLayout layout, PngRows from) throws DataFormatException {
        int stride = from.stride();
        Frame.Row[] rows = new Frame.Row[layout.height()];
        int portion = Math.min(rows.length, Math.max(1, PORTION / stride));
        byte[] lines = new byte[portion * stride];
        PngPixels pixels = new PngPixels(layout);
        for (int y = 0; y < rows.length; y += portion) {
            int count = Math.min(portion, rows.length - y);
            if (!from.next(lines, count)) {
                return Optional.empty();
            }
            for (int i = 0; i < count; i++) {
                int[] row = new int[layout.width()];
                if (!pixels.convert(lines, i * stride + 1, row)) {
                    return Optional.empty();
                }
                rows[y + i] = new Frame.Row(row);
            }
        }
        return from.ended() ? Optional.of(Frame.of(layout.width(), rows)) : Optional.empty();
    }
}
