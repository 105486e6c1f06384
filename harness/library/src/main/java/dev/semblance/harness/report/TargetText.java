package dev.semblance.harness.report;

import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.TargetOutcome;
import dev.semblance.harness.replay.TargetOutcome.AnswerDifference;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a replay tells of a device that is not ours, as sentences. */
final class TargetText {

    private static final int MOST = 10;

    private TargetText() {}

    /** {@return the sentences for a replay; none for one into our device} */
    static List<String> of(Optional<ReplayOutcome> replay) {
        return replay.flatMap(ReplayOutcome::target).map(TargetText::sentences).orElse(List.of());
    }

    /** {@return what stands in the line of the trace: {@code 3 of 720 answers differ, 2 of them as the dialect allows}} */
    static String answers(TargetOutcome outcome) {
        String compared = Text.count(outcome.answers(), "answer");
        if (outcome.differing() == 0) {
            return "all of " + compared + " as recorded";
        }
        String text = Text.format(
                "%,d of %s %s", outcome.differing(), compared, outcome.differing() == 1 ? "differs" : "differ");
        return outcome.allowed() == 0
                ? text
                : Text.format("%s, %,d of them as the dialect allows", text, outcome.allowed());
    }

    private static List<String> sentences(TargetOutcome outcome) {
        List<String> sentences = new ArrayList<>();
        outcome.failure().ifPresent(failure -> {
            sentences.add(outcome.known()
                    .map(known -> Text.format(
                            "Known finding: %s; %s knows it (%s). What comes after it was not compared.",
                            failure.text(), known.place(), known.reason()))
                    .orElse("Finding: " + failure.text() + "."));
            if (failure.lastLines().size() > 1) {
                failure.lastLines().forEach(line -> sentences.add("    " + line));
            }
        });
        outcome.differences().stream().limit(MOST).map(TargetText::sentence).forEach(sentences::add);
        long told = outcome.differences().stream()
                .limit(MOST)
                .mapToLong(AnswerDifference::count)
                .sum();
        if (told < outcome.differing()) {
            sentences.add(
                    Text.format("%s more differ in other ways.", Text.count(outcome.differing() - told, "answer")));
        }
        if (outcome.cursorsLaidOn() > 0) {
            sentences.add(Text.format(
                    "The target shows no cursor: the recorded one was laid on %s.",
                    Text.count(outcome.cursorsLaidOn(), "picture")));
        }
        if (!outcome.notCompared().isEmpty()) {
            sentences.add(
                    "Not compared, since the target cannot show it: " + String.join(", ", outcome.notCompared()) + ".");
        }
        return sentences.stream().map(Printable::line).toList();
    }

    private static String sentence(AnswerDifference difference) {
        String what = switch (difference.aspect()) {
            case ANSWER -> Text.format("%s, not %s", difference.actual(), difference.expected());
            case CONTENT -> Text.format("another %s", difference.expected());
            case LENGTH -> Text.format("%s with another length", difference.expected());
            case PICTURE, STATUS -> difference.actual();
        };
        String text = Text.format(
                "%s is answered with %s: %s, first at #%,d",
                difference.command(), what, Text.count(difference.count(), "time"), difference.sequence());
        return difference
                        .allowedBy()
                        .map(deviation ->
                                Text.format("%s; %s allows it (%s)", text, deviation.place(), deviation.reason()))
                        .orElse(text)
                + ".";
    }
}
