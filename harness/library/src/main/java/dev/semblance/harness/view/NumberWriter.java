package dev.semblance.harness.view;

import java.io.ByteArrayOutputStream;

/** Writes numbers as few bytes: seven bits each, the lowest first, the eighth set in all but the last. */
final class NumberWriter {

    private static final int BITS = 7;
    private static final int MORE = 1 << BITS;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** Writes a number that is not negative. */
    NumberWriter unsigned(long value) {
        long rest = value;
        while (rest >= MORE) {
            out.write((int) (rest & (MORE - 1)) | MORE);
            rest >>>= BITS;
        }
        out.write((int) rest);
        return this;
    }

    /** Writes any number: small ones, negative too, take few bytes. */
    NumberWriter signed(long value) {
        return unsigned(value << 1 ^ value >> Long.SIZE - 1);
    }

    int length() {
        return out.size();
    }

    byte[] bytes() {
        return out.toByteArray();
    }

    void clear() {
        out.reset();
    }
}
