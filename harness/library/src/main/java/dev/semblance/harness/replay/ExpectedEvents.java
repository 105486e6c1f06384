package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.EventHistory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** A trace as a replay reads it: one event ahead, and remembering the last few commands. */
final class ExpectedEvents {

    /** How many commands before a difference are told. */
    private static final int COMMANDS = 8;

    private final TraceReader reader;
    private final EventHistory past;
    private Optional<Stamped> head = Optional.empty();
    private boolean ended;
    private long passed;

    ExpectedEvents(TraceReader reader) {
        this.reader = reader;
        this.past = new EventHistory(reader.manifest(), COMMANDS);
    }

    /** {@return the next event without passing it; empty at the end of what could be read} */
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

    /** {@return how many events were passed; one that says nothing ({@link TraceEvent.End#UNKNOWN}) counts with the next} */
    long passed() {
        return passed;
    }

    /**
     * Passes events up to a place in the trace, which is not behind what was passed.
     *
     * @return the cycle of the last one that was passed; -1 if none was
     */
    long advanceTo(long count) {
        long cycle = -1;
        for (Optional<Stamped> next = peek(); passed < count && next.isPresent(); next = peek()) {
            cycle = next.get().cycle();
            advance();
        }
        return cycle;
    }

    /** Passes the next event. */
    void advance() {
        peek().ifPresent(event -> {
            past.add(event);
            passed = event.sequence() + 1;
        });
        head = Optional.empty();
    }

    /**
     * Lets events be passed in advance, and {@link #before} still be asked for those before the event of this sequence
     * number, or any later one.
     */
    void keepFrom(long sequence) {
        past.keepFrom(sequence);
    }

    /** {@return what came before an event of the trace, oldest first} */
    List<EventHistory.Earlier> before(Stamped event) {
        return past.before(event);
    }
}
