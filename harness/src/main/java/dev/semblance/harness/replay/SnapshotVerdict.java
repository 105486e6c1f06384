package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.FrameDiff;
import java.nio.file.Path;

/** What came of comparing one snapshot with its golden. */
public sealed interface SnapshotVerdict {

    /** Returns the snapshot's label. */
    String label();

    /** Every pixel is as in the golden. */
    record Match(String label) implements SnapshotVerdict {}

    /**
     * The picture differs from the golden.
     *
     * @param golden the file compared with
     * @param expected the golden
     * @param actual what was shown
     */
    record Differs(String label, Path golden, Frame expected, Frame actual, FrameDiff diff)
            implements SnapshotVerdict {}

    /**
     * There is no golden, and there should be one.
     *
     * @param golden where it would be
     * @param actual what was shown
     */
    record Missing(String label, Path golden, Frame actual) implements SnapshotVerdict {}

    /**
     * The golden cannot be read.
     *
     * @param reason one sentence that names the file
     */
    record Unreadable(String label, String reason) implements SnapshotVerdict {}

    /** There are no goldens for this trace; the recorded digests decide alone. */
    record NoGoldens(String label) implements SnapshotVerdict {}
}
