package dev.semblance.harness.fuzz.minimize;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to go on.
 *
 * @param runs how often the test may be asked
 * @param time when to stop besides; what comes out then depends on the machine's speed
 */
public record MinimizerLimits(int runs, Optional<Duration> time) {

    /** Enough to end by itself on all but huge scripts that cannot be made smaller; the same result everywhere. */
    public static final MinimizerLimits STANDARD = new MinimizerLimits(20_000, Optional.empty());

    /** Checks the range. */
    public MinimizerLimits {
        if (runs < 1) {
            throw new IllegalArgumentException("no limit of runs: " + runs);
        }
    }
}
