package dev.semblance.harness.trace.position;

import dev.semblance.harness.util.Text;

/**
 * Where a position is in a trace.
 *
 * @param passed how many events of the trace have happened there: the sequence number of the next one
 * @param cycle the cycle there: that of the event which it is right after, or the one that it is before
 * @param first the sequence number of the first event that belongs to a range from there on. A range that starts or ends at an
 *     event has it in, and one that starts or ends at a cycle has all events of that cycle
 * @param last the sequence number of the last event that belongs to a range up to there; -1 where there is none
 */
public record Place(long passed, long cycle, long first, long last) {

    /** Checks that the numbers can be. */
    public Place {
        if (passed < 0 || cycle < 0 || first < 0 || last < -1) {
            throw new IllegalArgumentException(Text.format("no place: %d, %d, %d, %d", passed, cycle, first, last));
        }
    }

    /**
     * {@return the place right after an event}
     *
     * @param sequence the sequence number of the event
     * @param cycle its cycle
     */
    public static Place after(long sequence, long cycle) {
        return new Place(sequence + 1, cycle, sequence, sequence);
    }

    /** {@return as people see it: {@code #720 @85,736,705}, or {@code @85,736,705} where it is right after none} */
    @Override
    public String toString() {
        return passed > first ? Text.format("#%d @%,d", last, cycle) : Text.format("@%,d", cycle);
    }
}
