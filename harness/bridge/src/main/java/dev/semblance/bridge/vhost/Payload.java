package dev.semblance.bridge.vhost;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The little-endian numbers of a message, read one after the other. */
final class Payload {

    private final String message;
    private final ByteBuffer bytes;

    /**
     * @param message what it is of, for the sentence about one that is too short
     */
    Payload(String message, byte[] bytes) {
        this.message = message;
        this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int u32() throws ProtocolException {
        need(4);
        return bytes.getInt();
    }

    long u64() throws ProtocolException {
        need(8);
        return bytes.getLong();
    }

    byte[] bytes(int length) throws ProtocolException {
        need(length);
        byte[] taken = new byte[length];
        bytes.get(taken);
        return taken;
    }

    byte[] rest() {
        byte[] taken = new byte[bytes.remaining()];
        bytes.get(taken);
        return taken;
    }

    /** Nothing is left: a message that is too long is as wrong as one that is too short. */
    <T> T end(T value) throws ProtocolException {
        if (bytes.hasRemaining()) {
            throw new ProtocolException(message + " is " + bytes.remaining() + " bytes too long");
        }
        return value;
    }

    private void need(int count) throws ProtocolException {
        if (count < 0 || bytes.remaining() < count) {
            throw new ProtocolException(message + " is too short: it has " + bytes.capacity() + " bytes");
        }
    }
}
