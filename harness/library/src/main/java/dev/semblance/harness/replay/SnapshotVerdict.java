package dev.semblance.harness.replay;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.MaskedComparison;
import dev.semblance.harness.golden.policy.Rule;
import java.nio.file.Path;
import java.util.Optional;

/** What came of comparing one snapshot with its golden, under the policy. */
public sealed interface SnapshotVerdict {

    /** {@return the snapshot's label} */
    String label();

    /** {@return what decided} */
    Decision decision();

    /**
     * Every pixel is as in the golden.
     *
     * @param label the label of the snapshot
     * @param golden the file compared with
     * @param decision how it was decided: the rule, and what was compared
     */
    record Match(String label, Path golden, Decision decision) implements SnapshotVerdict {}

    /**
     * The picture differs from the golden, and a rule accepts that: what differs is under a mask or within a tolerance, or
     * an alternative matches.
     *
     * @param label the label of the snapshot
     * @param golden the golden's file; what matched is the last of the decision's comparisons
     * @param actual what was shown
     * @param decision how it was decided: the rule, and what was compared
     */
    record Accepted(String label, Path golden, KeptPicture actual, Decision decision) implements SnapshotVerdict {}

    /**
     * The picture differs, as a rule says that it does.
     *
     * @param label the label of the snapshot
     * @param golden the golden's file
     * @param actual what was shown
     * @param diff what differs from the golden, masked or not
     * @param decision how it was decided: the rule, and what was compared
     */
    record FailedAsExpected(String label, Path golden, KeptPicture actual, FrameDiff diff, Decision decision)
            implements SnapshotVerdict {}

    /**
     * A rule says that the picture differs, but it does not: a failure, for the rule is out of date.
     *
     * @param label the label of the snapshot
     * @param golden the golden's file
     * @param decision how it was decided: the rule, and what was compared
     */
    record UnexpectedPass(String label, Path golden, Decision decision) implements SnapshotVerdict {}

    /**
     * The picture differs from the golden by more than the policy allows.
     *
     * @param label the label of the snapshot
     * @param golden the file compared with
     * @param actual what was shown
     * @param diff what differs, masked or not
     * @param decision how it was decided: the rule, and what was compared
     * @param origin where the first pixel that differs came from, as sentences, if that was looked for
     */
    record Differs(
            String label, Path golden, KeptPicture actual, FrameDiff diff, Decision decision, Optional<String> origin)
            implements SnapshotVerdict {

        /**
         * A difference whose origin was not looked for.
         *
         * @param label the label of the snapshot
         * @param golden the file compared with
         * @param actual what was shown
         * @param diff what differs, masked or not
         * @param decision how it was decided: the rule, and what was compared
         */
        public Differs(String label, Path golden, KeptPicture actual, FrameDiff diff, Decision decision) {
            this(label, golden, actual, diff, decision, Optional.empty());
        }

        /**
         * {@return the same, with where its first pixel that differs came from}
         *
         * @param sentences about the origin
         */
        public Differs withOrigin(String sentences) {
            return new Differs(label, golden, actual, diff, decision, Optional.of(sentences));
        }
    }

    /**
     * There is no golden, and there should be one.
     *
     * @param label the label of the snapshot
     * @param golden where it would be
     * @param actual what was shown
     * @param decision how it was decided: the rule, and what was compared
     */
    record Missing(String label, Path golden, KeptPicture actual, Decision decision) implements SnapshotVerdict {
        @Override
        public ExitCode exitCode() {
            return ExitCode.GOLDEN_MISSING;
        }
    }

    /**
     * The golden, or an alternative, cannot be read.
     *
     * @param label the label of the snapshot
     * @param file the golden or the alternative
     * @param reason what is wrong with it, without its name
     * @param decision how it was decided: the rule, and what was compared
     */
    record Unreadable(String label, Path file, String reason, Decision decision) implements SnapshotVerdict {}

    /**
     * The rule for the snapshot cannot be applied to it.
     *
     * @param label the label of the snapshot
     * @param rule the rule at fault
     * @param reason one sentence
     * @param decision how it was decided: the rule, and what was compared
     */
    record BadRule(String label, Rule rule, String reason, Decision decision) implements SnapshotVerdict {
        @Override
        public ExitCode exitCode() {
            return ExitCode.USAGE;
        }
    }

