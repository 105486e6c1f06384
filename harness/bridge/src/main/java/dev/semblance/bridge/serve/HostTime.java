package dev.semblance.bridge.serve;

import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.time.Timeline;
import java.util.function.LongSupplier;

/**
 * Time of the host as the time of a recording: nanoseconds since it began. It stands still between {@linkplain #step steps}, and
 * each is later than the one before, since what has the same time in a trace is one thing that a driver did.
 */
final class HostTime {

    /** A second of it. */
    static final long SECOND = 1_000_000_000;

    private final CycleTimeline timeline = new CycleTimeline();
    private final LongSupplier nanos;
    private final long start;

    /**
     * @param nanos tells nanoseconds from some moment on
     */
    HostTime(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    Timeline timeline() {
        return timeline;
    }

    /** {@return nanoseconds since it began, by the host's clock} */
    long elapsed() {
        return nanos.getAsLong() - start;
    }

    void step() {
        timeline.setNow(Math.max(timeline.now() + 1, elapsed()));
    }
}
