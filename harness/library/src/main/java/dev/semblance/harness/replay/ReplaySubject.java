package dev.semblance.harness.replay;

import java.nio.file.Path;

/** What one of the things is about that are checked of a trace. Its name is stable from run to run. */
public sealed interface ReplaySubject {

    /** {@return what it is called where CI systems and JUnit name it} */
    String name();

    /** The trace as a whole, where no replay came of it. */
    record Trace() implements ReplaySubject {
        @Override
        public String name() {
            return "replay";
        }
    }

    /** The device replay. */
    record DeviceReplay() implements ReplaySubject {
        @Override
        public String name() {
            return "device replay";
        }
    }

    /** The machine replay. */
    record MachineReplay() implements ReplaySubject {
        @Override
        public String name() {
            return "machine replay";
        }
    }

    /** Whether the trace was recorded to its end. */
    record Wholeness() implements ReplaySubject {
        @Override
        public String name() {
            return "trace is whole";
        }
    }

    /**
     * A snapshot.
     *
     * @param label its label
     */
    record Snapshot(String label) implements ReplaySubject {
        @Override
        public String name() {
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
        public String name() {
            return "golden " + golden.getFileName();
        }
    }
}
