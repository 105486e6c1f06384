package dev.semblance.harness.golden.png;

import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The scanlines of a PNG file one after the other, inflated, and with their filters undone. */
final class PngRows implements AutoCloseable {

    /** Deflate makes at most 1032 bytes of one, so a file that claims more is damaged. */
    private static final long MAX_EXPANSION = 1032;

    private final byte[] file;
    private final PngLayout layout;
    private final Inflater inflater = new Inflater();
    private final int stride;

    /** The row above the next one; above the very first all is zero. */
    private final byte[] above;

    private int nextChunk;

    private PngRows(byte[] file, PngLayout layout, int stride) {
        this.file = file;
        this.layout = layout;
        this.stride = stride;
        this.above = new byte[stride];
    }

    /** Begins at the top of a picture; empty if it says to be larger than its data can be. */
    static Optional<PngRows> of(byte[] file, PngLayout layout) {
        long stride = 1 + (long) layout.width() * layout.samples();
        return stride * layout.height() > layout.dataBytes() * MAX_EXPANSION
                ? Optional.empty()
                : Optional.of(new PngRows(file, layout, (int) stride));
    }

    /** {@return the bytes of a row: the filter's number, then the samples} */
    int stride() {
        return stride;
    }

    /**
     * Puts the next rows into {@code lines}, from its start.
     *
     * @return whether they were there, and sound
     */
    boolean next(byte[] lines, int count) throws DataFormatException {
        if (!inflate(lines, count * stride)) {
            return false;
        }
        for (int i = 0; i < count; i++) {
            int at = i * stride;
            boolean first = i == 0;
            if (!PngFilters.undo(lines, at, first ? above : lines, first ? 0 : at - stride, stride, layout.samples())) {
                return false;
            }
        }
        System.arraycopy(lines, (count - 1) * stride, above, 0, stride);
        return true;
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

    /** {@return whether the data ends, checksum and all, where the picture does} */
    boolean ended() throws DataFormatException {
        byte[] more = new byte[1];
        while (!inflater.finished()) {
            if (inflater.inflate(more) != 0 || !inflater.finished() && !feed()) {
                return false;
            }
        }
        return inflater.getRemaining() == 0 && nextChunk == layout.dataChunks();
    }

    @Override
    public void close() {
        inflater.end();
    }
}
