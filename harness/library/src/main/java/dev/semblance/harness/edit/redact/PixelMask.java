package dev.semblance.harness.edit.redact;

/** What becomes of the bytes of pictures in guest memory. */
public sealed interface PixelMask {

    /** {@return what stands for a byte at a guest-physical address} */
    byte apply(long address, byte value);

    /** {@return bytes with all replaced} */
    default byte[] apply(long address, byte[] bytes) {
        byte[] masked = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            masked[i] = apply(address + i, bytes[i]);
        }
        return masked;
    }

    /** Everything becomes zero: nothing is left of what was shown. */
    record Blank() implements PixelMask {
        @Override
        public byte apply(long address, byte value) {
            return 0;
        }
    }

    /**
     * Noise that depends on the key, the address and the value. The same value at the same address stays the same, so
     * which bytes change, and when, is still seen, and can draw an outline; equal colours at different places become
     * different. This is no encryption: who guesses the key can undo it.
     */
    record Scramble(long key) implements PixelMask {
        @Override
        public byte apply(long address, byte value) {
            // The finalizer of SplitMix64, twice, over all three.
            long hash = mix(key ^ mix(address * 0x9e37_79b9_7f4a_7c15L + (value & 0xff)));
            return (byte) (hash >>> 56);
        }

        private static long mix(long bits) {
            long z = bits;
            z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
            z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
            return z ^ z >>> 31;
        }
    }
}
