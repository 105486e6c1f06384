package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.Rule;
import java.nio.file.Path;

/** What came of comparing one snapshot with its golden, under the policy. */
public sealed interface SnapshotVerdict {

    /** Returns the snapshot's label. */
    String label();

    /** Returns what decided. */
    Decision decision();

    /**
     * Every pixel is as in the golden.
     *
     * @param golden the file compared with
     */
    record Match(String label, Path golden, Decision decision) implements SnapshotVerdict {}

    /**
     * The picture differs from the golden, and a rule accepts that: what differs is under a mask or within a tolerance, or
     * an alternative matches.
     *
     * @param golden the golden's file; what matched is the last of the decision's comparisons
     * @param expected what matched: the golden, or the alternative
     * @param actual what was shown
     */
    record Accepted(String label, Path golden, Frame expected, Frame actual, Decision decision)
            implements SnapshotVerdict {}

    /**
     * The picture differs, as a rule says that it does.
     *
     * @param golden the golden's file
     * @param diff what differs from the golden, masked or not
     */
    record FailedAsExpected(String label, Path golden, Frame expected, Frame actual, FrameDiff diff, Decision decision)
            implements SnapshotVerdict {}

    /**
     * A rule says that the picture differs, but it does not: a failure, for the rule is out of date.
     *
     * @param golden the golden's file
     */
    record UnexpectedPass(String label, Path golden, Decision decision) implements SnapshotVerdict {}

    /**
     * The picture differs from the golden by more than the policy allows.
     *
     * @param golden the file compared with
     * @param expected the golden
     * @param actual what was shown
     * @param diff what differs, masked or not
     */
    record Differs(String label, Path golden, Frame expected, Frame actual, FrameDiff diff, Decision decision)
            implements SnapshotVerdict {}

    /**
     * There is no golden, and there should be one.
     *
     * @param golden where it would be
     * @param actual what was shown
     */
    record Missing(String label, Path golden, Frame actual, Decision decision) implements SnapshotVerdict {}

    /**
     * The golden, or an alternative, cannot be read.
     *
     * @param reason one sentence that names the file
     */
    record Unreadable(String label, String reason, Decision decision) implements SnapshotVerdict {}

    /**
     * The rule for the snapshot cannot be applied to it.
     *
     * @param rule the rule at fault
     * @param reason one sentence
     */
    record BadRule(String label, Rule rule, String reason, Decision decision) implements SnapshotVerdict {}

    /** There are no goldens for this trace; the recorded digests decide alone. */
    record NoGoldens(String label) implements SnapshotVerdict {
        @Override
        public Decision decision() {
            return Decision.EXACT;
        }
    }

    /** Tells whether the snapshot passes. */
    default boolean passes() {
        return switch (this) {
            case Match match -> true;
            case Accepted accepted -> true;
            case FailedAsExpected failed -> true;
            case NoGoldens none -> true;
            case UnexpectedPass pass -> false;
            case Differs differs -> false;
            case Missing missing -> false;
            case Unreadable unreadable -> false;
            case BadRule bad -> false;
        };
    }
}
