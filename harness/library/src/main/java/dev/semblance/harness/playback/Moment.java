package dev.semblance.harness.playback;

import dev.semblance.harness.util.Text;
import java.util.Comparator;

/**
 * A moment between two instructions of a machine that is played back. What the host does at a cycle comes before the instruction at
 * that cycle, so there is one moment more at a cycle for each of its acts.
 *
 * @param cycle the cycle of the next instruction
 * @param acts how many of the acts of the host that the trace has ({@link TraceIndex#acts}) were done
 */
public record Moment(long cycle, int acts) implements Comparable<Moment> {

    /** Before the first instruction at power-on. */
    public static final Moment START = new Moment(0, 0);

    private static final Comparator<Moment> ORDER =
            Comparator.comparingLong(Moment::cycle).thenComparingInt(Moment::acts);

    /** Checks that the numbers can be. */
    public Moment {
        if (cycle < 0 || acts < 0) {
            throw new IllegalArgumentException(Text.format("no moment: %d, %d", cycle, acts));
        }
    }

    @Override
    public int compareTo(Moment other) {
        return ORDER.compare(this, other);
    }

    /**
     * {@return whether this is earlier than another}
     *
     * @param other the other
     */
    public boolean isBefore(Moment other) {
        return compareTo(other) < 0;
    }

    /** {@return as people see it: {@code @85,736,705}} */
    @Override
    public String toString() {
        return Text.format("@%,d", cycle);
    }
}
