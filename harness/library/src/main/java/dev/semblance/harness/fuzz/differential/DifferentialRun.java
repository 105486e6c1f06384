package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.harness.fuzz.differential.DeviceDifference.Kind;
import dev.semblance.harness.fuzz.reference.ReferenceDevice;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Act;
import dev.semblance.harness.rig.ScriptLine.Batch;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.ConfigRead;
import dev.semblance.harness.rig.ScriptLine.ConfigWrite;
import dev.semblance.harness.rig.ScriptLine.DisplayChange;
import dev.semblance.harness.rig.ScriptLine.Poke;
import dev.semblance.harness.rig.ScriptLine.Query;
import dev.semblance.harness.rig.ScriptLine.QueueReset;
import dev.semblance.harness.rig.ScriptLine.Reset;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Runs scripts on a device and on a reference beside it, each freshly powered on and with memory of its own, and compares
 * after every line: used elements, all of the room for responses, device status, pictures and cursors in their order, and what
 * a device that tells of it holds; after the last line also all of guest memory.
 */
public final class DifferentialRun implements ScriptCheck {

    /** Bytes of the configuration space: events_read, events_clear, num_scanouts, num_capsets. */
    private static final int CONFIG_SIZE = 16;

    private final RigSettings settings;
    private final DeviceUnderTest.Factory tested;
    private final DeviceUnderTest.Factory reference;
    private final boolean usage;
    private final Dialect dialect;
    private final boolean goesOn;

    /**
     * Makes a comparison of a device with {@link ReferenceDevice}.
     *
     * @param settings what the rig is made of: RAM, displays, features
     * @param tested makes the device under test
     */
    public DifferentialRun(RigSettings settings, DeviceUnderTest.Factory tested) {
        this(settings, tested, BuiltinDevice.of(ReferenceDevice::new));
    }

    /**
     * Makes a comparison of two devices.
     *
     * @param settings what the rig is made of: RAM, displays, features
     * @param tested makes the device under test
     * @param reference makes the device that is right
     */
    public DifferentialRun(RigSettings settings, DeviceUnderTest.Factory tested, DeviceUnderTest.Factory reference) {
        this(settings, tested, reference, true, Dialect.STANDARD, false);
    }

    private DifferentialRun(
            RigSettings settings,
            DeviceUnderTest.Factory tested,
            DeviceUnderTest.Factory reference,
            boolean usage,
            Dialect dialect,
            boolean goesOn) {
        this.dialect = dialect;
        this.goesOn = goesOn;
        this.settings = settings;
        this.tested = tested;
        this.reference = reference;
        this.usage = usage;
    }

    /** {@return the same comparison of nothing but what a driver can see} */
    public DifferentialRun ofWhatADriverSees() {
        return new DifferentialRun(settings, tested, reference, false, dialect, goesOn);
    }

    /**
     * {@return the same comparison that passes what a dialect allows} Once one of the two has done what the other refused, they
     * are in different states: from there on only the device's own failures count.
     *
     * @param other what is allowed
     */
    public DifferentialRun in(Dialect other) {
        return new DifferentialRun(settings, tested, reference, usage, other, goesOn);
    }

    /**
     * {@return the same comparison that tells its watcher of what no dialect allows, and goes on behind it as if one did} The device's own
     * failures end it as ever.
     */
    public DifferentialRun goingOn() {
        return new DifferentialRun(settings, tested, reference, usage, dialect, true);
    }

    /**
     * {@return a comparison of two devices of one kind, which must do the same: what is not initialised shows in it}
     *
     * @param settings what the rig is made of
     * @param tested makes the devices
     */
    public static DifferentialRun ofItself(RigSettings settings, DeviceUnderTest.Factory tested) {
        return new DifferentialRun(settings, tested, tested);
    }

    /** {@return what both rigs are made of} */
    public RigSettings settings() {
        return settings;
    }

    @Override
    public DifferentialRun on(DeviceUnderTest.Factory device) {
        boolean ofItself = tested.equals(reference);
        return new DifferentialRun(settings, device, ofItself ? device : reference, usage, dialect, goesOn);
    }

    @Override
    public Optional<DeviceDifference> run(List<ScriptLine> script, Watcher watcher) {
        DisplayLog expectedShown = new DisplayLog();
        DisplayLog shown = new DisplayLog();
        try (DeviceRig expectedRig = DeviceRig.of(settings, reference, expectedShown);
                DeviceRig rig = DeviceRig.of(settings, tested, shown)) {
            StepKeeper steps = new StepKeeper(dialect, goesOn, rig.capabilities(), watcher);
            FailureJudge failures = new FailureJudge(dialect, watcher);
            return new Run(watcher, usage, goesOn, failures, steps, expectedShown, shown, expectedRig, rig).run(script);
        }
    }

