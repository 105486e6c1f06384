package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.text.JsonEvents;
import dev.semblance.harness.trace.text.LineBytes;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes a trace of the lines that {@code dump --json} printed. */
@Command(
        name = "asm",
        header = "Make a trace of the lines that dump --json printed.",
        description = {
            "The inverse of dump --json: the same events, and so the same identity. Edit the lines in between to make a"
                    + " trace by hand. \"sequence\" may be left out; fields that only repeat others (\"decoded\","
                    + " \"name\", \"names\", \"text\", \"deviceName\", \"queueName\") are not looked at; any other that is"
                    + " missing, unknown or out of its range is an error that names the line."
        },
        footer = {
            "  semblance dump --json mine.trace > mine.jsonl",
            "  semblance asm mine.jsonl -o same.trace",
            "  semblance dump --json mine.trace |",
            "    jq -c 'del(.sequence) | select(.event != \"consoleOutput\")' |",
            "    semblance asm - -o quiet.trace"
        })
final class AsmCommand extends Subcommand<AsmCommand.Request> {

    private static final String STANDARD_INPUT = "-";

    @Parameters(paramLabel = "FILE", description = "The file of lines; - for standard input.")
    private String lines = STANDARD_INPUT;

    @Mixin
    private OutputOption output = new OutputOption();

    /**
     * Lines to make a trace of.
     *
     * @param lines the file; empty for standard input
     * @param output the trace to write
     */
    record Request(Optional<Path> lines, Path output) {}

    AsmCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(
                lines.equals(STANDARD_INPUT) ? Optional.empty() : Optional.of(InputFiles.single(Path.of(lines))),
                output.output());
    }

    @Override
    ExitCode run(Request assembly) {
        try (Outlet outlet = Outlet.of(
                        assembly.output(), terminal(), List.of(assembly.lines().orElse(InputFiles.STANDARD_INPUT)));
                InputStream in = open(assembly.lines())) {
            return assemble(new LineBytes(in, JsonEvents.MAX_LINE_BYTES), assembly, outlet);
        } catch (IOException e) {
            throw UnusableInputException.unreadable(name(assembly), e);
        }
    }

    private InputStream open(Optional<Path> lines) throws IOException {
        return lines.isPresent()
                ? Files.newInputStream(lines.get())
                : environment().input();
    }

    private static String name(Request assembly) {
        return assembly.lines().map(Path::toString).orElse("standard input");
    }

    private ExitCode assemble(LineBytes lines, Request assembly, Outlet outlet) throws IOException {
        try {
            byte[] first = lines.next()
                    .orElseThrow(() -> new IllegalArgumentException("there is nothing; a manifest was expected"));
            TraceManifest manifest = JsonEvents.manifest(first);
            try (OutputFile file = OutputFile.create(outlet.path());
                    TraceWriter writer = TraceWriter.into(file, manifest)) {
                events(lines, writer);
                TraceTotals totals = writer.complete();
                outlet.deliver();
                outlet.terminal()
                        .out()
                        .println(Text.format(
                                "%s: %s, identity %s",
                                outlet, Text.count(totals.events(), "event"), totals.identity()));
                return ExitCode.PASS;
            }
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.CORRUPT,
                    Text.format(
                            "%s, line %d (from byte %d on): %s",
                            name(assembly), lines.number(), lines.offset(), e.getMessage()),
                    e);
        }
    }

    private static void events(LineBytes lines, TraceWriter writer) throws IOException {
        long count = 0;
        long cycle = 0;
        boolean ended = false;
        for (Optional<byte[]> line = lines.next(); line.isPresent(); line = lines.next()) {
            if (ended) {
                throw new IllegalArgumentException("something follows the end event");
            }
            JsonEvents.Placed event = JsonEvents.event(line.get());
            if (event.sequence().isPresent() && event.sequence().get() != count) {
                throw new IllegalArgumentException(Text.format(
                        "\"sequence\" is %d, and this is event %d; put it right, or leave \"sequence\" out of all lines",
                        event.sequence().get(), count));
            }
            if (event.cycle() < cycle) {
                throw new IllegalArgumentException(
                        Text.format("\"cycle\" is %d, before the %d of the event before", event.cycle(), cycle));
            }
            writer.accept(event.cycle(), event.event());
            cycle = event.cycle();
            count++;
            ended = event.event() instanceof TraceEvent.End;
        }
        if (!ended) {
            throw new IllegalArgumentException(
                    "the lines stop without an end event; those of a torn trace do: repair it before dumping it");
        }
    }
}
