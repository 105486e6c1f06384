package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Act;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.DisplayChange;
import dev.semblance.harness.rig.ScriptLine.Query;
import dev.semblance.harness.rig.ScriptLine.Screendump;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.dialect.Dialect;
import java.util.List;
import java.util.Optional;

/** Runs scripts on a device and does not ask what it answers: only that it lives, goes on, and does not complain. */
public final class SurvivalRun implements ScriptCheck {

    private final RigSettings settings;
    private final DeviceUnderTest.Factory tested;
    private final Dialect dialect;

    /**
     * Makes a check.
     *
     * @param settings what the rig is made of
     * @param tested makes the device under test
     */
    public SurvivalRun(RigSettings settings, DeviceUnderTest.Factory tested) {
        this(settings, tested, Dialect.STANDARD);
    }

    /**
     * Makes a check that passes what is known.
     *
     * @param settings what the rig is made of
     * @param tested makes the device under test
     * @param dialect which of its program's faults are known
     */
    public SurvivalRun(RigSettings settings, DeviceUnderTest.Factory tested, Dialect dialect) {
        this.settings = settings;
        this.tested = tested;
        this.dialect = dialect;
    }

    @Override
    public SurvivalRun on(DeviceUnderTest.Factory device) {
        return new SurvivalRun(settings, device, dialect);
    }

    @Override
    public Optional<DeviceDifference> run(List<ScriptLine> script, Watcher watcher) {
        FailureJudge failures = new FailureJudge(dialect, watcher);
        try (DeviceRig rig = DeviceRig.of(settings, tested, new NoFrames())) {
            int line = 0;
            try {
                rig.start();
                for (line = 0; line < script.size() && rig.failure().isEmpty(); line++) {
                    run(rig, line, script.get(line), watcher, failures);
                }
                if (rig.failure().isEmpty()) {
                    for (int head = 0; head < rig.heads(); head++) {
                        rig.primary(head);
                    }
                }
            } catch (ScriptException e) {
                throw e;
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                return Optional.of(DeviceDifference.crash(line, e));
            }
            // The line after which it was seen; the script's end where only that brought it to light.
            int seen = rig.failure().isPresent() ? Math.max(0, line - 1) : script.size();
            return failures.judge(seen, rig.finish());
        }
    }

    private static void run(DeviceRig rig, int number, ScriptLine line, Watcher watcher, FailureJudge failures) {
        switch (line) {
            case Command command -> submit(rig, number, List.of(command), watcher, failures);
            case Batch batch -> submit(rig, number, batch.commands(), watcher, failures);
            case Act act -> {
                if (!(act instanceof DisplayChange) || rig.changesDisplays()) {
                    try {
                        rig.perform(act);
                    } catch (ScriptException e) {
                        // A line that cannot be done with this device, as one of a spliced script may be, is passed
                        // over.
                    }
                }
            }
            case ConfigRead read -> rig.readConfig(read.offset(), read.width());
            case Screendump dump -> {
                if (dump.head() >= 0 && dump.head() < rig.heads()) {
                    rig.primary(dump.head());
                }
            }
            case Query query -> {
                // It asks the rig, not the device.
            }
        }
    }

    private static void submit(
            DeviceRig rig, int line, List<Command> commands, Watcher watcher, FailureJudge failures) {
        failures.send(commands);
        List<CommandAnswer> answers = rig.submit(commands);
        if (rig.failure().isEmpty()) {
            for (int i = 0; i < answers.size(); i++) {
                watcher.answered(line, commands.get(i), answers.get(i), List.of());
            }
        }
    }
}
