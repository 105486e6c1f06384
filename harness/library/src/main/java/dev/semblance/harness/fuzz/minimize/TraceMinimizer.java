package dev.semblance.harness.fuzz.minimize;

import dev.semblance.harness.CorruptInputException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RecordedAnswer;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Act;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Query;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.ReusedDevices;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Cuts a trace down to what makes it fail, and writes that as a trace that fails where this one does. */
public final class TraceMinimizer {

    private final DeviceUnderTest.Factory tested;
    private final MinimizerLimits limits;
    private final String toolVersion;
    private final Dialect dialect;

    /**
     * Makes a minimizer.
     *
     * @param tested the device on which traces fail
     * @param limits when to stop
     * @param toolVersion goes into the traces written
     */
    public TraceMinimizer(DeviceUnderTest.Factory tested, MinimizerLimits limits, String toolVersion) {
        this(tested, limits, toolVersion, Dialect.STANDARD);
    }

    /**
     * Makes a minimizer for a device that may do some things otherwise than recorded.
     *
     * @param tested the device on which traces fail
     * @param limits when to stop
     * @param toolVersion goes into the traces written
     * @param dialect which answers are no failure, and which faults are known: what comes after one of those does not count
     */
    public TraceMinimizer(DeviceUnderTest.Factory tested, MinimizerLimits limits, String toolVersion, Dialect dialect) {
        this.tested = tested;
        this.limits = limits;
        this.toolVersion = toolVersion;
        this.dialect = dialect;
    }

    /**
     * What was done.
     *
     * @param failure what is wrong, for people
     * @param minimized what is left
     */
    public record Outcome(String failure, Minimized minimized) {}

    /**
     * Cuts a trace down to where the device does otherwise than recorded, or throws; or, if it does neither, to where it
     * shows something else than a golden.
     *
     * @param trace the file of the trace
     * @param output the trace that is written
     * @param goldens what the snapshots are compared with
     * @return what is left, and what was done
     * @throws SemblanceException if it does not fail, or cannot be put as a script
     * @throws IOException if it cannot be read or written
     */
    public Outcome minimize(Path trace, Path output, Goldens goldens) throws IOException {
        TraceScript script = script(trace);
        Optional<TraceFailure> recorded = TraceFailure.of(script, tested, dialect);
        TraceFailure failure = (recorded.isPresent() ? recorded : TraceFailure.of(script, tested, dialect, goldens))
                .orElseThrow(() -> new UnusableInputException(trace + " does not fail: "
                        + (dialect.equals(Dialect.STANDARD)
                                ? "the device answers and shows all that is recorded"
                                : "the device does all that is recorded but for what the dialect allows, up to what it"
                                        + " knows")
                        + ". With --test, give a command that fails for it"));
        // What comes after the line that fails is never run by the test; without it each run is cheaper.
        List<ScriptLine> lines = script.lines().subList(0, failure.line() + 1);
        List<ScriptLine> whole = failure.failsAlike(lines) ? lines : script.lines();
        if (!failure.failsAlike(whole)) {
            throw new UnusableInputException(
                    Text.format("%s fails now and then only, which cannot be cut down: %s", trace, failure.text()));
        }
        Minimizer minimizer = new Minimizer(some -> some.equals(whole) || failure.failsAlike(some), limits);
        Minimized minimized;
        try (ReusedDevices devices = new ReusedDevices(tested)) {
            minimized = (tested.startsPrograms() ? minimizer.trying(failure.on(devices), devices) : minimizer)
                    .minimize(whole);
        }
        record(output, script, minimized.script(), failure.patches());
        return new Outcome(failure.text(), counted(minimized, script));
    }

