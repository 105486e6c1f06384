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
import picocli.CommandLine.Parameters;

/** Tells what traces are. A file that cannot be read does not keep the others from being told. */
@Command(
        name = "info",
        header = "Tell what traces are: guest, devices, snapshots, length, identity.",
        description = "Reads torn traces too, up to where they end.",
        footer = {"  semblance info recordings/boot.trace"})
final class InfoCommand extends Subcommand<InfoCommand.Request> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    /** Traces to tell of. */
    record Request(List<TraceFile> traces) {}

    @Mixin
    private ProgressOptions progress = new ProgressOptions();

    InfoCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.traces(paths));
    }

    @Override
    ExitCode run(Request request) {
        try (OpenedPacks opened = OpenedPacks.of(request.traces())) {
            return tell(opened.traces());
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

    private ExitCode tell(TraceFile trace) {
        try (TraceReader reader = TraceProblems.open(trace);
                Progress line = Progress.start(
                        progress.of(terminal()), "reading", Progress.Unit.CYCLES, Totals.cycles(reader));
                Progress.Task task = line.begin("")) {
            TraceSummary summary = new TraceSummary(reader.manifest());
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                summary.add(next.get());
                task.accept(next.get().cycle());
            }
            terminal().out().println(trace.shownAs());
            summary.lines(reader.formatVersion(), reader.status(), Files.size(trace.path()), reader.expandedBytes())
                    .forEach(terminal().out()::println);
            return TraceProblems.ending(trace, reader.status(), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }
}
