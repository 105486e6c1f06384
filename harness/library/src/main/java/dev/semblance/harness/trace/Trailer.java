package dev.semblance.harness.trace;

import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The last 16 bytes of a complete file: offset of the footer chunk (8), CRC-32C of those (4), end marker 0D 53 42 45.
 */
final class Trailer {

    static final int SIZE = 16;

    private static final byte[] MARKER = {'\r', 'S', 'B', 'E'};

    private Trailer() {}

    static byte[] encode(long footerOffset) {
        ByteWriter out = new ByteWriter(SIZE);
        out.u64(footerOffset);
        out.u32(ChunkHeader.crc(out.array(), 0, 8));
        out.raw(MARKER, 0, MARKER.length);
        return out.toByteArray();
    }

    /** {@return the footer's offset, any 64 bits, or empty where the 16 bytes are no trailer} */
    static OptionalLong decode(byte[] bytes) {
        try {
            ByteReader in = new ByteReader(bytes, 0, bytes.length);
            long offset = in.u64("the trailer");
            boolean good = in.u32("the trailer") == ChunkHeader.crc(bytes, 0, 8)
                    && Arrays.equals(in.raw("the trailer", MARKER.length), MARKER);
            return good ? OptionalLong.of(offset) : OptionalLong.empty();
        } catch (TraceFormatException e) {
            return OptionalLong.empty();
        }
    }
}
