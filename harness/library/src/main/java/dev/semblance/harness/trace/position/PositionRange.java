package dev.semblance.harness.trace.position;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A range of a trace between two positions. Both ends belong to it: the event that a position is right after, and for a cycle
 * all events of it. {@code start} stands for the first event here, {@code end} for the last.
 *
 * @param from where it starts
 * @param to where it ends
 */
public record PositionRange(Position from, Position to) {

    /** All of a trace. */
    public static final PositionRange WHOLE = new PositionRange(new Position.Start(), new Position.End());

    /**
     * The events of a range.
     *
     * @param first the sequence number of the first
     * @param last that of the last, or {@link Long#MAX_VALUE} for the last of the trace
     */
    public record Events(long first, long last) {

        /**
         * {@return whether an event is one of them}
         *
         * @param sequence its number in the trace, from 0
         */
        public boolean contains(long sequence) {
            return first <= sequence && sequence <= last;
        }
    }

    /**
     * {@return the range between two positions}
     *
     * @param from where it starts; empty for the start of the trace
     * @param to where it ends; empty for the end of the trace
     */
    public static PositionRange between(Optional<Position> from, Optional<Position> to) {
        return new PositionRange(from.orElse(WHOLE.from()), to.orElse(WHOLE.to()));
    }

    /** {@return whether it is all of a trace, whichever} */
    public boolean isWhole() {
        return equals(WHOLE);
    }

    /**
     * Finds the range in a trace. It reads no further than it has to.
     *
     * @param reader the trace, at its start
     * @param trace what the trace is called
     * @return its events; there is one at least
     * @throws UnusableInputException if one of the positions is not there, or the second comes before the first
     * @throws IOException if the trace cannot be read, or is damaged before the range is known
     */
    public Events find(TraceReader reader, Object trace) throws IOException {
        List<Position> wanted = new ArrayList<>();
        boolean fromStart = from instanceof Position.Start;
        boolean toEnd = to instanceof Position.End;
        if (!fromStart) {
            wanted.add(from);
        }
        if (!toEnd) {
            wanted.add(to);
        }
        List<Found> found = PositionFinder.find(reader, wanted);
        long first = fromStart ? 0 : found.getFirst().require(trace).place().first();
        long last =
                toEnd ? Long.MAX_VALUE : found.getLast().require(trace).place().last();
        if (last < first) {
            throw new UnusableInputException(Text.format("no event of %s is in the range %s", trace, this));
        }
        return new Events(first, last);
    }

    /** {@return the range in words, such as {@code from flush:10 to end}} */
    @Override
    public String toString() {
        return Text.format("from %s to %s", from, to);
    }
}
