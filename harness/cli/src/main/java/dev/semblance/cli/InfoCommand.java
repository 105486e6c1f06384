package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells what traces are. A file that cannot be read does not keep the others from being told. */
@Command(
        name = "info",
        header = "Tell what traces are: guest, devices, snapshots, length, identity.",
        description = "Reads torn traces too, up to where they end.",
        footer = {
            "  semblance info recordings/boot.trace",
            "  semblance info --json recordings | jq '.traces[] | {trace, identity}'"
        })
final class InfoCommand extends Subcommand<InfoCommand.Request> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    @Option(names = "--json", description = "One JSON object, for programs (docs/JSON.md).")
    private boolean json;

    /**
     * Traces to tell of.
     *
     * @param json whether to tell it to programs
     */
    record Request(List<TraceFile> traces, boolean json) {

        /** Tells people. */
        Request(List<TraceFile> traces) {
            this(traces, false);
        }
    }

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    InfoCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.traces(paths), json);
    }

    @Override
    ExitCode run(Request request) {
        try (OpenedPacks opened = OpenedPacks.of(request.traces())) {
            return request.json() ? tellPrograms(opened.traces()) : tell(opened.traces());
        }
    }

    private ExitCode tell(List<TraceFile> traces) {
        List<ExitCode> codes = new ArrayList<>();
        for (TraceFile trace : traces) {
            if (!codes.isEmpty()) {
                terminal().out().println();
            }
            try {
                codes.add(tell(trace));
            } catch (SemblanceException e) {
                terminal().out().flush();
                terminal().err().problem(e);
                codes.add(CommandException.exitCode(e));
            }
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode tellPrograms(List<TraceFile> traces) {
        InfoJson told = new InfoJson();
        List<ExitCode> codes = new ArrayList<>();
        for (TraceFile trace : traces) {
            try {
                codes.add(read(trace, (reader, summary) -> {
                    ExitCode code = TraceProblems.ending(trace, reader.status(), terminal());
                    told.add(
                            trace,
                            code,
                            summary,
                            reader.formatVersion(),
                            reader.status(),
                            Files.size(trace.path()),
                            reader.expandedBytes());
                    return code;
                }));
            } catch (SemblanceException e) {
                terminal().err().problem(e);
                ExitCode code = CommandException.exitCode(e);
                codes.add(code);
                told.add(trace, code, e.lines());
            }
        }
        terminal().out().json(told.text(ExitCode.gravest(codes)));
        return ExitCode.gravest(codes);
    }

    private ExitCode tell(TraceFile trace) {
        return read(trace, (reader, summary) -> {
            terminal().out().println(trace.shownAs());
            summary.lines(reader.formatVersion(), reader.status(), Files.size(trace.path()), reader.expandedBytes())
                    .forEach(terminal().out()::println);
            return TraceProblems.ending(trace, reader.status(), terminal());
        });
    }

    /** What is done with a trace that was read to its end. */
    private interface Told {
        ExitCode of(TraceReader reader, TraceSummary summary) throws IOException;
    }

    private ExitCode read(TraceFile trace, Told told) {
        try (TraceReader reader = TraceProblems.open(trace)) {
            TraceSummary summary = new TraceSummary(reader.manifest());
            try (Progress line = Progress.start(
                            progress.of(terminal()), "reading", Progress.Unit.CYCLES, Totals.cycles(reader));
                    Progress.Task task = line.begin("")) {
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    summary.add(next.get());
                    task.accept(next.get().cycle());
                }
            }
            return told.of(reader, summary);
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }
}
