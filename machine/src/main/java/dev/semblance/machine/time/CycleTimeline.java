package dev.semblance.machine.time;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Comparator;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * The timeline as its owner sees it. Exactly one party moves time: the machine while a guest runs, or whoever drives a
 * device without a hart.
 */
public final class CycleTimeline implements Timeline, Stateful {

    /** What {@link #nextDeadline()} returns when nothing is scheduled. */
    public static final long NEVER = Long.MAX_VALUE;

    /** Nothing runs for so long, and what is scheduled from there has a cycle still. */
    private static final long LAST_LOADED = Long.MAX_VALUE / 2;

    /** Numbers of actions that were scheduled again, from a saved state: before all that is scheduled by itself. */
    private static final long FIRST_AGAIN = Long.MIN_VALUE;

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

    /**
     * The state is the current cycle. What is scheduled belongs to whoever scheduled it: devices {@link #exchange} their
     * deadlines, the host's input and onlookers are no part of a machine.
     */
    @Override
    public void state(StateExchange s) {
        s.part("TIME", 1);
        long cycle = s.saved(now);
        if (s.isLoading()) {
            s.require(cycle >= 0 && cycle <= LAST_LOADED, "its time is none that a run comes to");
            now = cycle;
            s.whenLoaded(() -> s.require(placesAreRight(), "its deadlines have no order"));
        }
    }

    /** The place is saved, not the number: that one counts also what the host has scheduled, which is none of the machine's. */
    @Override
    public Optional<Deadline> exchange(StateExchange s, Optional<Deadline> deadline, Runnable action) {
        if (s.isLoading()) {
            deadline.ifPresent(Deadline::cancel);
        }
        Optional<Entry> scheduled = queue.stream()
                .filter(entry -> deadline.isPresent() && entry == deadline.get())
                .findFirst();
        if (!s.saved(scheduled.isPresent())) {
            return Optional.empty();
        }
        long cycle = s.saved(scheduled.map(entry -> entry.cycle).orElse(0L));
        int place = s.saved(scheduled.map(this::place).orElse(0));
        if (!s.isLoading()) {
            return deadline;
        }
        s.require(cycle >= now && cycle < NEVER && place >= 0, "a deadline of it has gone by");
        Entry again = new Entry(cycle, Lane.DEVICE, place + FIRST_AGAIN, action);
        queue.add(again);
        updateNext();
        return Optional.of(again);
    }

    /** {@return how many actions of the same cycle and lane come before one} */
    private int place(Entry entry) {
        return (int) queue.stream()
                .filter(other -> other != entry
                        && other.cycle == entry.cycle
                        && other.lane == entry.lane
                        && other.number <= entry.number)
                .count();
    }

    private boolean placesAreRight() {
        return queue.stream().allMatch(entry -> entry.number >= 0 || entry.number - FIRST_AGAIN == place(entry));
    }

    private void updateNext() {
        Entry head = queue.peek();
        nextDeadline = head == null ? NEVER : head.cycle;
    }
}
