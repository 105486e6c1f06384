package dev.semblance.gpu.protocol;

import java.nio.ByteBuffer;

/** A structure of the protocol being put together, front to back; what is not put is padding, zero. */
final class WireWriter {

    private final byte[] bytes;
    private final ByteBuffer buffer;

    /** Makes a structure of {@code size} bytes that starts with a header. */
    WireWriter(int size, int type, Header header) {
        bytes = new byte[size];
        buffer = Wire.of(bytes);
        u32(type, header.flags()).u64(header.fenceId()).u32(header.contextId(), header.ringIndex());
    }

    /** Puts unsigned 32-bit numbers, or signed ones, in order. */
    WireWriter u32(long... values) {
        for (long value : values) {
            buffer.putInt((int) value);
        }
        return this;
    }

    /** Puts an unsigned 64-bit number. */
    WireWriter u64(long value) {
        buffer.putLong(value);
        return this;
    }

    WireWriter rect(Rect rect) {
        return u32(rect.x(), rect.y(), rect.width(), rect.height());
    }

    WireWriter bytes(byte[] source) {
        buffer.put(source);
        return this;
    }

    /** {@return the whole structure} */
    byte[] done() {
        return bytes;
    }
}