    /**
     * Cuts a trace down to that for which a command of the user's ends with the same exit code.
     *
     * @param trace the file of the trace
     * @param output the trace that is written
     * @param command for the shell
     * @param timeout for one run of it
     * @return what is left, and what was done
     * @throws SemblanceException if the command ends with 0, or not in time, or otherwise once the trace is put as a script
     * @throws IOException if it cannot be read or written
     */
    public Outcome minimize(Path trace, Path output, String command, Duration timeout) throws IOException {
        TraceScript script = script(trace);
        CommandTest test = new CommandTest(command, timeout);
        OptionalInt code = test.run(trace);
        if (code.isEmpty()) {
            throw new UnusableInputException(Text.format(
                    "the test did not end within %d %s for %s",
                    timeout.toMillis() % 1000 == 0 ? timeout.toSeconds() : timeout.toMillis(),
                    timeout.toMillis() % 1000 == 0 ? "s" : "ms",
                    trace));
        }
        if (code.getAsInt() == 0) {
            throw new UnusableInputException(
                    Text.format("%s does not fail: the test ends with exit code 0 for it", trace));
        }
        RecordedOutcomes patches = differences(script);
        try (TemporaryFolder folder = TemporaryFolder.create()) {
            Path candidate = folder.path().resolve("candidate.trace");
            FailureTest fails = lines -> {
                try {
                    record(candidate, script, lines, patches);
                    return test.run(candidate).equals(code);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            };
            if (!fails.failsAlike(script.lines())) {
                throw new UnusableInputException(Text.format(
                                "the test ends with exit code %d for %s, but not once that is recorded again: what makes it fail is",
                                code.getAsInt(), trace)
                        + " not in the commands of the GPU");
            }
            Minimized minimized = new Minimizer(fails, limits).minimize(script.lines());
            record(output, script, minimized.script(), patches);
            return new Outcome("the test ends with exit code " + code.getAsInt(), minimized);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Records lines as the reference answers them, but for what the trace had otherwise. */
    private void record(Path output, TraceScript script, List<ScriptLine> lines, RecordedOutcomes patches)
            throws IOException {
        ScriptRecording.write(
                output, script.settings(), toolVersion, BuiltinDevice.of(ReferenceDevice::new), lines, patches);
    }

    private static TraceScript script(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return TraceScript.of(reader);
        } catch (ScriptException e) {
            throw new CorruptInputException(Text.format("%s cannot be put as a script: %s", trace, e.getMessage()), e);
        }
    }

    /** {@return the result with the cost of all of the trace as what there was before} */
    private static Minimized counted(Minimized minimized, TraceScript script) {
        return new Minimized(
                minimized.script(),
                ScriptCost.of(script.lines()),
                minimized.after(),
                minimized.runs(),
                minimized.limited());
    }

    /** {@return what a recording has otherwise than the reference model} */
    private static RecordedOutcomes differences(TraceScript script) {
        RecordedOutcomes recorded = RecordedOutcomes.of(script);
        RecordedOutcomes differences = RecordedOutcomes.none();
        DisplayEventRecorder shown = new DisplayEventRecorder();
        try (DeviceRig rig = DeviceRig.of(script.settings(), BuiltinDevice.of(ReferenceDevice::new), shown)) {
            rig.start();
            for (ScriptLine line : script.lines()) {
                shown.take();
                switch (line) {
                    case Command command ->
                        differ(List.of(command), rig.submit(List.of(command)), recorded, differences);
                    case Batch batch -> differ(batch.commands(), rig.submit(batch.commands()), recorded, differences);
                    case Act act -> rig.perform(act);
                    case Query query -> {
                        // It asks what is there.
                    }
                }
                List<TraceEvent> actual = shown.take();
                if (!(line instanceof ScriptLine.Screendump)) {
                    recorded.shown(line)
                            .filter(expected -> !expected.equals(actual))
                            .ifPresent(expected -> differences.put(line, expected));
                }
            }
        }
        return differences;
    }

    private static void differ(
            List<Command> commands,
            List<CommandAnswer> answers,
            RecordedOutcomes recorded,
            RecordedOutcomes differences) {
        for (int i = 0; i < commands.size(); i++) {
            Optional<RecordedAnswer> expected = recorded.answer(commands.get(i));
            if (expected.isPresent() && !expected.get().matches(answers.get(i))) {
                differences.put(commands.get(i), expected.get());
            }
        }
    }
}