    /**
     * There are no goldens for this trace; the recorded digests decide alone.
     *
     * @param label the label of the snapshot
     * @param required whether there have to be some
     */
    record NoGoldens(String label, boolean required) implements SnapshotVerdict {
        @Override
        public Decision decision() {
            return Decision.EXACT;
        }

        @Override
        public ExitCode exitCode() {
            return required ? ExitCode.GOLDEN_MISSING : ExitCode.PASS;
        }
    }

    /** What a snapshot counts as, with the words that reports have for it. */
    enum Status {
        /** It is not as it should be. */
        FAIL("fail", "Fail", "failed"),
        /** It differs, and a rule allows that. */
        ALLOWED("allowed", "Allowed", "allowed to differ"),
        /** It is as it should be. */
        PASS("pass", "Pass", "passed"),
        /** There was nothing to compare it with. */
        NOT_COMPARED("none", "Not compared", "not compared");

        private final String key;
        private final String word;
        private final String many;

        Status(String key, String word, String many) {
            this.key = key;
            this.word = word;
            this.many = many;
        }

        /** {@return the name that programs and style sheets know it by} */
        public String key() {
            return key;
        }

        /** {@return what one snapshot is called} */
        public String word() {
            return word;
        }

        /** {@return what several snapshots did, to follow their number} */
        public String many() {
            return many;
        }
    }

    /**
     * What there is to look at.
     *
     * @param expected the file of what the snapshot should show, perhaps of another format than PNG; where {@code actual} is
     *     empty, of what it does show
     * @param actual what it shows
     * @param difference what differs, outside of the masks
     */
    record Pictures(Optional<Path> expected, Optional<KeptPicture> actual, Optional<FrameDiff> difference) {

        private static final Pictures NONE = new Pictures(Optional.empty(), Optional.empty(), Optional.empty());

        private static Pictures right(Path file) {
            return new Pictures(Optional.of(file), Optional.empty(), Optional.empty());
        }

        private static Pictures differing(Path file, KeptPicture actual, FrameDiff difference) {
            return new Pictures(Optional.of(file), Optional.of(actual), Optional.of(difference));
        }
    }

    /** {@return what the snapshot counts as} */
    default Status status() {
        return switch (this) {
            case Match match -> Status.PASS;
            case Accepted accepted -> Status.ALLOWED;
            case FailedAsExpected failed -> Status.ALLOWED;
            case NoGoldens none -> none.required() ? Status.FAIL : Status.NOT_COMPARED;
            case UnexpectedPass pass -> Status.FAIL;
            case Differs differs -> Status.FAIL;
            case Missing missing -> Status.FAIL;
            case Unreadable unreadable -> Status.FAIL;
            case BadRule bad -> Status.FAIL;
        };
    }

    /** {@return whether the snapshot passes} */
    default boolean passes() {
        return status() != Status.FAIL;
    }

    /** {@return how a command over this snapshot alone ends} */
    default ExitCode exitCode() {
        return passes() ? ExitCode.PASS : ExitCode.MISMATCH;
    }

    /** {@return the pictures that are at hand} */
    default Pictures pictures() {
        return switch (this) {
            case Match match -> Pictures.right(match.golden());
            case UnexpectedPass pass ->
                Pictures.right(pass.decision().comparisons().getLast().file());
            case Accepted accepted -> {
                MaskedComparison matching = accepted.decision().comparisons().getLast();
                yield Pictures.differing(matching.file(), accepted.actual(), matching.diff());
            }
            case FailedAsExpected failed ->
                Pictures.differing(
                        failed.golden(), failed.actual(), failed.decision().unmasked(failed.diff()));
            case Differs differs ->
                Pictures.differing(
                        differs.golden(), differs.actual(), differs.decision().unmasked(differs.diff()));
            case Missing missing -> new Pictures(Optional.empty(), Optional.of(missing.actual()), Optional.empty());
            case Unreadable unreadable -> Pictures.NONE;
            case BadRule bad -> Pictures.NONE;
            case NoGoldens none -> Pictures.NONE;
        };
    }
}