    private static final class Run {
        private final Watcher watcher;
        private final FailureJudge failures;
        private final PictureComparison pictures;
        private final boolean usage;
        private final boolean goesOn;
        private final StepKeeper steps;
        private final Set<Capability> shows;
        private final DisplayLog expectedShown;
        private final DisplayLog shown;
        private final DeviceRig expectedRig;
        private final DeviceRig rig;
        private int line;

        Run(
                Watcher watcher,
                boolean usage,
                boolean goesOn,
                FailureJudge failures,
                StepKeeper steps,
                DisplayLog expectedShown,
                DisplayLog shown,
                DeviceRig expectedRig,
                DeviceRig rig) {
            this.watcher = watcher;
            this.failures = failures;
            this.pictures = new PictureComparison(expectedShown, shown, expectedRig, rig);
            this.usage = usage;
            this.goesOn = goesOn;
            this.steps = steps;
            this.shows = rig.capabilities();
            this.expectedShown = expectedShown;
            this.shown = shown;
            this.expectedRig = expectedRig;
            this.rig = rig;
        }

        Optional<DeviceDifference> run(List<ScriptLine> script) {
            expectedRig.start();
            Optional<DeviceDifference> difference = guarded(() -> {
                rig.start();
                return Optional.empty();
            });
            for (line = 0; line < script.size() && difference.isEmpty() && !failures.isOver(); line++) {
                ScriptLine next = script.get(line);
                difference = switch (next) {
                    case Command command -> submit(List.of(command));
                    case Batch batch -> submit(batch.commands());
                    case Act act -> perform(act);
                    case ConfigRead read -> readConfig(read);
                    // The rest asks for what is compared all the time.
                    case Query query -> Optional.empty();
                };
                // Whatever else is wrong follows from that.
                Optional<DeviceDifference> seen = difference;
                difference = failed(rig.failure(), expectedRig.failure())
                        .or(() -> failures.isOver() ? Optional.empty() : seen);
            }
            if (difference.isPresent() || failures.isOver()) {
                return difference;
            }
            line = script.size();
            difference = failed(rig.finish(), expectedRig.finish());
            return difference.isPresent() || failures.isOver() ? difference : compareMemory();
        }

        private Optional<DeviceDifference> failed(Optional<TargetFailure> tested, Optional<TargetFailure> other) {
            Optional<DeviceDifference> difference = failures.judge(line, tested);
            // Both are asked: what one shows may be known, and what the other shows not.
            Optional<DeviceDifference> others = failures.judge(line, other);
            return difference.or(() -> others);
        }

        /** Does something to the tested device, whose exceptions are its own fault: what it is told is sound. */
        private Optional<DeviceDifference> guarded(Supplier<Optional<DeviceDifference>> action) {
            try {
                return action.get();
            } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
                return Optional.of(DeviceDifference.crash(line, e));
            }
        }

        private Optional<DeviceDifference> found(Kind kind, String signature, String text) {
            return Optional.of(DeviceDifference.of(kind, line, signature, text));
        }

        private Optional<DeviceDifference> submit(List<Command> commands) {
            failures.send(commands);
            expectedShown.clear();
            shown.clear();
            List<CommandAnswer> expected = expectedRig.submit(commands);
            return guarded(() -> {
                List<CommandAnswer> answers = rig.submit(commands);
                if (rig.failure().isPresent()) {
                    // What it did not answer follows from that.
                    return Optional.empty();
                }
                for (int i = 0; i < answers.size(); i++) {
                    Optional<DeviceDifference> difference =
                            compare(i, commands.get(i), expected.get(i), answers.get(i));
                    if (difference.isPresent()) {
                        return difference;
                    }
                }
                for (int i = 0; i < answers.size(); i++) {
                    steps.done(commands.get(i), expected.get(i));
                }
                Optional<DeviceDifference> difference =
                        comparePictures(commands.size(), nameOf(commands)).or(() -> compareUsage(nameOf(commands)));
                if (difference.isEmpty()) {
                    for (int i = 0; i < answers.size(); i++) {
                        watcher.answered(line, commands.get(i), answers.get(i), shown.events());
                    }
                }
                return difference;
            });
        }

        private static String nameOf(List<Command> commands) {
            return CommandName.of(commands.getFirst().request());
        }

