package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Text;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.golden.policy.Mask;
import dev.semblance.harness.golden.policy.MaskedComparison;
import dev.semblance.harness.replay.SnapshotVerdict;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A snapshot's verdict as a report shows it.
 *
 * @param findings what came of it, in sentences
 * @param expected what it should show; where {@code actual} is empty, what it does show
 * @param actual what it shows
 * @param difference what differs, outside of the masks
 * @param decision what decided
 */
record SnapshotView(
        String label,
        Status status,
        List<String> findings,
        Optional<Picture> expected,
        Optional<Frame> actual,
        Optional<FrameDiff> difference,
        Decision decision) {

    /** What a snapshot counts as. */
    enum Status {
        FAIL("fail", "Fail", "failed"),
        ALLOWED("allowed", "Allowed", "allowed to differ"),
        PASS("pass", "Pass", "passed"),
        NOT_COMPARED("none", "Not compared", "not compared");

        final String key;
        final String word;
        final String many;

        Status(String key, String word, String many) {
            this.key = key;
            this.word = word;
            this.many = many;
        }
    }

    /**
     * A picture with a file.
     *
     * @param file perhaps of another format than PNG
     * @param frame what is in it, if that is at hand
     */
    record Picture(Path file, Optional<Frame> frame) {}

    static Status status(SnapshotVerdict verdict) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> Status.PASS;
            case SnapshotVerdict.Accepted accepted -> Status.ALLOWED;
            case SnapshotVerdict.FailedAsExpected failed -> Status.ALLOWED;
            case SnapshotVerdict.UnexpectedPass pass -> Status.FAIL;
            case SnapshotVerdict.Differs differs -> Status.FAIL;
            case SnapshotVerdict.Missing missing -> Status.FAIL;
            case SnapshotVerdict.Unreadable unreadable -> Status.FAIL;
            case SnapshotVerdict.BadRule bad -> Status.FAIL;
            case SnapshotVerdict.NoGoldens none -> Status.NOT_COMPARED;
        };
    }

    static SnapshotView of(SnapshotVerdict verdict) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> of(match, file(match.golden()), Optional.empty(), Optional.empty());
            case SnapshotVerdict.Accepted accepted -> {
                MaskedComparison matching = accepted.decision().comparisons().getLast();
                yield of(
                        accepted,
                        Optional.of(new Picture(matching.file(), Optional.of(accepted.expected()))),
                        Optional.of(accepted.actual()),
                        Optional.of(matching.diff()));
            }
            case SnapshotVerdict.FailedAsExpected failed ->
                of(
                        failed,
                        Optional.of(new Picture(failed.golden(), Optional.of(failed.expected()))),
                        Optional.of(failed.actual()),
                        Optional.of(unmasked(failed.decision(), failed.diff())));
            case SnapshotVerdict.UnexpectedPass pass ->
                of(pass, file(pass.decision().comparisons().getLast().file()), Optional.empty(), Optional.empty());
            case SnapshotVerdict.Differs differs ->
                of(
                        differs,
                        Optional.of(new Picture(differs.golden(), Optional.of(differs.expected()))),
                        Optional.of(differs.actual()),
                        Optional.of(unmasked(differs.decision(), differs.diff())));
            case SnapshotVerdict.Missing missing ->
                of(missing, Optional.empty(), Optional.of(missing.actual()), Optional.empty());
            case SnapshotVerdict.Unreadable unreadable -> withoutPictures(unreadable);
            case SnapshotVerdict.BadRule bad -> withoutPictures(bad);
            case SnapshotVerdict.NoGoldens none -> withoutPictures(none);
        };
    }

    private static SnapshotView withoutPictures(SnapshotVerdict verdict) {
        return of(verdict, Optional.empty(), Optional.empty(), Optional.empty());
    }

    private static SnapshotView of(
            SnapshotVerdict verdict,
            Optional<Picture> expected,
            Optional<Frame> actual,
            Optional<FrameDiff> difference) {
        List<String> sentences = SnapshotText.sentences(verdict);
        return new SnapshotView(
                verdict.label(),
                status(verdict),
                sentences.isEmpty() ? List.of(plain(verdict)) : sentences,
                expected,
                actual,
                difference,
                verdict.decision());
    }

    private static String plain(SnapshotVerdict verdict) {
        return verdict instanceof SnapshotVerdict.NoGoldens
                ? "There are no goldens to compare it with. The command render writes its picture."
                : "Every pixel is as in the golden.";
    }

    private static Optional<Picture> file(Path golden) {
        return Optional.of(new Picture(golden, Optional.empty()));
    }

    /** Returns what differs from the golden outside of the masks, or anywhere where nothing was compared under a rule. */
    private static FrameDiff unmasked(Decision decision, FrameDiff all) {
        return decision.comparisons().stream()
                .map(MaskedComparison::diff)
                .filter(diff -> !(diff instanceof FrameDiff.Same))
                .findFirst()
                .orElse(all);
    }

    List<Mask> masks() {
        return decision.masks();
    }

    /** Returns the rule that decided, in a sentence. */
    String decidedBy() {
        if (status == Status.NOT_COMPARED) {
            return "the digest in the recording alone";
        }
        return decision.rule()
                .map(rule -> Text.format("%s, which allows %s", rule.sentence(), rule.allows()))
                .orElse("every pixel has to be as in the golden");
    }

    /** Returns what the rule links to. */
    List<String> links() {
        return decision.rule().stream()
                .flatMap(rule -> Stream.concat(rule.expectedFailure().stream(), rule.bug().stream()))
                .distinct()
                .toList();
    }
}
