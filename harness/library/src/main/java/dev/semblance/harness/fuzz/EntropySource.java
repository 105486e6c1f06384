package dev.semblance.harness.fuzz;

import dev.semblance.machine.random.SplitMix64;

/** A source of choices: for a seed always the same ones. */
final class EntropySource {

    private final SplitMix64 random;

    EntropySource(long seed) {
        random = new SplitMix64(seed);
    }

    /** {@return 64 bits} */
    long bits() {
        return random.next();
    }

    /** {@return a number from 0 to before {@code bound}, which is at least 1} */
    int below(int bound) {
        return (int) ((random.next() >>> 32) * bound >>> 32);
    }

    /** {@return a number between both, each included} */
    int between(int low, int high) {
        return low + below(high - low + 1);
    }

    /** {@return true in {@code hits} of {@code tries}} */
    boolean chance(int hits, int tries) {
        return below(tries) < hits;
    }

    int pick(int... values) {
        return values[below(values.length)];
    }

    long pick(long... values) {
        return values[below(values.length)];
    }

    byte[] bytes(int length) {
        return random.nextBytes(length);
    }
}
