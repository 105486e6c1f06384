package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;

/** A trace as a replay reads it: one event ahead, and remembering the last few. */
final class ExpectedEvents {

    private static final int REMEMBERED = 8;

    private final TraceReader reader;
    private final ArrayDeque<Stamped> past = new ArrayDeque<>();
    private Optional<Stamped> head = Optional.empty();
    private boolean ended;

    /** The event before which some are remembered; all after it are. */
    private long anchor = Long.MAX_VALUE;

    ExpectedEvents(TraceReader reader) {
        this.reader = reader;
    }

    /** Returns the next event without passing it; empty at the end of what could be read. */
    Optional<Stamped> peek() {
        if (head.isEmpty() && !ended) {
            try {
                head = reader.next();
                if (head.map(Stamped::event).equals(Optional.of(TraceEvent.End.UNKNOWN))) {
                    // What a replay does beyond here has nothing to be compared with, as with a torn trace.
                    head = reader.next();
                }
            } catch (IOException e) {
                // Events are asked for deep inside device code; the way out is the one for I/O.
                throw new UncheckedIOException(e);
            }
            ended = head.isEmpty();
        }
        return head;
    }

    /** Passes the next event. */
    void advance() {
        peek().ifPresent(past::addLast);
        forget();
        head = Optional.empty();
    }

    /**
     * Lets events be passed in advance, and {@link #before} still be asked for those before the event of this sequence
     * number, or any later one.
     */
    void keepFrom(long sequence) {
        anchor = sequence;
        forget();
    }

    private void forget() {
        while (past.size() > REMEMBERED && past.getFirst().sequence() < anchor - REMEMBERED) {
            past.removeFirst();
        }
    }

    /** Returns the last events before one of the trace, oldest first. */
    List<Stamped> before(Stamped event) {
        List<Stamped> earlier = past.stream()
                .filter(passed -> passed.sequence() < event.sequence())
                .toList();
        return earlier.subList(Math.max(0, earlier.size() - REMEMBERED), earlier.size());
    }
}
