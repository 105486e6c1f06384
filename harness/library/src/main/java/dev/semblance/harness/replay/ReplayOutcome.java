package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceStatus;
import java.util.Optional;

/**
 * What came of a replay.
 *
 * @param divergence the first difference, if there was one
 * @param events how many events of the trace were passed
 * @param flushes how many pictures were published
 * @param status how the trace ended; empty if the replay ended before it
 * @param excused how many pictures were other than recorded, and might be so by the policy
 * @param target what it tells of a device that is not ours; empty for ours
 */
public record ReplayOutcome(
        Optional<Divergence> divergence,
        long events,
        long flushes,
        Optional<TraceStatus> status,
        long excused,
        Optional<TargetOutcome> target) {

    /**
     * Makes the outcome of a replay into a device of ours.
     *
     * @param divergence the first difference, if there was one
     * @param events how many events of the trace were passed
     * @param flushes how many pictures were published
     * @param status how the trace ended; empty if the replay ended before it
     * @param excused how many pictures were other than recorded, and might be so by the policy
     */
    public ReplayOutcome(
            Optional<Divergence> divergence, long events, long flushes, Optional<TraceStatus> status, long excused) {
        this(divergence, events, flushes, status, excused, Optional.empty());
    }

    /**
     * {@return in how many events of the trace the replay agrees: those before the first difference, where there is one} A
     * device replay goes on behind it, so that every snapshot is compared.
     */
    public long agreeing() {
        return divergence.map(difference -> difference.expected().sequence()).orElse(events);
    }

    /** {@return whether it passed no event, so that it says nothing} */
    public boolean comparedNothing() {
        return divergence.isEmpty() && events == 0;
    }
}
