package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The differences that are digests alone, while a replay goes on. A picture on a scanout belongs to the next snapshot of
 * that scanout: if that must be exact, or there is none, the difference is a divergence. A digest of the machine's state
 * covers pictures too, so it may differ where some picture was allowed to.
 */
final class FrameDifferences {

    private final DigestStrictness policy;

    /** The first difference on each scanout since its last snapshot. */
    private final TreeMap<Integer, Divergence> pending = new TreeMap<>();

    private final TreeMap<Integer, Long> pendingCounts = new TreeMap<>();
    private Optional<Divergence> state = Optional.empty();
    private long excused;

    FrameDifferences(DigestStrictness policy) {
        this.policy = policy;
    }

    /** {@return whether what happened is what was expected but for a digest, and a policy may allow that} */
    boolean mayBeExcused(TraceEvent expected, TraceEvent actual) {
        return !policy.equals(DigestStrictness.EXACT) && differByDigestAlone(expected, actual);
    }

    static boolean differByDigestAlone(TraceEvent expected, TraceEvent actual) {
        return switch (expected) {
            case TraceEvent.Flush flush ->
                actual instanceof TraceEvent.Flush other
                        && flush.equals(
                                new TraceEvent.Flush(other.scanout(), other.width(), other.height(), flush.digest()));
            case TraceEvent.Snapshot snapshot ->
                actual instanceof TraceEvent.Snapshot other
                        && snapshot.equals(new TraceEvent.Snapshot(
                                other.label(), other.scanout(), other.width(), other.height(), snapshot.digest()));
            case TraceEvent.Cursor cursor ->
                actual instanceof TraceEvent.Cursor other
                        && cursor.image().isPresent() == other.image().isPresent()
                        && cursor.equals(new TraceEvent.Cursor(
                                other.scanout(), cursor.image(), other.x(), other.y(), other.hotX(), other.hotY()));
            case TraceEvent.Checkpoint checkpoint ->
                actual instanceof TraceEvent.Checkpoint other && checkpoint.instret() == other.instret();
            case TraceEvent.End end ->
                actual instanceof TraceEvent.End other
                        && end.reason() == other.reason()
                        && end.instret() == other.instret();
            default -> false;
        };
    }

    /** Takes a difference that {@link #mayBeExcused}. */
    void add(Divergence divergence) {
        switch (divergence.expected().event()) {
            case TraceEvent.Flush flush -> add(flush.scanout(), divergence);
            case TraceEvent.Snapshot snapshot -> add(snapshot.scanout(), divergence);
            case TraceEvent.Cursor cursor -> add(cursor.scanout(), divergence);
            default -> state = state.or(() -> Optional.of(divergence));
        }
    }

    private void add(int scanout, Divergence divergence) {
        pending.putIfAbsent(scanout, divergence);
        pendingCounts.merge(scanout, 1L, Long::sum);
    }

    /** Passes a snapshot; returns the difference that it does not excuse, if there is one. */
    Optional<Divergence> passed(TraceEvent.Snapshot snapshot) {
        Optional<Divergence> first = Optional.ofNullable(pending.get(snapshot.scanout()));
        if (first.isEmpty() || policy.isExact(snapshot.label())) {
            return first;
        }
        pending.remove(snapshot.scanout());
        excused += Optional.ofNullable(pendingCounts.remove(snapshot.scanout())).orElse(0L);
        return Optional.empty();
    }

    /**
     * Ends; returns the first difference that no snapshot excuses, if there is one. Where the replay ended before the trace,
     * the snapshots that are still to come decide.
     */
    Optional<Divergence> settle(ExpectedEvents ahead) {
        Optional<Divergence> found = Optional.empty();
        for (Optional<Stamped> next = ahead.peek();
                found.isEmpty() && !pending.isEmpty() && next.isPresent();
                next = ahead.peek()) {
            if (next.get().event() instanceof TraceEvent.Snapshot snapshot) {
                found = passed(snapshot);
            }
            ahead.advance();
        }
        return found.or(this::rest);
    }

    /** {@return the first difference that no snapshot excused, if there is one} */
    Optional<Divergence> rest() {
        Optional<Divergence> first = pending.values().stream()
                .min((a, b) ->
                        Long.compare(a.expected().sequence(), b.expected().sequence()));
        return first.or(() -> excused == 0 ? state : Optional.empty());
    }

    /** {@return whether everything was as recorded up to here} */
    boolean isNone() {
        return pending.isEmpty() && state.isEmpty() && excused == 0;
    }

    /** {@return how many pictures were allowed to differ} */
    long excused() {
        return excused;
    }
}
