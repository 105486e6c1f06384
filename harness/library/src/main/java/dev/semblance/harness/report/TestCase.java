package dev.semblance.harness.report;

import dev.semblance.harness.replay.ReplaySubject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * One thing that was checked, as CI systems count them.
 *
 * @param subject what it is about
 * @param result what came of it
 * @param time how long it took by itself, in wall time
 * @param attachments files that show it: pictures
 */
public record TestCase(ReplaySubject subject, Result result, Duration time, List<Path> attachments) {

    /** Copies the list. */
    public TestCase {
        attachments = List.copyOf(attachments);
    }

    /** Makes one that nobody measured and no file shows. */
    public TestCase(ReplaySubject subject, Result result) {
        this(subject, result, Duration.ZERO, List.of());
    }

    /** {@return its name, stable from run to run} */
    public String name() {
        return subject.title();
    }

    /** What came of it. */
    public sealed interface Result {}

    /**
     * It passed.
     *
     * @param notes what there is to know all the same, such as the rule that decided
     */
    public record Passed(List<String> notes) implements Result {

        /** Copies the list. */
        public Passed {
            notes = List.copyOf(notes);
        }
    }

    /**
     * It was not done, or there was nothing to check.
     *
     * @param reason one sentence
     */
    public record Skipped(String reason) implements Result {}

    /**
     * It failed.
     *
     * @param message one sentence
     * @param details lines with all that is known
     */
    public record Failed(FailureType type, String message, List<String> details) implements Result {

        /** Copies the list. */
        public Failed {
            details = List.copyOf(details);
        }
    }

    /**
     * It could not be checked: a trace that was refused, a rule that cannot be applied.
     *
     * @param type a short word for what was wrong
     * @param message one sentence
     */
    public record Errored(String type, String message) implements Result {}

    /** {@return whether it neither failed nor was impossible to check} */
    public boolean isGood() {
        return switch (result) {
            case Passed passed -> true;
            case Skipped skipped -> true;
            case Failed failed -> false;
            case Errored error -> false;
        };
    }
}
