package dev.semblance.cli;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.replay.pixels.DamageView;
import dev.semblance.harness.rig.AnswerJson;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a device script and answers it line by line. */
@Command(
        name = "exec",
        header = "Drive the GPU by hand: a script of JSON lines in, answers as JSON lines out.",
        description = {
            "Runs a device script (docs/SCRIPT.md) on a fresh device, without a machine around it. Every line is answered by"
                    + " one line, as soon as it is done.",
            "The first bad line ends the run: what came before it has happened, and no trace is written."
        },
        footer = {
            "  semblance exec test.jsonl                 docs/SCRIPT.md: what stands in it",
            "  semblance exec -o bug.trace test.jsonl    and keep it as a trace",
            "  my-driver | semblance exec -              from standard input, line by line",
            "  echo '{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}' | semblance exec -",
            "  semblance dump --script recordings/flips.trace | semblance exec -",
            "  semblance exec --target pipe:./my-gpu test.jsonl    on your own device"
        })
final class ExecCommand extends Subcommand<ExecCommand.Request> {

    @Parameters(paramLabel = "FILE", description = "The script, or - for standard input.")
    private Path script = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "TRACE",
            description = "Record what happens; screendumps become snapshots.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--keep-going",
            description = "Answer a bad line with an \"error\" and run the rest; the exit code still tells.")
    private boolean keepGoing;

    @Option(
            names = "--decode",
            description = "Show every response by its fields too, not only those to commands that are told by name.")
    private boolean decode;

    @Option(
            names = "--damage",
            description = "Screendumps show only what the rectangles of flushes brought; all else is magenta.")
    private boolean damage;

    @Mixin
    private TargetOptions target = new TargetOptions();

    /**
     * A device script to run.
     *
     * @param script the file; empty for standard input
     * @param output the trace to write, if one is wanted
     * @param keepGoing whether a bad line does not end the run
     * @param decode whether all responses are decoded
     * @param damage whether screendumps show only what flushes brought
     * @param target which device it runs on
     */
    record Request(
            Optional<Path> script,
            Optional<Path> output,
            boolean keepGoing,
            boolean decode,
            boolean damage,
            TargetOptions.Choice target) {

        /** A script for the device that the command has. */
        Request(Optional<Path> script, Optional<Path> output, boolean keepGoing, boolean decode, boolean damage) {
            this(script, output, keepGoing, decode, damage, TargetOptions.Choice.OWN);
        }
    }

    private final DeviceUnderTest.Factory device;

    ExecCommand(CliEnvironment environment) {
        this(environment, BuiltinDevice.ours());
    }

    /** Makes the verb for a GPU of one's own. */
    ExecCommand(CliEnvironment environment, DeviceUnderTest.Factory device) {
        super(environment);
        this.device = device;
    }

    @Override
    Request parse() {
        boolean fromInput = script.toString().equals("-");
        TargetOptions.Choice chosen = target.choice().withDialectOfTarget();
        if (damage && chosen.isForeign()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    "--damage needs to be told of every flush, and a target shows its pictures when asked");
        }
        return new Request(
                fromInput ? Optional.empty() : Optional.of(InputFiles.single(script)),
                output,
                keepGoing,
                decode,
                damage,
                chosen);
    }

    @Override
    ExitCode run(Request execution) {
        String name = execution.script().map(Path::toString).orElse("standard input");
        execution.output().ifPresent(output -> {
            Outlet.files(List.of(output), "exec");
            OutputFiles.checkRecording(output, inputs(execution));
        });
        try (InputStream in = execution.script().isPresent()
                        ? Files.newInputStream(execution.script().get())
                        : environment().input();
                ScriptReader reader = new ScriptReader(in)) {
            RigSettings settings = reader.settings();
            if (execution.output().isPresent()) {
                return record(reader, name, settings, execution);
            }
            Optional<DamageView> damaged = damage(settings, execution);
            DeviceUnderTest.Factory tested = execution.target().device(device);
            try (DeviceRig rig = damaged.isEmpty()
                    ? DeviceRig.of(settings, tested, new NoFrames())
                    : DeviceRig.recorded(
                            settings,
                            tested,
                            new NoFrames(),
                            (cycle, event) -> damaged.get().take(event))) {
                ScriptRunner runner = new ScriptRunner(rig, guarding(inputs(execution)), damaged);
                ExitCode code = exec(reader, name, rig, runner, new ReentrantLock(), execution);
                return code.orGraver(ended(rig));
            }
        } catch (IOException e) {
            throw UnusableInputException.unreadable(name, e);
        }
    }

    private static Optional<DamageView> damage(RigSettings settings, Request execution) {
        return execution.damage()
                ? Optional.of(new DamageView(RigSettings.GPU, settings.displays()))
                : Optional.empty();
    }

    private static List<Path> inputs(Request execution) {
        return List.of(execution.script().orElse(InputFiles.STANDARD_INPUT));
    }

    /** Keeps a script from writing pictures over files that are in use. */
    private static Consumer<Path> guarding(List<Path> files) {
        return picture -> {
            try {
                OutputFiles.check(picture, files);
            } catch (SemblanceException e) {
                throw new ScriptException(String.valueOf(e.getMessage()), e);
            }
        };
    }

    private ExitCode record(ScriptReader reader, String name, RigSettings settings, Request execution)
            throws IOException {
        Path output = execution.output().orElseThrow();
        // Held while a line is run, not while the next one is waited for: that may last for ever.
        ReentrantLock running = new ReentrantLock();
        try (TraceWriter writer = TraceWriter.create(output, settings.manifest(VersionProvider.version()))) {
            writer.setAside()
                    .ifPresent(aside -> terminal()
                            .err()
                            .println("semblance: an earlier recording that did not come to its end is kept as "
                                    + aside));
            List<Path> inUse = new ArrayList<>(inputs(execution));
            inUse.add(writer.part());
            Optional<DamageView> damaged = damage(settings, execution);
            EventSink events = (cycle, event) -> {
                damaged.ifPresent(view -> view.take(event));
                writer.accept(cycle, event);
            };
            DeviceUnderTest.Factory tested = execution.target().device(device);
            try (DeviceRig rig = DeviceRig.recorded(settings, tested, new NoFrames(), events)) {
                ScriptRunner runner = new ScriptRunner(rig, guarding(inUse), damaged);
                try (InterruptedExec interruption = new InterruptedExec(running, runner, writer, terminal(), output)) {
                    ExitCode code = exec(reader, name, rig, runner, running, execution);
                    interruption.end(TraceEvent.End.Reason.SCRIPT);
                    return code.orGraver(ended(rig));
                }
            } catch (SemblanceException | IOException | UncheckedIOException e) {
                // The script cannot be read or run to its end: it can be run again.
                writer.discard();
                throw e;
            }
        } catch (UncheckedIOException e) {
            throw UnusableOutputException.of(output, e);
        }
    }

    /** Ends the device; one that died, hung or complained is a finding. */
    private ExitCode ended(DeviceRig rig) {
        Optional<TargetFailure> failure = rig.finish();
        failure.ifPresent(found -> TargetOptions.tell(terminal(), found));
        return failure.isPresent() ? ExitCode.MISMATCH : ExitCode.PASS;
    }

    private ExitCode exec(
            ScriptReader reader,
            String name,
            DeviceRig rig,
            ScriptRunner runner,
            ReentrantLock running,
            Request execution)
            throws IOException {
        ExitCode code = ExitCode.PASS;
        boolean more = true;
        while (more && rig.failure().isEmpty()) {
            Optional<ScriptLine> line = Optional.empty();
            try {
                Optional<ScriptReader.Numbered> next = reader.next();
                line = next.map(ScriptReader.Numbered::line);
                more = next.isPresent() && answer(run(runner, next.get(), running, execution.decode()));
            } catch (ScriptException e) {
                String problem = String.valueOf(e.getMessage());
                if (!execution.keepGoing()) {
                    throw bad(name, problem);
                }
                code = ExitCode.USAGE;
                more = answer(AnswerJson.error(line.flatMap(ScriptLine::id), problem));
            }
        }
        return code;
    }

    private static String run(ScriptRunner runner, ScriptReader.Numbered next, ReentrantLock running, boolean decode) {
        running.lock();
        try {
            return AnswerJson.line(
                    next.line(),
                    runner.run(next.line()),
                    command -> decode || next.named().contains(command));
        } catch (ScriptException e) {
            throw new ScriptException(Text.format("line %d: %s", next.number(), e.getMessage()), e);
        } finally {
            running.unlock();
        }
    }

    /** Says an answer at once; false if nobody listens any more. */
    private boolean answer(String answer) {
        terminal().out().json(answer);
        return !terminal().out().checkError();
    }

    private static SemblanceException bad(String name, String problem) {
        return new CommandException(ExitCode.USAGE, name + ", " + problem);
    }
}
