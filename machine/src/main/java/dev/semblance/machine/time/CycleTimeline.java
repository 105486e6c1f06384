package dev.semblance.machine.time;

import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * The timeline as its owner sees it. Exactly one party moves time: the machine while a guest runs, or whoever drives a
 * device without a hart.
 */
public final class CycleTimeline implements Timeline {

    /** What {@link #nextDeadline()} returns when nothing is scheduled. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final Comparator<Entry> ORDER = Comparator.comparingLong((Entry e) -> e.cycle)
            .thenComparing(e -> e.lane)
            .thenComparingLong(e -> e.number);

    private final PriorityQueue<Entry> queue = new PriorityQueue<>(ORDER);
    private long now;
    private long inserted;
    private long nextDeadline = NEVER;

    /** Makes a timeline at cycle 0. */
    public CycleTimeline() {}

    private final class Entry implements Deadline {
        final long cycle;
        final Lane lane;
        final long number;
        final Runnable action;

        Entry(long cycle, Lane lane, long number, Runnable action) {
            this.cycle = cycle;
            this.lane = lane;
            this.number = number;
            this.action = action;
        }

        @Override
        public long cycle() {
            return cycle;
        }

        @Override
        public void cancel() {
            if (queue.remove(this)) {
                updateNext();
            }
        }
    }

    @Override
    public long now() {
        return now;
    }

    @Override
    public Deadline schedule(long cycle, Lane lane, Runnable action) {
        Entry entry = new Entry(Math.max(cycle, now), lane, inserted++, action);
        queue.add(entry);
        updateNext();
        return entry;
    }

    /** {@return the cycle of the earliest scheduled action, or {@link #NEVER}} */
    public long nextDeadline() {
        return nextDeadline;
    }

    /**
     * Sets the current cycle without running what is due; time never goes back.
     *
     * @param cycle the cycle that has come
     */
    public void setNow(long cycle) {
        if (cycle < now) {
            throw new IllegalStateException("time went back from cycle " + now + " to " + cycle);
        }
        now = cycle;
    }

    /** Runs, in order, every action due at or before the current cycle, including those that these schedule. */
    public void runDue() {
        while (nextDeadline <= now) {
            Entry entry = queue.remove();
            updateNext();
            entry.action.run();
        }
    }

    private void updateNext() {
        Entry head = queue.peek();
        nextDeadline = head == null ? NEVER : head.cycle;
    }
}
