package dev.semblance.harness.fuzz.differential;

import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Deviation;
import dev.semblance.harness.target.dialect.KnownFinding;
import java.util.List;
import java.util.Optional;

/** Runs scripts on a device that is freshly powered on for each, and tells what is wrong with what comes of them. */
public sealed interface ScriptCheck permits DifferentialRun, SurvivalRun {

    /** What a run of a script saw, besides a difference. */
    @FunctionalInterface
    interface Watcher {

        /** Nobody watches. */
        Watcher NONE = (line, command, answer, shown) -> {};

        /**
         * A command was answered by the tested device, as it should.
         *
         * @param line the index of the script's line
         * @param command what was asked for
         * @param answer what the device answered
         * @param shown what it showed meanwhile
         */
        void answered(int line, Command command, CommandAnswer answer, List<DisplayEvent> shown);

        /**
         * The tested device did otherwise than it should, as its dialect allows.
         *
         * @param deviation what allows it
         */
        default void deviated(Deviation deviation) {}

        /**
         * What the tested device did was compared with what the reference did, and the run goes on.
         *
         * @param comparison how the two are to each other
         */
        default void compared(Comparison comparison) {}

        /**
         * The tested device failed in a way that its dialect knows; the script ends there.
         *
         * @param line the index of the line after which that was seen; the script's length where only its end showed it
         * @param finding what it is
         */
        default void known(int line, KnownFinding finding) {}

        /**
         * Something else differs than an answer or a picture, and the run goes on.
         *
         * @param difference what
         */
        default void passed(DeviceDifference difference) {}
    }

    /**
     * {@return the same check of other devices}
     *
     * @param device makes the devices under test
     */
    ScriptCheck on(DeviceUnderTest.Factory device);

    /**
     * Runs a script before a watcher and returns the first difference.
     *
     * @param script the lines, in their order
     * @param watcher told of each answer
     * @return the first difference, or empty
     * @throws ScriptException if no rig can run it
     */
    Optional<DeviceDifference> run(List<ScriptLine> script, Watcher watcher);

    /**
     * Runs a script and returns the first difference.
     *
     * @param script the lines, in their order
     * @return the first difference, or empty
     * @throws ScriptException if no rig can run it
     */
    default Optional<DeviceDifference> run(List<ScriptLine> script) {
        return run(script, Watcher.NONE);
    }
}
