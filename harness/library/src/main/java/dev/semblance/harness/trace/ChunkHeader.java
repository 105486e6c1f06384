package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The 48 bytes before each chunk, little-endian.
 *
 * <pre>
 *  0  4  sync marker F7 53 42 43
 *  4  4  type, four ASCII letters; a capital first letter: a reader must know it
 *  8  1  codec
 *  9  3  0
 * 12  4  raw length
 * 16  4  stored length
 * 20  4  events
 * 24  8  sequence number of the first event
 * 32  8  cycle of the first event
 * 40  4  CRC-32C of the stored bytes
 * 44  4  CRC-32C of the 44 bytes before
 * </pre>
 */
record ChunkHeader(
        String type,
        int codec,
        int reserved,
        int rawLength,
        int storedLength,
        int events,
        long firstSequence,
        long firstCycle,
        int storedCrc) {

    ChunkHeader(
            String type,
            int codec,
            int rawLength,
            int storedLength,
            int events,
            long firstSequence,
            long firstCycle,
            int storedCrc) {
        this(type, codec, 0, rawLength, storedLength, events, firstSequence, firstCycle, storedCrc);
    }

    static final int SIZE = 48;
    /** The most bytes of a chunk, raw as well as stored: 1 MiB. */
    static final int MAX_CHUNK_BYTES = 1 << 20;

    static final byte[] MARKER = {(byte) 0xf7, 'S', 'B', 'C'};
    static final String EVENTS = "EVTS";
    static final String FOOTER = "FOOT";

    /** {@return whether a reader that does not know the type must give up: its first letter is a capital} */
    boolean isCritical() {
        return type.charAt(0) < 'a';
    }

    byte[] encode() {
        ByteWriter out = new ByteWriter(SIZE);
        out.raw(MARKER, 0, MARKER.length);
        out.raw(type.getBytes(StandardCharsets.US_ASCII), 0, 4);
        out.u8(codec);
        out.u8(reserved);
        out.u16(reserved >>> 8);
        out.u32(rawLength);
        out.u32(storedLength);
        out.u32(events);
        out.u64(firstSequence);
        out.u64(firstCycle);
        out.u32(storedCrc);
        out.u32(crc(out.array(), 0, SIZE - 4));
        return out.toByteArray();
    }

    /**
     * {@return the header at {@code offset}, or empty where there is none: wrong marker, wrong checksum, too few bytes} What is
     * in it may still break a rule ({@link #check}).
     */
    static Optional<ChunkHeader> decode(byte[] bytes, int offset, int limit) {
        if (limit - offset < SIZE || !Arrays.equals(bytes, offset, offset + MARKER.length, MARKER, 0, MARKER.length)) {
            return Optional.empty();
        }
        try {
            ByteReader in = new ByteReader(bytes, offset + MARKER.length, offset + SIZE);
            String type = new String(in.raw("the type", 4), StandardCharsets.ISO_8859_1);
            int codec = in.u8("the codec");
            int reserved = in.u8("the reserved bytes") | in.u16("the reserved bytes") << 8;
            int rawLength = in.u32("the raw length");
            int storedLength = in.u32("the stored length");
            int events = in.u32("the number of events");
            long firstSequence = in.u64("the first sequence number");
            long firstCycle = in.u64("the first cycle");
            int storedCrc = in.u32("the checksum");
            if (in.u32("the checksum") != crc(bytes, offset, SIZE - 4)) {
                return Optional.empty();
            }
            return Optional.of(new ChunkHeader(
                    type, codec, reserved, rawLength, storedLength, events, firstSequence, firstCycle, storedCrc));
        } catch (TraceFormatException e) {
            throw new IllegalStateException("48 bytes were there", e);
        }
    }

    /**
     * Checks what holds for chunks of every type.
     *
     * @param offset where in the file the header is
     */
    void check(long offset) throws TraceFormatException {
        if (reserved != 0) {
            throw new TraceFormatException(offset, "the three bytes behind a chunk's codec are not 0");
        }
        if (!type.chars().allMatch(ChunkHeader::isLetter)) {
            throw new TraceFormatException(offset, "the type of a chunk is not four letters");
        }
        long raw = rawLength & EventLimits.U32;
        long stored = storedLength & EventLimits.U32;
        if (raw > MAX_CHUNK_BYTES || stored > raw) {
            throw new TraceFormatException(
                    offset,
                    Text.format(
                            "a chunk of %d bytes, %d when expanded: the second may be %d at most, the first no more than that",
                            stored, raw, MAX_CHUNK_BYTES));
        }
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    private static boolean isLetter(int character) {
        return character >= 'A' && character <= 'Z' || character >= 'a' && character <= 'z';
    }
}
