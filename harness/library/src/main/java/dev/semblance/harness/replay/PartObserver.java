package dev.semblance.harness.replay;

/**
 * Told when the parts of a trace's replay begin and end, so that whoever wants to know how long they take can look at a clock: the
 * replays themselves have none. The machine replay and the device replay are told of by threads of their own, at the same time;
 * what a snapshot is compared for is within the replay that shows it, on its thread. Each beginning has its end, also where
 * something goes wrong in between; a part may begin more than once.
 */
public interface PartObserver {

    /** Wants to know nothing. */
    PartObserver NONE = new PartObserver() {
        @Override
        public void begins(ReplaySubject part) {}

        @Override
        public void ends(ReplaySubject part) {}
    };

    /**
     * A part begins.
     *
     * @param part which one
     */
    void begins(ReplaySubject part);

    /**
     * The part that this thread began last, and that has not ended yet, ends.
     *
     * @param part which one
     */
    void ends(ReplaySubject part);
}
