package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.ResponseName;
import java.util.Optional;

/** Something that a tested device did, beside what the reference did at the same place of a script. */
public sealed interface Comparison {

    /** {@return the index of the script's line} */
    int line();

    /** {@return how the two are to each other} */
    Relation relation();

    /**
     * The answers to a command.
     *
     * @param line the index of the script's line
     * @param place the place of the command in its line: 0, but for those of a batch
     * @param command the name of the command
     * @param expected the name of the reference's response ({@link ResponseName})
     * @param actual the name of the tested device's
     * @param relation how the two are to each other
     */
    record Answer(int line, int place, String command, String expected, String actual, Relation relation)
            implements Comparison {}

    /**
     * The pictures after a line.
     *
     * @param line the index of the script's line
     * @param commands how many commands the line has; 0 if it does something else
     * @param cause the name of the first of them, or what else was done
     * @param relation how the two are to each other
     */
    record Picture(int line, int commands, String cause, Relation relation) implements Comparison {}

    /** How two things are to each other. */
    sealed interface Relation {}

    /** They are the same. */
    record Same() implements Relation {}

    /**
     * They differ.
     *
     * @param aspect in what
     * @param allowedBy what allows that; empty where the run goes on all the same
     * @param detail where they differ, for people; empty where the names say it all
     */
    record Differs(Aspect aspect, Optional<Deviation> allowedBy, String detail) implements Relation {}

    /**
     * They say nothing of each other.
     *
     * @param reason why
     */
    record NotCompared(Reason reason) implements Relation {}

    /** Why two things say nothing of each other. */
    enum Reason {
        /** One of the two has done before what the other refused: they are in different states. */
        OUT_OF_STEP,
        /** What stands between the test and the device answers in its place. */
        NOT_ITS_OWN,
        /** What the two show differed before, and stays until there are other pictures. */
        SHOWN_DIFFERS,
        /** The device shows no pictures. */
        NOT_SHOWN
    }
}