        private Optional<DeviceDifference> compare(
                int place, Command command, CommandAnswer expected, CommandAnswer answer) {
            String name = CommandName.of(command.request());
            if (!steps.answersDiffer(line, place, name, expected, answer)) {
                return Optional.empty();
            }
            return Optional.of(AnswerDifference.of(line, name, expected, answer));
        }

        private Optional<DeviceDifference> comparePictures(int commands, String cause) {
            List<PictureComparison.Seen> seen = steps.comparesPictures() ? pictures.compare(line, cause) : List.of();
            return steps.pictureDifference(line, commands, cause, seen);
        }

        /** Compares what both hold, of a device that tells. */
        private Optional<DeviceDifference> compareUsage(String cause) {
            if (!usage || !steps.isInStep()) {
                return Optional.empty();
            }
            Optional<ResourceUsage> actual = rig.resourceUsage();
            Optional<ResourceUsage> expected = expectedRig.resourceUsage();
            if (actual.isEmpty() || expected.isEmpty() || actual.equals(expected)) {
                return Optional.empty();
            }
            return found(
                    Kind.USAGE,
                    cause,
                    Text.format(
                            "after %s the device counts %s, not %s",
                            cause, describe(actual.get()), describe(expected.get())));
        }

        private static String describe(ResourceUsage usage) {
            return Text.format(
                    "%d resources, %d bytes of images and %d stretches of backing",
                    usage.resources(), usage.imageBytes(), usage.backingStretches());
        }

        /** A line that cannot be done with these devices, as one of a spliced script may be, is passed over. */
        private Optional<DeviceDifference> perform(Act act) {
            if (act instanceof DisplayChange && !(rig.changesDisplays() && expectedRig.changesDisplays())
                    || act instanceof QueueReset && !rig.resetsQueues()) {
                return Optional.empty();
            }
            expectedShown.clear();
            shown.clear();
            try {
                expectedRig.perform(act);
            } catch (ScriptException e) {
                return Optional.empty();
            }
            if (act instanceof Reset) {
                steps.reset();
            }
            return guarded(() -> {
                rig.perform(act);
                return switch (act) {
                    case Poke poke -> Optional.empty();
                    case Reset reset -> comparePictures(0, "a reset").or(() -> compareUsage("a reset"));
                    case QueueReset reset ->
                        comparePictures(0, "a queue's reset").or(() -> compareUsage("a queue's reset"));
                    case DisplayChange change ->
                        comparePictures(0, "a display's change").or(this::compareInterrupts);
                    case ConfigWrite write -> compareInterrupts();
                };
            });
        }

        private Optional<DeviceDifference> compareInterrupts() {
            if (!steps.isInStep() || !shows.contains(Capability.CONFIGURATION)) {
                return Optional.empty();
            }
            int expected = expectedRig.interruptStatus();
            int actual = rig.interruptStatus();
            return actual == expected
                    ? Optional.empty()
                    : passed(found(
                            Kind.CONFIG,
                            "interrupt",
                            Text.format("the interrupt status is 0x%x, not 0x%x", actual, expected)));
        }

        /** {@return a difference of what is neither an answer nor a picture, unless the run goes on behind it} */
        private Optional<DeviceDifference> passed(Optional<DeviceDifference> found) {
            if (goesOn) {
                found.ifPresent(watcher::passed);
                return Optional.empty();
            }
            return found;
        }

        /** What lies behind the structure (VIRTIO 1.2, 5.7.4) is nothing that a driver can go by: only ours has to read as the reference there. */
        private Optional<DeviceDifference> readConfig(ConfigRead read) {
            boolean compared =
                    shows.contains(Capability.CONFIGURATION) && (usage || read.offset() + read.width() <= CONFIG_SIZE);
            int expected = expectedRig.readConfig(read.offset(), read.width());
            return guarded(() -> {
                int value = rig.readConfig(read.offset(), read.width());
                return !steps.isInStep() || value == expected || !compared
                        ? Optional.empty()
                        : passed(found(
                                Kind.CONFIG,
                                "offset " + read.offset(),
                                Text.format(
                                        "offset %d of the configuration space, width %d, reads 0x%x, not 0x%x",
                                        read.offset(), read.width(), value, expected)));
            });
        }

        private Optional<DeviceDifference> compareMemory() {
            if (steps.hasDeviated() || !steps.isInStep()) {
                // The rooms for responses are in it.
                return Optional.empty();
            }
            OptionalLong address = MemoryComparison.mismatch(expectedRig.memory(), rig.memory());
            return address.isEmpty()
                    ? Optional.empty()
                    : found(
                            Kind.MEMORY,
                            "",
                            Text.format(
                                    "the device wrote to guest memory that is none of its business, at 0x%x",
                                    address.getAsLong()));
        }
    }
}
