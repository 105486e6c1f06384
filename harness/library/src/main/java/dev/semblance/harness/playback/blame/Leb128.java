package dev.semblance.harness.playback.blame;

import java.nio.ByteBuffer;

/** Numbers of a variable length, seven bits to a byte, the lowest first (DWARF 5, 7.6). */
final class Leb128 {

    private static final int BITS = 64;

    private Leb128() {}

    /** Reads a number that is not negative; bits beyond 64 are dropped. */
    static long unsigned(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        while (true) {
            byte next = bytes.get();
            if (shift < BITS) {
                value |= (next & 0x7fL) << shift;
            }
            shift = Math.min(shift + 7, BITS);
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Reads a number with a sign. */
    static long signed(ByteBuffer bytes) {
        long value = 0;
        int shift = 0;
        while (true) {
            byte next = bytes.get();
            if (shift < BITS) {
                value |= (next & 0x7fL) << shift;
            }
            shift = Math.min(shift + 7, BITS);
            if (next >= 0) {
                boolean isNegative = (next & 0x40) != 0;
                return isNegative && shift < BITS ? value | -1L << shift : value;
            }
        }
    }
}
