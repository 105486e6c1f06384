package dev.semblance.harness.edit.trim;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.util.Optional;

/**
 * Finds the events of a range. It is widened to whole notifications: a batch of commands is never cut in two.
 */
final class RangeFinder {

    private final int device;
    private final Optional<TracePosition> from;
    private final Optional<TracePosition> to;

    private long flushes;
    private long batchStart = -1;
    private long batchCycle;
    private long start = -1;
    private long end = -1;
    private boolean closed;

    private RangeFinder(int device, Optional<TracePosition> from, Optional<TracePosition> to) {
        this.device = device;
        this.from = from;
        this.to = to;
    }

    /** Sequence numbers of the first and the last event. */
    record Range(long first, long last) {}

    /** Reads a trace to its end; empty if nothing of it is in the range. */
    static Optional<Range> find(
            TraceReader reader, int device, Optional<TracePosition> from, Optional<TracePosition> to)
            throws IOException {
        RangeFinder finder = new RangeFinder(device, from, to);
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            finder.take(next.get());
        }
        return finder.start < 0 || finder.end < finder.start
                ? Optional.empty()
                : Optional.of(new Range(finder.start, finder.end));
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
        boolean flush = event.event() instanceof TraceEvent.Flush;
        if (start < 0 && from.map(bound -> reached(bound, event, flush)).orElse(true)) {
            start = batchStart >= 0 ? batchStart : event.sequence();
        }
        if (!closed && to.map(bound -> within(bound, event)).orElse(true)) {
            end = event.sequence();
        } else if (inBatch && end >= batchStart) {
            end = event.sequence();
        } else {
            closed = true;
        }
        flushes += flush ? 1 : 0;
    }

    private boolean reached(TracePosition bound, Stamped event, boolean flush) {
        return switch (bound.unit()) {
            case SEQUENCE -> event.sequence() >= bound.number();
            case CYCLE -> event.cycle() >= bound.number();
            case FLUSH -> flush && flushes >= bound.number();
        };
    }

    private boolean within(TracePosition bound, Stamped event) {
        return switch (bound.unit()) {
            case SEQUENCE -> event.sequence() <= bound.number();
            case CYCLE -> event.cycle() <= bound.number();
            // Up to the last flush asked for, and not what comes behind it; to the end where there are fewer.
            case FLUSH -> flushes <= bound.number();
        };
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
