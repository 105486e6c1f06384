package dev.semblance.harness.trace.strict;

/** CRC-32C as RFC 3720, 12.1 has it, with a table for each value of a byte. */
final class Crc32c {

    private static final int REFLECTED = 0x82f6_3b78;
    private static final int[] TABLE = new int[256];

    static {
        for (int i = 0; i < 256; i++) {
            int value = i;
            for (int bit = 0; bit < 8; bit++) {
                value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ REFLECTED;
            }
            TABLE[i] = value;
        }
    }

    private Crc32c() {}

    static int of(byte[] bytes, int start, int end) {
        int crc = -1;
        for (int i = start; i < end; i++) {
            crc = crc >>> 8 ^ TABLE[(crc ^ bytes[i]) & 0xff];
        }
        return ~crc;
    }
}
