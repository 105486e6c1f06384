package dev.semblance.machine.random;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/**
 * The SplitMix64 generator (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, with the
 * constants of Vigna's public-domain splitmix64.c). Its outputs for a seed are the same everywhere and for ever.
 */
public final class SplitMix64 implements Stateful {

    private static final long GAMMA = 0x9e37_79b9_7f4a_7c15L;
    private static final long FNV_OFFSET_BASIS = 0xcbf2_9ce4_8422_2325L;
    private static final long FNV_PRIME = 0x100_0000_01b3L;

    private long state;

    /** Makes the generator that splitmix64.c is with {@code x = seed}. */
    public SplitMix64(long seed) {
        this.state = seed;
    }

    /**
     * Makes one of many generators for the same seed, so that two users of it do not see each other's numbers: the seed is
     * mixed once and combined with the 64-bit FNV-1a hash of the name.
     *
     * @param name in ASCII
     */
    public static SplitMix64 stream(long seed, String name) {
        long hash = FNV_OFFSET_BASIS;
        for (int i = 0; i < name.length(); i++) {
            hash = (hash ^ name.charAt(i)) * FNV_PRIME;
        }
        return new SplitMix64(new SplitMix64(seed).next() ^ hash);
    }

    /** {@return the state: the generator's whole future follows from it} */
    public long state() {
        return state;
    }

    @Override
    public void state(StateExchange s) {
        state = s.digested(state);
    }

    /** {@return the next 64 bits} */
    public long next() {
        state += GAMMA;
        long z = state;
        z = (z ^ z >>> 30) * 0xbf58_476d_1ce4_e5b9L;
        z = (z ^ z >>> 27) * 0x94d0_49bb_1331_11ebL;
        return z ^ z >>> 31;
    }

    /** {@return bytes: the next outputs in little-endian order, the rest of the last one discarded} */
    public byte[] nextBytes(int length) {
        byte[] bytes = new byte[length];
        long bits = 0;
        for (int i = 0; i < length; i++) {
            bits = i % 8 == 0 ? next() : bits >>> 8;
            bytes[i] = (byte) bits;
        }
        return bytes;
    }
}
