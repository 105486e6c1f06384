package dev.semblance.harness.trace.diff;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.position.PositionRange.Events;

/**
 * What is compared of two traces.
 *
 * @param first the events of the first trace
 * @param second the events of the second trace
 * @param ignoringTime whether time does not count, nor what follows from it alone: cycles, how many instructions had retired,
 *     digests of the machine's state, and checkpoints, which come at certain cycles
 */
public record ComparisonScope(Events first, Events second, boolean ignoringTime) {

    private static final Events EVERY = new Events(0, Long.MAX_VALUE);

    /** Everything. */
    public static final ComparisonScope ALL = new ComparisonScope(EVERY, EVERY, false);

    /** {@return whether it is a range of the traces, and not the whole} */
    public boolean isRange() {
        return !first.equals(EVERY) || !second.equals(EVERY);
    }

    /** {@return whether an event is compared} */
    boolean takes(Events range, Stamped event) {
        return range.contains(event.sequence()) && !(ignoringTime && event.event() instanceof TraceEvent.Checkpoint);
    }

    /** {@return what of an event is compared, whatever its sequence number} */
    Stamped compared(Stamped event) {
        return ignoringTime ? new Stamped(0, 0, timeless(event.event())) : new Stamped(0, event.cycle(), event.event());
    }

    private static TraceEvent timeless(TraceEvent event) {
        return event instanceof TraceEvent.End end ? new TraceEvent.End(end.reason(), 0, new byte[0]) : event;
    }
}
