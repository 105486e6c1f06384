package dev.semblance.bridge.serve;

import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;

/**
 * Hands on what happens in a step once the step has come to its end. One that could not, since the memory that it worked on was
 * taken away, leaves nothing in the trace: half a command cannot be replayed.
 */
final class StepSink implements EventSink {

    private record Held(long cycle, TraceEvent event) {}

    private final EventSink next;
    private final List<Held> held = new ArrayList<>();

    StepSink(EventSink next) {
        this.next = next;
    }

    @Override
    public void accept(long cycle, TraceEvent event) {
        held.add(new Held(cycle, event));
    }

    /** The step is done. */
    void keep() {
        for (Held one : held) {
            next.accept(one.cycle(), one.event());
        }
        held.clear();
    }

    /** The step cannot be done. */
    void drop() {
        held.clear();
    }
}
