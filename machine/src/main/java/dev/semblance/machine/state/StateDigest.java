package dev.semblance.machine.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The SHA-256 of guest-visible state: numbers as little-endian bytes, in the order in which they are written. */
public final class StateDigest implements StateSink {

    private final MessageDigest digest;
    private final ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);

    private StateDigest() {
        digest = sha256();
    }

    /** {@return a SHA-256 of nothing yet} */
    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * {@return the digest of what of {@code state} is digested}
     *
     * @param state what has the state
     */
    public static byte[] sha256(Stateful state) {
        StateDigest sink = new StateDigest();
        write(state, sink);
        return sink.digest.digest();
    }

    /**
     * Writes what goes into the digest.
     *
     * @param state what has the state
     * @param sink takes the numbers and bytes
     */
    public static void write(Stateful state, StateSink sink) {
        state.state(new DigestExchange(sink));
    }

    @Override
    public void putInt(int value) {
        number.putInt(0, value);
        digest.update(number.array(), 0, 4);
    }

    @Override
    public void putLong(long value) {
        number.putLong(0, value);
        digest.update(number.array(), 0, 8);
    }

    @Override
    public void putBytes(byte[] bytes, int offset, int length) {
        digest.update(bytes, offset, length);
    }
}
