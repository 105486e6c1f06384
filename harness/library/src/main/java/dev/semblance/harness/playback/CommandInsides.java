package dev.semblance.harness.playback;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.BitSet;

/**
 * Finds the places in a trace at which a command of its GPU has begun and not ended: it has shown something, or a part of its request has
 * come, and its own event is yet to come. The memory that it reads is told before all that.
 */
final class CommandInsides {

    private static final int NONE = -1;

    private final int device;
    private final BitSet positions = new BitSet();

    /** The batch that the next event may belong to: of a queue, at a cycle. */
    private int queue = NONE;

    private long cycle;

    /** The first event of the command under way. */
    private int first = NONE;

    CommandInsides(int device) {
        this.device = device;
    }

    /** Takes the next event of the trace. */
    void take(Stamped next) {
        int event = Math.toIntExact(next.sequence());
        if (next.event() instanceof TraceEvent.Notify notify && notify.device() == device) {
            queue = notify.queue();
            cycle = next.cycle();
            first = NONE;
        } else if (queue == NONE || next.cycle() != cycle || !isOfBatch(next.event())) {
            queue = NONE;
            first = NONE;
        } else if (next.event() instanceof TraceEvent.Command) {
            if (first != NONE) {
                positions.set(first + 1, event + 1);
            }
            first = NONE;
        } else if (next.event() instanceof TraceEvent.Fault) {
            first = NONE;
        } else if (first == NONE && !(next.event() instanceof TraceEvent.Memory)) {
            first = event;
        }
    }

    private boolean isOfBatch(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory memory -> memory.device() == device;
            case TraceEvent.RequestPart part -> part.device() == device && part.queue() == queue;
            case TraceEvent.Command command -> command.device() == device && command.queue() == queue;
            case TraceEvent.Fault fault -> fault.device() == device && fault.queue() == queue;
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            default -> false;
        };
    }

    /** {@return the numbers of events after which a command is under way} */
    BitSet positions() {
        return positions;
    }
}
