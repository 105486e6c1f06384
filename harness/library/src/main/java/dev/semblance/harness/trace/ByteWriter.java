package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;
import java.util.Arrays;

/** Writes numbers and bytes, little-endian, into an array that grows up to a limit. */
final class ByteWriter {

    private byte[] bytes;
    private int position;
    private int limit;

    ByteWriter(int capacity) {
        this.bytes = new byte[capacity];
        this.limit = Integer.MAX_VALUE;
    }

    /** Lets the next {@code length} bytes pass; one more is an IllegalArgumentException. */
    void allow(int length) {
        limit = Math.addExact(position, length);
    }

    int position() {
        return position;
    }

    /** Forgets everything from {@code position} on. */
    void rewind(int position) {
        this.position = position;
    }

    /** {@return the array itself: good for {@link #position} bytes, until the next write} */
    byte[] array() {
        return bytes;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, position);
    }

    void u8(int value) {
        need(1);
        bytes[position++] = (byte) value;
    }

    void u16(int value) {
        u8(value);
        u8(value >>> 8);
    }

    void u32(int value) {
        u16(value);
        u16(value >>> 16);
    }

    void u64(long value) {
        u32((int) value);
        u32((int) (value >>> 32));
    }

    /** Writes an unsigned 64-bit number as LEB128 with as few bytes as can be: 1 to 10. */
    void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            u8((int) rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        u8((int) rest);
    }

    /** Writes a signed number as {@code 0, -1, 1, -2, ...} counted from 0. */
    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    /** Writes a length and the bytes. */
    void block(byte[] source) {
        varint(source.length);
        raw(source, 0, source.length);
    }

    void raw(byte[] source, int offset, int length) {
        need(length);
        System.arraycopy(source, offset, bytes, position, length);
        position += length;
    }

    private void need(int length) {
        if (length > limit - position) {
            throw new IllegalArgumentException(Text.format(
                    "longer than one event can be: split it first (EventParts), at most %d bytes encoded",
                    EventCodec.MAX_EVENT_BYTES));
        }
        if (length > bytes.length - position) {
            bytes = Arrays.copyOf(bytes, Math.max(position + length, bytes.length * 2));
        }
    }
}
