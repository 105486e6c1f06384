package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptException;
import dev.semblance.harness.rig.ScriptWriter;
import dev.semblance.harness.rig.TraceScript;
import dev.semblance.harness.rig.TraceStep;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.text.EventJson;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a trace event by event, as it is read. */
@Command(
        name = "dump",
        header = "Print a trace, event by event, with its commands decoded.",
        footer = {
            "  semblance dump recordings/flips.trace | less",
            "  semblance dump --json mine.trace | jq 'select(.event == \"flush\")'",
            "  semblance dump --script mine.trace > mine.jsonl    to change and exec it"
        })
final class DumpCommand extends Subcommand<DumpCommand.Request> {

    /** How many lines are printed before looking whether anybody still reads them. */
    private static final int LINES_AT_ONCE = 512;

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    /** What to print in place of lines for people; one of them at most. */
    private static final class Form {
        @Option(names = "--json", description = "One JSON object a line, for programs.")
        private boolean json;

        @Option(
                names = "--script",
                description = "What the driver did to the GPU, as a script for exec (docs/SCRIPT.md).")
        private boolean script;
    }

    @ArgGroup
    private Form form = new Form();

    /** How a trace is printed. */
    enum Style {
        /** Lines for people. */
        TEXT,
        /** A JSON object a line. */
        JSON,
        /** The device half as a script. */
        SCRIPT
    }

    /** A trace to print. */
    record Request(Path trace, Style style) {}

    DumpCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(trace), form.script ? Style.SCRIPT : form.json ? Style.JSON : Style.TEXT);
    }

    @Override
    ExitCode run(Request dump) {
        if (dump.style() == Style.SCRIPT) {
            return script(dump.trace());
        }
        try (OpenedPacks opened = OpenedPacks.of(List.of(TraceFile.of(dump.trace())))) {
            return events(opened.single(), dump.style());
        }
    }

    private ExitCode events(TraceFile trace, Style style) {
        try (TraceReader reader = TraceProblems.open(trace)) {
            boolean read = style == Style.JSON ? json(reader) : text(reader);
            return read ? TraceProblems.ending(trace, reader.status(), terminal()) : ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private boolean text(TraceReader reader) throws IOException {
        EventText text = new EventText(reader.manifest());
        return print(reader, event -> terminal().out().println(text.line(event)));
    }

    private boolean json(TraceReader reader) throws IOException {
        terminal().out().json(EventJson.header(reader.manifest(), reader.formatVersion()));
        EventJson json = new EventJson(reader.manifest());
        return print(reader, event -> terminal().out().json(json.line(event)));
    }

    /** Prints all events; false if whoever reads the lines has gone, as {@code head} does. */
    private boolean print(TraceReader reader, Consumer<Stamped> line) throws IOException {
        int lines = 0;
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            line.accept(next.get());
            lines++;
            if (lines % LINES_AT_ONCE == 0 && terminal().out().checkError()) {
                return false;
            }
        }
        return true;
    }

    /** Nobody reads the lines any more, as with {@code head}. */
    private static final class Gone extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private ExitCode script(Path trace) {
        try {
            return TraceProblems.ending(trace, TraceScript.stream(trace, this::start, this::step), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        } catch (ScriptException e) {
            throw new CommandException(
                    ExitCode.CORRUPT, Text.format("%s makes no script: %s", trace, e.getMessage()), e);
        } catch (Gone e) {
            return ExitCode.PASS;
        }
    }

    private void start(RigSettings settings) {
        ScriptWriter.settings(settings).ifPresent(terminal().out()::json);
    }

    private void step(TraceStep step) {
        step.notes().forEach(note -> terminal().out().json(ScriptWriter.note(note)));
        terminal().out().json(ScriptWriter.line(step.line()));
        if (terminal().out().checkError()) {
            throw new Gone();
        }
    }
}
