package dev.semblance.harness.replay;

import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.KnownFinding;
import java.util.List;
import java.util.Optional;

/**
 * What a replay into a device that is not ours tells of that device, beside its pictures.
 *
 * @param answers how many answers were compared
 * @param differing how many of them were other than recorded
 * @param allowed how many of those the dialect allows
 * @param differences the kinds of differences, the first seen first; what is beyond a screenful is only counted
 * @param cursorsLaidOn on how many pictures of the target, which shows no cursor, the recorded cursor was laid
 * @param notCompared what it cannot show of itself, in words
 * @param failure what it did that no device may do; the replay ended there
 * @param known which known finding of the dialect that is, if it is one: then it is no difference
 */
public record TargetOutcome(
        long answers,
        long differing,
        long allowed,
        List<AnswerDifference> differences,
        long cursorsLaidOn,
        List<String> notCompared,
        Optional<TargetFailure> failure,
        Optional<KnownFinding> known) {

    /** Copies the lists. */
    public TargetOutcome {
        differences = List.copyOf(differences);
        notCompared = List.copyOf(notCompared);
    }

    /** {@return whether the target shows pictures, so that the snapshots were compared} */
    public boolean comparedPictures() {
        return !notCompared.contains(Capability.PICTURES.words());
    }

    /**
     * Answers that differ in one way.
     *
     * @param command the name of the command
     * @param aspect in what they differ
     * @param expected the name of the recorded response
     * @param actual the name of the target's
     * @param sequence the number of the first event
     * @param count how many there are
     * @param allowedBy what allows it
     */
    public record AnswerDifference(
            String command,
            Deviation.Aspect aspect,
            String expected,
            String actual,
            long sequence,
            long count,
            Optional<Deviation> allowedBy) {}
}
