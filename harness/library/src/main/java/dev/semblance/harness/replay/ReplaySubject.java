package dev.semblance.harness.replay;

import java.nio.file.Path;

/** What one of the things is about that are checked of a trace. Its title is stable from run to run. */
public sealed interface ReplaySubject {

    /** {@return what it is called where CI systems and JUnit name it} */
    String title();

    /** What there is one of in a trace. */
    enum Whole implements ReplaySubject {
        /** The trace as a whole, where no replay came of it. */
        TRACE("replay"),
        /** The device replay. */
        DEVICE_REPLAY("device replay"),
        /** The machine replay. */
        MACHINE_REPLAY("machine replay"),
        /** Whether the trace was recorded to its end. */
        WHOLENESS("trace is whole"),
        /** What the driver did. */
        LINT("lint");

        private final String title;

        Whole(String title) {
            this.title = title;
        }

        @Override
        public String title() {
            return title;
        }
    }

    /**
     * A snapshot.
     *
     * @param label its label
     */
    record Snapshot(String label) implements ReplaySubject {
        @Override
        public String title() {
            return "snapshot " + label;
        }
    }

    /**
     * A golden that no snapshot is compared with.
     *
     * @param golden its file
     */
    record UnusedGolden(Path golden) implements ReplaySubject {
        @Override
        public String title() {
            return "golden " + golden.getFileName();
        }
    }
}
