package dev.semblance.harness.rig;

import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.machine.memory.Ram;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The device half of a trace as a script: what its driver did to the GPU, line by line, and what the device did then.
 * Run by a rig with {@link #settings}, the script gets the same responses and pictures from the same device.
 *
 * <p>Images that lie where the rig keeps its rings and buffers move elsewhere. What no line can say, and what changes
 * nothing that a driver sees, is left out and noted.
 *
 * @param settings of the rig to run it
 * @param steps the lines, with what the trace has of their outcome
 */
public record TraceScript(RigSettings settings, List<TraceStep> steps) {

    /** Copies the list. */
    public TraceScript {
        steps = List.copyOf(steps);
    }

    /**
     * Makes a script of all of a trace, or of what a torn one still has. All of it is held in memory;
     * {@link #stream} does not.
     *
     * @param reader a trace at its start
     * @return the script
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours
     * @throws ScriptException if no rig can do what its driver did
     */
    public static TraceScript of(TraceReader reader) throws IOException {
        List<Stamped> events = new ArrayList<>();
        Plan plan = new Plan(reader.manifest());
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            events.add(next.get());
            plan.survey.pass(next.get());
        }
        List<TraceStep> steps = new ArrayList<>();
        RigSettings settings = plan.settle();
        TraceSteps maker = plan.maker(steps::add);
        events.forEach(maker::pass);
        maker.end();
        return new TraceScript(settings, steps);
    }

    /**
     * Reads a trace twice, and hands out its script step by step; memory does not grow with its length.
     *
     * @param trace the file of the trace
     * @param start told the settings before the first step
     * @param steps takes the steps
     * @return how the trace ends
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours
     * @throws ScriptException if no rig can do what its driver did
     */
    public static TraceStatus stream(Path trace, Consumer<RigSettings> start, Consumer<TraceStep> steps)
            throws IOException {
        Plan plan;
        try (TraceReader reader = TraceReader.open(trace)) {
            plan = new Plan(reader.manifest());
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                plan.survey.pass(next.get());
            }
        }
        start.accept(plan.settle());
        TraceSteps maker = plan.maker(steps);
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                maker.pass(next.get());
            }
            maker.end();
            return reader.status();
        }
    }

    /** {@return the lines alone} */
    public List<ScriptLine> lines() {
        return steps.stream().map(TraceStep::line).toList();
    }

    /** What has to be known before the first step. */
    private static final class Plan {
        private final ReplayableGpu gpu;
        private final TraceSurvey survey;
        private Optional<Relocation> relocation = Optional.empty();

        Plan(TraceManifest manifest) throws IncompatibleTraceException {
            gpu = ReplayableGpu.of(manifest);
            survey = new TraceSurvey(gpu.device(), guest());
        }

        private GuestRam guest() {
            return new GuestRam(gpu.memory());
        }

        RigSettings settle() throws IncompatibleTraceException {
            // A guest may have more than a rig: what its images take of it has to fit.
            long ram = Math.min(Math.max(gpu.memory().span(), RigSettings.EXEC.ramBytes()), Ram.MAX_SIZE);
            relocation = Relocation.of(survey.used(), survey.joined(), guest(), GuestRam.of(0, ram));
            if (relocation.isEmpty()) {
                // Nothing can move inside, so the rig's own part goes behind.
                ram += DeviceRig.RESERVED_BYTES;
                if (ram > Ram.MAX_SIZE) {
                    throw new IncompatibleTraceException(
                            0, "the images of its guest leave no room for a script's rings in 2 GiB of RAM");
                }
                relocation = Relocation.of(survey.used(), survey.joined(), guest(), GuestRam.of(0, ram));
            }
            return new RigSettings(ram, gpu.displays(), gpu.queues());
        }

        TraceSteps maker(Consumer<TraceStep> steps) {
            return new TraceSteps(gpu, relocation.orElseThrow(), steps);
        }
    }
}
