package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.fuzz.differential.ScriptCheck;
import dev.semblance.harness.fuzz.differential.SurvivalRun;
import dev.semblance.harness.fuzz.minimize.RecordedComparison.Mismatch;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Dialect;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * How a trace fails on a device: the first place where an answer or a picture is not as recorded, or the device throws.
 *
 * <p>If the reference model says the same of that place as the recording, the device is wrong whatever else is left out or
 * changed, and the model tells for each candidate how it ought to go. If not, the recording is taken for the truth: a
 * command that is kept is expected to be answered as recorded.
 */
sealed interface TraceFailure extends FailureTest {

    /** {@return what is wrong, for people} */
    String text();

    /** {@return the index of the script's line that fails} */
    int line();

    /** {@return what is known better than the reference model does, for {@link ScriptRecording}} */
    RecordedOutcomes patches();

    /** {@return the same failure on other devices} */
    TraceFailure on(DeviceUnderTest.Factory device);

    /** Finds out how a trace fails on a device; empty if it does not. */
    static Optional<TraceFailure> of(TraceScript script, DeviceUnderTest.Factory tested) {
        return of(script, tested, Dialect.STANDARD);
    }

    /** Finds out how a trace fails on a device; empty if it does not, but for what a dialect allows and knows. */
    static Optional<TraceFailure> of(TraceScript script, DeviceUnderTest.Factory tested, Dialect dialect) {
        return of(script, tested, dialect, RecordedOutcomes.of(script), false);
    }

    /**
     * Finds out how a device shows something else than the goldens of a trace; empty if it does not.
     *
     * @throws IOException if one cannot be read
     */
    static Optional<TraceFailure> of(
            TraceScript script, DeviceUnderTest.Factory tested, Dialect dialect, Goldens goldens) throws IOException {
        RecordedOutcomes expected = RecordedOutcomes.of(script);
        return expected.expectGoldens(script, goldens) ? of(script, tested, dialect, expected, true) : Optional.empty();
    }

    private static Optional<TraceFailure> of(
            TraceScript script,
            DeviceUnderTest.Factory tested,
            Dialect dialect,
            RecordedOutcomes expected,
            boolean golden) {
        // A program that dies does so whatever was recorded, and whatever it answers before that.
        SurvivalRun survival = new SurvivalRun(script.settings(), tested, dialect);
        Optional<DeviceDifference> died =
                survival.run(script.lines()).filter(found -> found.kind() == DeviceDifference.Kind.FAILURE);
        if (died.isPresent()) {
            // What shows at the end alone shows with the last line.
            return Optional.of(new AgainstModel(
                    survival,
                    died.get().at(Math.min(died.get().line(), script.lines().size() - 1))));
        }
        RecordedComparison comparison = new RecordedComparison(script.settings(), tested, dialect, expected);
        Optional<Mismatch> mismatch = comparison.first(script.lines());
        if (mismatch.isEmpty()) {
            return Optional.empty();
        }
        DifferentialRun model =
                new DifferentialRun(script.settings(), tested, BuiltinDevice.of(ReferenceDevice::new)).in(dialect);
        Optional<DeviceDifference> difference = model.run(script.lines());
        int line = mismatch.get().line();
        // A picture that differs from its golden, or that a device shows when asked, was made wrong by some command
        // before it.
        boolean asked = mismatch.get().kind() == RecordedComparison.Kind.PICTURE
                && script.steps().get(line).line() instanceof Screendump;
        boolean explained = difference
                .filter(found -> golden || asked && found.kind() == DeviceDifference.Kind.PICTURE
                        ? found.line() <= line
                        : found.line() == line)
                .isPresent();
        return Optional.of(
                explained
                        ? new AgainstModel(model, difference.orElseThrow())
                        : new AgainstRecording(comparison, mismatch.get(), patches(script, expected, mismatch.get())));
    }

    private static RecordedOutcomes patches(TraceScript script, RecordedOutcomes recorded, Mismatch mismatch) {
        RecordedOutcomes patches = RecordedOutcomes.none();
        ScriptLine line = script.steps().get(mismatch.line()).line();
        switch (mismatch.kind()) {
            case PICTURE -> recorded.shown(line).ifPresent(shown -> patches.put(line, shown));
            case RESPONSE, CRASH, UNKNOWN ->
                ScriptEdits.commands(line).stream()
                        .filter(command ->
                                command.id().filter(mismatch.id()::equals).isPresent())
                        .forEach(command -> recorded.answer(command).ifPresent(answer -> patches.put(command, answer)));
        }
        return patches;
    }

    /** The device differs from the reference model, or fails by itself. */
    record AgainstModel(ScriptCheck comparison, DeviceDifference difference) implements TraceFailure {
        @Override
        public boolean failsAlike(List<ScriptLine> script) {
            return comparison
                    .run(script)
                    .filter(found -> found.kind() == difference.kind()
                            && found.signature().equals(difference.signature()))
                    .isPresent();
        }

        @Override
        public TraceFailure on(DeviceUnderTest.Factory device) {
            return new AgainstModel(comparison.on(device), difference);
        }

        @Override
        public String text() {
            return difference.text();
        }

        @Override
        public int line() {
            return difference.line();
        }

        @Override
        public RecordedOutcomes patches() {
            return RecordedOutcomes.none();
        }
    }

    /** The device does as the reference model does; the recording has it otherwise. */
    record AgainstRecording(RecordedComparison comparison, Mismatch mismatch, RecordedOutcomes patches)
            implements TraceFailure {
        @Override
        public boolean failsAlike(List<ScriptLine> script) {
            return comparison.failsAlike(script, mismatch);
        }

        @Override
        public TraceFailure on(DeviceUnderTest.Factory device) {
            return new AgainstRecording(comparison.on(device), mismatch, patches);
        }

        @Override
        public String text() {
            return mismatch.text();
        }

        @Override
        public int line() {
            return mismatch.line();
        }
    }
}
