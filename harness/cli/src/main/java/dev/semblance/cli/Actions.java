package dev.semblance.cli;

import dev.semblance.cli.benchmark.Part;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.edit.trim.TracePosition;
import dev.semblance.harness.fuzz.minimize.MinimizerLimits;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.replay.TraceReplay;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the verbs of the command line do, once their options are understood. A method returns how the command ends, or
 * throws a {@link UserError}.
 */
interface Actions {

    /**
     * The machine to make.
     *
     * @param settings images and the rest; what is empty has its default
     * @param bare a flat binary to load at address 0 and start in S mode, in place of a kernel
     * @param maxCycles where to stop, if the guest has not by then
     */
    record Guest(GuestSettings settings, Optional<Path> bare, OptionalLong maxCycles) {}

    /**
     * A recording to make.
     *
     * @param guest what to run: the command line's word, then the scenario's
     * @param output the trace to write
     */
    record Recording(Guest guest, Optional<Scenario> scenario, Path output) {}

    /**
     * Traces to replay.
     *
     * @param golden where the goldens are, if said
     * @param policy what may differ from them, if not what the policy beside them says
     * @param images folders to search for guest images
     * @param report where to write pictures and a summary of what failed, if said
     * @param html where to write a report as one HTML file, if said
     */
    record Replays(
            List<Path> traces,
            TraceReplay.Kind kind,
            Optional<Path> golden,
            Optional<Path> policy,
            List<Path> images,
            Optional<Path> report,
            Optional<Path> html,
            Ci ci,
            Pace pace) {

        /** Returns the same with what is in packs in the place of the packs. */
        Replays of(OpenedPacks opened) {
            return new Replays(opened.traces(), kind, golden, policy, opened.images(images), report, html, ci, pace);
        }
    }

    /**
     * What a CI system reads of replays.
     *
     * @param junit where to write JUnit XML, if said
     * @param annotations whether to print failures as GitHub's workflow commands
     * @param stepSummary the file that GitHub shows as the summary of a step, to append to
     * @param differencesFirst whether a difference decides how the command ends, though other traces could not be replayed
     */
    record Ci(Optional<Path> junit, boolean annotations, Optional<Path> stepSummary, boolean differencesFirst) {

        /** Nothing. */
        static final Ci NONE = new Ci(Optional.empty(), false, Optional.empty(), false);
    }

    /**
     * How fast replays go.
     *
     * @param jobs how many traces at once, 1 or more
     * @param timeout how long each may take
     */
    record Pace(int jobs, Optional<Duration> timeout) {

        /** One after the other, as long as they take. */
        static final Pace STEADY = new Pace(1, Optional.empty());
    }

    /** Traces whose goldens to write where they are missing or differ by more than the policy allows. */
    record Approval(List<Path> traces, Optional<Path> golden, Optional<Path> policy, List<Path> images) {}

    /** A trace to print. */
    record Dump(Path trace, boolean json) {}

    /** Lines to make a trace of, from a file or from standard input. */
    record Assembly(Optional<Path> lines, Path output) {}

    /** Two traces to compare. */
    record Comparison(Path first, Path second, boolean json) {}

    /** A torn trace to make a whole one of. */
    record Repair(Path torn, Path output) {}

    /**
     * Traces to put into one file.
     *
     * @param golden where the goldens are, if said
     * @param policy what may differ from them, if not what the policy beside them says
     * @param images folders to search for guest images
     * @param withImages whether the images themselves go in
     * @param replay whether the traces are replayed, so that the verdict goes in
     */
    record Packing(
            List<Path> traces,
            Path output,
            Optional<Path> golden,
            Optional<Path> policy,
            List<Path> images,
            boolean withImages,
            boolean replay) {}

    /**
     * A trace to make pictures of.
     *
     * @param everyFlush whether to write a picture for every flush, in place of the snapshots
     * @param folder where to write pictures, if any
     * @param animation what to make of all flushes, if anything
     */
    record Rendering(Path trace, boolean everyFlush, Optional<Path> folder, Optional<Animation> animation) {}

    /**
     * An animated PNG to make.
     *
     * @param scanout whose pictures
     * @param framesPerSecond at which speed to show every picture; empty for the guest's own time
     * @param loops how often it is played; 0 is for ever
     */
    record Animation(Path file, int scanout, OptionalInt framesPerSecond, int loops) {}

    /**
     * A device script to run.
     *
     * @param script the file; empty for standard input
     * @param output the trace to write, if one is wanted
     * @param keepGoing whether a bad line does not end the run
     */
    record Execution(Optional<Path> script, Optional<Path> output, boolean keepGoing) {}

    /**
     * What to measure.
     *
     * @param repeat how often each thing, 1 or more
     */
    record Measurement(Set<Part> parts, int repeat) {}

    /**
     * A range to cut out of a trace.
     *
     * @param from its first event; empty for the trace's first
     * @param to its last event; empty for the trace's last
     */
    record Trim(Path trace, Optional<TracePosition> from, Optional<TracePosition> to, Path output) {}

    /**
     * A failing trace to cut down.
     *
     * @param test a shell command that tells whether a trace fails; empty for the device's differences from it
     * @param timeout for one run of the test
     * @param golden where the goldens are, if said
     */
    record Minimization(
            Path trace,
            Path output,
            Optional<String> test,
            Duration timeout,
            Optional<Path> golden,
            MinimizerLimits limits) {}

    /**
     * A trace to take pixels and typed text out of.
     *
     * @param mask what becomes of pixels
     * @param labels what becomes of the labels of snapshots
     */
    record Redaction(Path trace, Path output, PixelMask mask, Labels labels) {}

    /**
     * What to fuzz with.
     *
     * @param commands when to stop, if said
     * @param time when to stop, if said
     * @param corpus where traces to begin with are, and where what is found goes
     */
    record Fuzzing(Optional<Long> seed, Optional<Long> commands, Optional<Duration> time, Optional<Path> corpus) {}

    /** Boots a guest with its console on the terminal. */
    ExitCode boot(Guest guest);

    /** Makes recordings, one after another. */
    ExitCode record(List<Recording> recordings);

    /** Replays traces. */
    ExitCode replay(Replays replays);

    /** Writes goldens. */
    ExitCode approve(Approval approval);

    /** Tells what traces are: their manifests, counts and identities. */
    ExitCode info(List<Path> traces);

    /** Prints a trace event by event. */
    ExitCode dump(Dump dump);

    /** Makes a trace of the lines that a dump printed. */
    ExitCode assemble(Assembly assembly);

    /** Tells where two traces part. */
    ExitCode diff(Comparison comparison);

    /** Makes a whole trace of what is left of a torn one. */
    ExitCode repair(Repair repair);

    /** Puts traces and what belongs to them into one file. */
    ExitCode pack(Packing packing);

    /** Prints the device half of a trace as a script. */
    ExitCode dumpScript(Path trace);

    /** Runs a device script and answers it. */
    ExitCode exec(Execution execution);

    /** Writes pictures of a trace as PNG files, still or moving. */
    ExitCode render(Rendering rendering);

    /** Cuts a range out of a trace. */
    ExitCode trim(Trim trim);

    /** Cuts a failing trace down to what makes it fail. */
    ExitCode minimize(Minimization minimization);

    /** Takes pixels and typed text out of a trace. */
    ExitCode redact(Redaction redaction);

    /** Looks for commands that the GPU gets wrong. */
    ExitCode fuzz(Fuzzing fuzzing);

    /** Measures the speed of everything that the project promises to be fast. */
    ExitCode benchmark(Measurement measurement);
}
