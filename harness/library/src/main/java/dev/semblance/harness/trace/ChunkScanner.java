package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.io.IOException;

/** Walks the chunks of a file and tells a file that stops early from one that is damaged. */
final class ChunkScanner {

    /** What the walk finds next. */
    sealed interface Found {

        /** A chunk whose checksums fit. */
        record Chunk(long offset, ChunkHeader header, byte[] stored) implements Found {}

        /** The good part of the file ends here, and nothing good follows. */
        record Torn(long offset, String reason) implements Found {}
    }

    private static final int SCAN_BYTES = 64 * 1024;

    private final BoundedFile file;
    private long position;

    ChunkScanner(BoundedFile file, long position) {
        this.file = file;
        this.position = position;
    }

    /** {@return the offset of the next chunk} */
    long position() {
        return position;
    }

    /**
     * {@return the next chunk, or that the file is torn}
     *
     * @throws TraceFormatException if there is damage with good chunks behind it
     */
    Found next() throws IOException {
        long offset = position;
        long left = file.size() - offset;
        if (left == 0) {
            return torn(offset, "the recording was not finished: the file has no footer");
        }
        if (left < ChunkHeader.SIZE) {
            return torn(offset, "the file ends inside a chunk's header");
        }
        byte[] start = file.read(offset, ChunkHeader.SIZE);
        var decoded = ChunkHeader.decode(start, 0, start.length);
        if (decoded.isEmpty()) {
            return torn(offset, "there is no good chunk header");
        }
        ChunkHeader header = decoded.get();
        header.check(offset);
        if (header.storedLength() > left - ChunkHeader.SIZE) {
            return torn(
                    offset,
                    Text.format(
                            "the file ends inside a chunk: %d of its %d bytes are there",
                            left - ChunkHeader.SIZE, header.storedLength()));
        }
        byte[] stored = file.read(offset + ChunkHeader.SIZE, header.storedLength());
        if (ChunkHeader.crc(stored, 0, stored.length) != header.storedCrc()) {
            return torn(offset, "the chunk's checksum does not fit its bytes");
        }
        position = offset + ChunkHeader.SIZE + header.storedLength();
        return new Found.Chunk(offset, header, stored);
    }

    private Found torn(long offset, String reason) throws IOException {
        if (offset < file.size() && goodAfter(offset)) {
            throw new TraceFormatException(offset, reason + ", though good data follows: the file is damaged");
        }
        return new Found.Torn(offset, reason);
    }

    /** {@return whether a good chunk header or the file's trailer follows {@code offset}} */
    private boolean goodAfter(long offset) throws IOException {
        if (file.size() - offset >= Trailer.SIZE
                && Trailer.decode(file.read(file.size() - Trailer.SIZE, Trailer.SIZE))
                        .isPresent()) {
            return true;
        }
        long at = offset + 1;
        while (file.size() - at >= ChunkHeader.SIZE) {
            byte[] window = file.read(at, (int) Math.min(SCAN_BYTES, file.size() - at));
            for (int i = 0; i <= window.length - ChunkHeader.SIZE; i++) {
                if (window[i] == ChunkHeader.MARKER[0]
                        && ChunkHeader.decode(window, i, window.length).isPresent()) {
                    return true;
                }
            }
            at += window.length - ChunkHeader.SIZE + 1;
        }
        return false;
    }
}
