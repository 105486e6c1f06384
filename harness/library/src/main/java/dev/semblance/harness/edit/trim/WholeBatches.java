package dev.semblance.harness.edit.trim;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.util.Optional;

/** Widens a range of events to whole notifications: a batch of commands is never cut in two. */
final class WholeBatches {

    private final int device;
    private final PositionRange.Events wanted;

    private long batchStart = -1;
    private long batchCycle;
    private long start = -1;
    private long end = -1;
    private boolean closed;

    private WholeBatches(int device, PositionRange.Events wanted) {
        this.device = device;
        this.wanted = wanted;
    }

    /** Sequence numbers of the first and the last event. */
    record Range(long first, long last) {}

    /**
     * Widens a range, and reads the trace up to its end.
     *
     * @param reader the trace, at its start
     * @param device the number of the GPU in the manifest
     * @param wanted the range, which has an event of the trace
     */
    static Range around(TraceReader reader, int device, PositionRange.Events wanted) throws IOException {
        WholeBatches widened = new WholeBatches(device, wanted);
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            widened.take(next.get());
        }
        return new Range(widened.start, widened.end);
    }

    private void take(Stamped event) {
        boolean inBatch = batchStart >= 0 && event.cycle() == batchCycle && isOfBatch(event.event());
        if (!inBatch) {
            batchStart = -1;
            if (event.event() instanceof TraceEvent.Notify notify && notify.device() == device) {
                batchStart = event.sequence();
                batchCycle = event.cycle();
            }
        }
        if (start < 0 && event.sequence() >= wanted.first()) {
            start = batchStart >= 0 ? batchStart : event.sequence();
        }
        if (!closed && event.sequence() <= wanted.last()) {
            end = event.sequence();
        } else if (inBatch && end >= batchStart) {
            end = event.sequence();
        } else {
            closed = true;
        }
    }

    private boolean isOfBatch(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory e -> e.device() == device;
            case TraceEvent.RequestPart e -> e.device() == device;
            case TraceEvent.Command e -> e.device() == device;
            case TraceEvent.Fault e -> e.device() == device;
            case TraceEvent.NeedsReset e -> e.device() == device;
            case TraceEvent.Flush e -> true;
            case TraceEvent.ScanoutDisabled e -> true;
            case TraceEvent.Cursor e -> true;
            default -> false;
        };
    }
}
