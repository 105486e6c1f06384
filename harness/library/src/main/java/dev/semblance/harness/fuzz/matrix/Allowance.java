package dev.semblance.harness.fuzz.matrix;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** How long a target may be used in all. */
final class Allowance {

    private final Optional<Duration> most;
    private final LongSupplier nanos;
    private long used;
    private long begun;

    /**
     * Makes one that is not used yet.
     *
     * @param most how long in all; empty for as long as it takes
     * @param nanos a clock
     */
    Allowance(Optional<Duration> most, LongSupplier nanos) {
        this.most = most;
        this.nanos = nanos;
    }

    void begin() {
        begun = nanos.getAsLong();
    }

    void end() {
        used += nanos.getAsLong() - begun;
    }

    boolean isUsedUp() {
        return most.filter(limit -> used >= limit.toNanos()).isPresent();
    }
}
