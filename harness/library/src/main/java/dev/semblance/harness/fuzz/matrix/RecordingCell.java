package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TargetOutcome;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What became of a recording on a target.
 *
 * @param standing what that counts as
 * @param exitCode how a command about this recording and this target alone ends
 * @param text how that came, for people; one line
 */
public record RecordingCell(Standing standing, ExitCode exitCode, String text) {

    /** What a recording counts as on a target. */
    public enum Standing {
        /** Pictures and answers are as recorded. */
        PASS("pass", "Pass"),
        /** What is not, the dialect or a policy allows. */
        ALLOWED("allowed", "Allowed"),
        /** No picture was compared; the answers are as recorded. */
        UNCHECKED("unchecked", "Unchecked"),
        /** Something is not as recorded. */
        FAIL("FAIL", "Fail"),
        /** It was not replayed. */
        NOT_RUN("not run", "Not run");

        private final String word;
        private final String title;

        Standing(String word, String title) {
            this.word = word;
            this.title = title;
        }

        /** {@return what a page says} */
        public String title() {
            return title;
        }

        /** {@return what a line begins with} */
        public String word() {
            return word;
        }
    }

    /** {@return the cell of a recording that was not replayed, since the target is not used any more} */
    static RecordingCell notRun(String reason) {
        return notRun(ExitCode.PASS, reason);
    }

    private static RecordingCell notRun(ExitCode code, String reason) {
        return new RecordingCell(Standing.NOT_RUN, code, reason);
    }

    /**
     * {@return the cell of a verdict}
     *
     * @param heard the numbers of the findings of what the target's program said meanwhile
     */
    static RecordingCell of(TraceVerdict verdict, List<Integer> heard) {
        return switch (verdict) {
            case TraceVerdict.Refused refused -> notRun(refused.exitCode(), firstLine(refused.reason()));
            case TraceVerdict.TimedOut timedOut ->
                new RecordingCell(
                        Standing.FAIL,
                        timedOut.exitCode(),
                        Text.format("took longer than %d ms", timedOut.limit().toMillis()));
            case TraceVerdict.Crashed crashed ->
                notRun(crashed.exitCode(), "internal error, please report it: " + crashed.problem());
            case TraceVerdict.Replayed replayed -> of(replayed, heard);
        };
    }

    private static String firstLine(String reason) {
        return reason.lines().findFirst().orElse("");
    }

    private static RecordingCell of(TraceVerdict.Replayed verdict, List<Integer> heard) {
        Optional<TargetOutcome> target = verdict.device().flatMap(ReplayOutcome::target);
        boolean blind = target.filter(outcome -> !outcome.comparedPictures()).isPresent();
        long differing = target.map(TargetOutcome::differing).orElse(0L);
        long allowed = target.map(TargetOutcome::allowed).orElse(0L);
        List<String> parts = new ArrayList<>();
        target.flatMap(TargetOutcome::failure).ifPresent(failure -> parts.add(failure.kind()));
        parts.add(blind ? "shows no pictures" : pictures(verdict, target));
        long answers = target.map(TargetOutcome::answers).orElse(0L);
        if (differing > 0) {
            parts.add(Text.format(
                    "%,d of %s %s%s",
                    differing,
                    Text.count(answers, "answer"),
                    differing == 1 ? "differs" : "differ",
                    allowed == 0 ? "" : allowed == differing ? ", allowed" : Text.format(", %,d allowed", allowed)));
        } else {
            parts.add(Text.count(answers, "answer"));
        }
        heard.forEach(finding -> parts.add(Text.format("complained (finding %d)", finding)));
        verdict.torn().ifPresent(torn -> parts.add("the trace is torn"));
        boolean differs = differing > allowed || !heard.isEmpty();
        ExitCode code = verdict.exitCode().orGraver(differs ? ExitCode.MISMATCH : ExitCode.PASS);
        boolean passes = code == ExitCode.PASS || code == ExitCode.TORN;
        boolean nothing = answers == 0 && verdict.snapshots().isEmpty();
        boolean excused = allowed > 0
                || verdict.snapshots().stream().anyMatch(each -> each.status() == SnapshotVerdict.Status.ALLOWED);
        Standing standing = !passes
                ? Standing.FAIL
                : blind || verdict.comparedNothing() || nothing
                        ? Standing.UNCHECKED
                        : excused ? Standing.ALLOWED : Standing.PASS;
        return new RecordingCell(standing, code, String.join("; ", parts));
    }

    private static String pictures(TraceVerdict.Replayed verdict, Optional<TargetOutcome> target) {
        long all = verdict.snapshots().size();
        if (all == 0) {
            return "no picture";
        }
        boolean recorded = verdict.snapshots().stream().allMatch(each -> each instanceof SnapshotVerdict.NoGoldens);
        if (recorded) {
            // Without goldens they have to be as recorded, and the first that is not is the divergence.
            boolean differs =
                    verdict.device().flatMap(ReplayOutcome::divergence).isPresent()
                            && target.flatMap(TargetOutcome::failure).isEmpty();
            return differs ? "a picture differs" : Text.count(all, "picture");
        }
        long good = verdict.snapshots().stream().filter(SnapshotVerdict::passes).count();
        return good == all
                ? Text.count(all, "picture")
                : Text.format("%,d of %s not as the golden", all - good, Text.count(all, "picture"));
    }
}
