package dev.semblance.bridge.vhost;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The little-endian numbers of a message of a known size, written one after the other. */
final class PayloadWriter {

    private final byte[] bytes;
    private final ByteBuffer buffer;

    PayloadWriter(int size) {
        bytes = new byte[size];
        buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    PayloadWriter u32(int value) {
        buffer.putInt(value);
        return this;
    }

    PayloadWriter u64(long value) {
        buffer.putLong(value);
        return this;
    }

    PayloadWriter bytes(byte[] value) {
        buffer.put(value);
        return this;
    }

    /** {@return what was written, which has to be all that there is room for} */
    byte[] done() {
        if (buffer.hasRemaining()) {
            throw new IllegalStateException(buffer.remaining() + " bytes of a message were not written");
        }
        return bytes;
    }
}
