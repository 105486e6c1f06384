package dev.semblance.harness.fuzz.minimize;

import java.util.function.LongPredicate;

/** Makes a number smaller. */
final class IntegerShrinker {

    private IntegerShrinker() {}

    /**
     * Finds a small number that will do: the least, or else by halving what lies between one that does not and one that
     * does, and at last one less.
     *
     * @param least the smallest to try
     * @param now one that does
     * @param attempt tells whether a number will do, and takes it if so
     * @return the one taken last
     */
    static long shrink(long least, long now, LongPredicate attempt) {
        if (now <= least || attempt.test(least)) {
            return Math.min(least, now);
        }
        long fails = least;
        long works = now;
        while (works - fails > 1) {
            long middle = fails + (works - fails >>> 1);
            if (attempt.test(middle)) {
                works = middle;
            } else {
                fails = middle;
            }
        }
        return works;
    }
}
