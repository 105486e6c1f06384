package dev.semblance.harness.report;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.policy.Decision;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A snapshot's verdict as a report shows it.
 *
 * @param findings what came of it, in sentences
 * @param expected the file of what it should show; where {@code actual} is empty, what it does show
 * @param actual what it shows
 * @param difference what differs, outside of the masks
 * @param decision what decided
 */
record SnapshotView(
        String label,
        SnapshotVerdict.Status status,
        List<String> findings,
        Optional<Path> expected,
        Optional<KeptPicture> actual,
        Optional<FrameDiff> difference,
        Decision decision) {

    static SnapshotView of(SnapshotVerdict verdict, FileNames names) {
        List<String> sentences = SnapshotText.sentences(verdict, names);
        SnapshotVerdict.Pictures pictures = verdict.pictures();
        return new SnapshotView(
                verdict.label(),
                verdict.status(),
                sentences.isEmpty() ? List.of(plain(verdict)) : sentences,
                pictures.expected(),
                pictures.actual(),
                pictures.difference(),
                verdict.decision());
    }

    private static String plain(SnapshotVerdict verdict) {
        return verdict instanceof SnapshotVerdict.NoGoldens
                ? "It was compared with nothing: there are no goldens. The command render writes its picture."
                : "Every pixel is as in the golden.";
    }

    /** {@return whether somebody has to look at it} */
    boolean isLarge() {
        return status == SnapshotVerdict.Status.FAIL || status == SnapshotVerdict.Status.ALLOWED;
    }

    List<PixelRect> masks() {
        return decision.masks();
    }

    /** {@return the rule that decided, in a sentence} */
    String decidedBy() {
        if (status == SnapshotVerdict.Status.NOT_COMPARED) {
            return "the digest in the recording alone";
        }
        return decision.rule()
                .map(rule -> Text.format("%s, which allows %s", rule.sentence(), rule.allows()))
                .orElse("every pixel has to be as in the golden");
    }

    /** {@return what the rule links to} */
    List<String> links() {
        return decision.rule().stream()
                .flatMap(rule -> Stream.concat(rule.expectedFailure().stream(), rule.bug().stream()))
                .distinct()
                .toList();
    }
}
