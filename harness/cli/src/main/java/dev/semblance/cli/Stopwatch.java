package dev.semblance.cli;

import dev.semblance.harness.replay.PartObserver;
import dev.semblance.harness.replay.ReplaySubject;
import dev.semblance.harness.report.ReplayTimes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Takes the time of one trace's replay and of its parts. Several threads may begin and end parts at once. */
final class Stopwatch implements PartObserver {

    /** A part that has begun, and how long those within it took. */
    private static final class Running {
        private final ReplaySubject part;
        private final long start;
        private long within;

        Running(ReplaySubject part, long start) {
            this.part = part;
            this.start = start;
        }
    }

    private final LongSupplier nanos;
    private final long start;
    private final Map<ReplaySubject, Duration> parts = new LinkedHashMap<>();
    private final Map<Thread, Deque<Running>> running = new LinkedHashMap<>();

    /** Starts. */
    Stopwatch(LongSupplier nanos) {
        this.nanos = nanos;
        this.start = nanos.getAsLong();
    }

    @Override
    public synchronized void begins(ReplaySubject part) {
        running.computeIfAbsent(Thread.currentThread(), unused -> new ArrayDeque<>())
                .push(new Running(part, nanos.getAsLong()));
    }

    @Override
    public synchronized void ends(ReplaySubject part) {
        Deque<Running> own = running.getOrDefault(Thread.currentThread(), new ArrayDeque<>());
        Running ended = own.poll();
        if (ended == null || !ended.part.equals(part)) {
            throw new IllegalStateException("what ends is not what began last: " + part.title());
        }
        long taken = nanos.getAsLong() - ended.start;
        if (own.isEmpty()) {
            running.remove(Thread.currentThread());
        } else {
            own.element().within += taken;
        }
        parts.merge(part, Duration.ofNanos(taken - ended.within), Duration::plus);
    }

    /** Returns what has passed since the start, and what the parts took that have ended. */
    synchronized ReplayTimes times() {
        return new ReplayTimes(Duration.ofNanos(nanos.getAsLong() - start), parts);
    }
}
