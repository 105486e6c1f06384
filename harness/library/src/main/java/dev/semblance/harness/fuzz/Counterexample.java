package dev.semblance.harness.fuzz;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.fuzz.Fuzzer.Check;
import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.minimize.Minimized;
import dev.semblance.harness.fuzz.minimize.Minimizer;
import dev.semblance.harness.fuzz.minimize.MinimizerLimits;
import dev.semblance.harness.fuzz.minimize.ScriptCost;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.ReusedDevices;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The smallest script that was found to make a device fail in one way.
 *
 * @param settings the rig that it fails on
 * @param script the lines that are left
 * @param difference what the device does otherwise than it should
 * @param before the cost of the script that failed first
 * @param after the cost of this one
 * @param failsAgain whether the script failed when it was run again; one that did not is not cut down
 */
public record Counterexample(
        RigSettings settings,
        List<ScriptLine> script,
        DeviceDifference difference,
        ScriptCost before,
        ScriptCost after,
        boolean failsAgain) {

    /** Scripts of the fuzzer are cut down in a second or two; only those with huge images need this. */
    private static final MinimizerLimits LIMITS = new MinimizerLimits(20_000, Optional.of(Duration.ofSeconds(30)));

    /** How often a script is run again that does not fail at once. */
    private static final int TRIES = 4;

    /** Copies the list. */
    public Counterexample {
        script = List.copyOf(script);
    }

    /**
     * Cuts the script of a failure down.
     *
     * @param failure what the fuzzer found
     * @return the same failure with fewer lines
     */
    public static Counterexample of(Failure failure) {
        // What comes after the first difference does not count, unless it is only seen at the end.
        int end = Math.min(failure.script().size(), failure.difference().line() + 1);
        List<ScriptLine> head = failure.script().subList(0, end);
        Optional<List<ScriptLine>> failing = failing(failure, List.of(head, failure.script()));
        if (failing.isEmpty()) {
            ScriptCost cost = ScriptCost.of(failure.script());
            return new Counterexample(failure.settings(), failure.script(), failure.difference(), cost, cost, false);
        }
        List<ScriptLine> script = failing.get();
        // It has failed just now, and a program need not do so each time.
        Minimizer minimizer = new Minimizer(some -> some.equals(script) || failsAlike(failure, some), LIMITS);
        Minimized minimized;
        try (ReusedDevices devices = new ReusedDevices(failure.device())) {
            Check again = failure.checks().apply(devices);
            minimized = (failure.device().startsPrograms()
                            ? minimizer.trying(some -> failsAlike(failure, again, some), devices)
                            : minimizer)
                    .minimize(script);
        }
        DeviceDifference difference = failure.check().run(minimized.script()).orElse(failure.difference());
        return new Counterexample(
                failure.settings(),
                minimized.script(),
                difference,
                ScriptCost.of(failure.script()),
                minimized.after(),
                true);
    }

    /** {@return the first of some scripts that fails again: a program need not fail each time, so more than once is tried} */
    private static Optional<List<ScriptLine>> failing(Failure failure, List<List<ScriptLine>> scripts) {
        return IntStream.range(0, TRIES)
                .boxed()
                .flatMap(round -> scripts.stream())
                .filter(script -> failsAlike(failure, script))
                .findFirst();
    }

    private static boolean failsAlike(Failure failure, List<ScriptLine> script) {
        return failsAlike(failure, failure.check(), script);
    }

    private static boolean failsAlike(Failure failure, Check check, List<ScriptLine> script) {
        try {
            Optional<DeviceDifference> difference = check.run(script);
            return difference.isPresent()
                    && difference.get().signature().equals(failure.difference().signature());
        } catch (ScriptException e) {
            return false;
        }
    }

    /**
     * Writes it as a trace: the script, and what the reference answers and shows. A replay diverges as long as the device
     * fails, and passes from then on.
     *
     * @param trace the file that is written
     * @param toolVersion the version of what writes it
     * @throws IOException if it cannot be read or written
     */
    public void write(Path trace, String toolVersion) throws IOException {
        record(script, settings, trace, toolVersion);
    }

    /** Records a script with the reference's answers. */
    static void record(List<ScriptLine> script, RigSettings settings, Path trace, String toolVersion)
            throws IOException {
        try (OutputFile file = OutputFile.create(trace);
                TraceWriter writer = TraceWriter.into(file, settings.manifest(toolVersion));
                DeviceRig rig =
                        DeviceRig.recorded(settings, BuiltinDevice.of(ReferenceDevice::new), new NoFrames(), writer)) {
            ScriptRunner runner = new ScriptRunner(rig);
            script.forEach(runner::run);
            runner.end();
            writer.complete();
        }
    }
}
