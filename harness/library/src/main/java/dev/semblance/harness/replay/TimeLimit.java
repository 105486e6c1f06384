package dev.semblance.harness.replay;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * How long the replay of one trace may take.
 *
 * @param most the limit; empty for none
 * @param clock tells nanoseconds from some moment on
 */
public record TimeLimit(Optional<Duration> most, LongSupplier clock) {

    /** No limit. */
    public static final TimeLimit NONE = new TimeLimit(Optional.empty(), () -> 0);

    /** Starts the time of one trace. */
    Countdown start() {
        return new Countdown(this);
    }

    /** The limit was reached, or there is no use in going on. */
    static final class ReachedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private ReachedException() {
            super("the time for this replay is over");
        }
    }

    /** The time of one trace, which may be replayed on two threads. */
    static final class Countdown {
        private final TimeLimit limit;
        private final long started;
        private volatile boolean cancelled;

        private Countdown(TimeLimit limit) {
            this.limit = limit;
            this.started = limit.clock.getAsLong();
        }

        /** Has every thread that still works on the trace stop at its next {@link #check}. */
        void cancel() {
            cancelled = true;
        }

        /**
         * Goes on while there is time.
         *
         * @throws ReachedException if there is none left
         */
        void check() {
            if (cancelled) {
                throw new ReachedException();
            }
            if (limit.most.isPresent()
                    && limit.clock.getAsLong() - started >= limit.most.get().toNanos()) {
                throw new ReachedException();
            }
        }
    }
}
