package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.util.Arrays;

/** Reads numbers and bytes, little-endian, and never beyond its end. Offsets in its exceptions count from the array's start. */
final class ByteReader {

    private final byte[] bytes;
    private final int limit;
    private int position;

    ByteReader(byte[] bytes, int position, int limit) {
        this.bytes = bytes;
        this.position = position;
        this.limit = limit;
    }

    int position() {
        return position;
    }

    int remaining() {
        return limit - position;
    }

    int u8(String what) throws TraceFormatException {
        need(1, what);
        return bytes[position++] & 0xff;
    }

    int u16(String what) throws TraceFormatException {
        need(2, what);
        return u8(what) | u8(what) << 8;
    }

    int u32(String what) throws TraceFormatException {
        need(4, what);
        return u16(what) | u16(what) << 16;
    }

    long u64(String what) throws TraceFormatException {
        need(8, what);
        return u32(what) & 0xffff_ffffL | (long) u32(what) << 32;
    }

    /** Reads an unsigned 64-bit number; one that could have been shorter is malformed, so that each has one encoding. */
    long varint(String what) throws TraceFormatException {
        int start = position;
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            int next = u8(what);
            if (shift == 63 && next > 1) {
                throw new TraceFormatException(start, what + " is beyond 64 bits");
            }
            value |= (long) (next & 0x7f) << shift;
            if (next < 0x80) {
                if (next == 0 && shift > 0) {
                    throw new TraceFormatException(start, what + " is written with more bytes than it needs");
                }
                return value;
            }
        }
        throw new TraceFormatException(start, what + " is beyond 64 bits");
    }

    /** Reads an unsigned number from 0 to {@code maximum}. */
    long varint(String what, long maximum) throws TraceFormatException {
        int start = position;
        long value = varint(what);
        if (value < 0 || value > maximum) {
            throw new TraceFormatException(
                    start, Text.format("%s is %s, beyond %d", what, Long.toUnsignedString(value), maximum));
        }
        return value;
    }

    long zigzag(String what) throws TraceFormatException {
        long value = varint(what);
        return value >>> 1 ^ -(value & 1);
    }

    /** Reads a signed 32-bit number. */
    int zigzag32(String what) throws TraceFormatException {
        int start = position;
        long value = zigzag(what);
        if (value != (int) value) {
            throw new TraceFormatException(start, what + " is beyond 32 bits");
        }
        return (int) value;
    }

    /** Reads a length of at most {@code maximum} and so many bytes. */
    byte[] block(String what, int maximum) throws TraceFormatException {
        int length = (int) varint("the length of " + what, maximum);
        return raw(what, length);
    }

    byte[] raw(String what, int length) throws TraceFormatException {
        need(length, what);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    void skip(String what, int length) throws TraceFormatException {
        need(length, what);
        position += length;
    }

    private void need(int length, String what) throws TraceFormatException {
        if (length > limit - position) {
            throw new TraceFormatException(position, "the bytes end inside " + what);
        }
    }
}
