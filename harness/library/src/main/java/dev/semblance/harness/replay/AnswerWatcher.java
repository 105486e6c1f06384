package dev.semblance.harness.replay;

import dev.semblance.harness.target.dialect.Deviation;
import java.util.Optional;

/** Told of each answer of a device that is not ours, beside the recorded one. */
@FunctionalInterface
public interface AnswerWatcher {

    /** Nobody watches. */
    AnswerWatcher NONE = answer -> {};

    /**
     * An answer was compared.
     *
     * @param answer it and the recorded one
     */
    void compared(Answer answer);

    /**
     * An answer beside the recorded one.
     *
     * @param sequence the number of the recorded event
     * @param command the name of the command
     * @param expected the name of the recorded response
     * @param actual the name of the device's
     * @param aspect in what they differ; empty if in nothing
     * @param allowedBy what allows that
     */
    record Answer(
            long sequence,
            String command,
            String expected,
            String actual,
            Optional<Deviation.Aspect> aspect,
            Optional<Deviation> allowedBy) {}
}
