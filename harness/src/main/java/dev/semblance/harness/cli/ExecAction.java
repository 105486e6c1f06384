package dev.semblance.harness.cli;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.script.AnswerJson;
import dev.semblance.harness.script.DeviceRig;
import dev.semblance.harness.script.RigSettings;
import dev.semblance.harness.script.ScriptException;
import dev.semblance.harness.script.ScriptLine;
import dev.semblance.harness.script.ScriptReader;
import dev.semblance.harness.script.ScriptRunner;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Runs a device script and answers it line by line. */
final class ExecAction {

    private final Terminal terminal;
    private final InputStream input;

    ExecAction(Terminal terminal, InputStream input) {
        this.terminal = terminal;
        this.input = input;
    }

    ExitCode run(Actions.Execution execution) {
        String name = execution.script().map(Path::toString).orElse("standard input");
        InputStream in;
        try {
            in = execution.script().isPresent()
                    ? Files.newInputStream(execution.script().get())
                    : input;
        } catch (IOException e) {
            throw unreadable(name, e);
        }
        try (ScriptReader reader = new ScriptReader(in)) {
            RigSettings settings = reader.settings();
            return execution.output().isPresent()
                    ? record(reader, name, settings, execution.output().get(), execution.keepGoing())
                    : exec(
                            reader,
                            name,
                            DeviceRig.of(settings, DeviceRig.ours(), new NoFrames()),
                            execution.keepGoing());
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private static UserError unreadable(String name, IOException e) {
        return new UserError(ExitCode.USAGE, "%s cannot be read: %s".formatted(name, e.getMessage()), e);
    }

    private ExitCode record(ScriptReader reader, String name, RigSettings settings, Path output, boolean keepGoing)
            throws IOException {
        ExitCode code;
        try (TraceWriter writer = open(output, settings)) {
            code = exec(
                    reader, name, DeviceRig.recorded(settings, DeviceRig.ours(), new NoFrames(), writer), keepGoing);
            try {
                writer.complete();
            } catch (IOException e) {
                throw unwritable(output, e);
            }
        } catch (UserError e) {
            Files.deleteIfExists(TraceWriter.partOf(output));
            throw e;
        } catch (UncheckedIOException e) {
            throw unwritable(
                    output, Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException("writing failed", e)));
        }
        return code;
    }

    private static TraceWriter open(Path output, RigSettings settings) {
        try {
            return TraceWriter.create(output, settings.manifest(VersionProvider.version()));
        } catch (IOException e) {
            throw unwritable(output, e);
        }
    }

    private static UserError unwritable(Path output, IOException e) {
        return new UserError(ExitCode.USAGE, "%s cannot be written: %s".formatted(output, e.getMessage()), e);
    }

    private ExitCode exec(ScriptReader reader, String name, DeviceRig rig, boolean keepGoing) throws IOException {
        ScriptRunner runner = new ScriptRunner(rig);
        ExitCode code = ExitCode.PASS;
        boolean more = true;
        while (more) {
            Optional<ScriptLine> line = Optional.empty();
            try {
                Optional<ScriptReader.Numbered> next = reader.next();
                line = next.map(ScriptReader.Numbered::line);
                more = next.isPresent() && answer(run(runner, next.get()));
            } catch (ScriptException e) {
                String problem = String.valueOf(e.getMessage());
                if (!keepGoing) {
                    throw bad(name, problem);
                }
                code = ExitCode.USAGE;
                more = answer(AnswerJson.error(line.flatMap(ScriptLine::id), problem));
            }
        }
        runner.end();
        return code;
    }

    private static String run(ScriptRunner runner, ScriptReader.Numbered next) {
        try {
            return AnswerJson.line(next.line(), runner.run(next.line()));
        } catch (ScriptException e) {
            throw new ScriptException("line %d: %s".formatted(next.number(), e.getMessage()), e);
        }
    }

    /** Says an answer at once; false if nobody listens any more. */
    private boolean answer(String answer) {
        terminal.out().println(answer);
        return !terminal.out().checkError();
    }

    private static UserError bad(String name, String problem) {
        return new UserError(ExitCode.USAGE, name + ", " + problem);
    }
}
