package dev.semblance.gpu.protocol;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers of the protocol, all little-endian. */
final class Wire {

    private Wire() {}

    /** {@return a view of bytes as a structure} */
    static ByteBuffer of(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    static long u32(ByteBuffer buffer) {
        return buffer.getInt() & 0xffff_ffffL;
    }

    static Rect rect(ByteBuffer buffer) {
        return new Rect(u32(buffer), u32(buffer), u32(buffer), u32(buffer));
    }

    static void requireU32(long value) {
        if (value < 0 || value > 0xffff_ffffL) {
            throw new IllegalArgumentException("not an unsigned 32-bit number: " + value);
        }
    }
}
