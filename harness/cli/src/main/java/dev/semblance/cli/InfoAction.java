package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Tells what traces are. A file that cannot be read does not keep the others from being told. */
final class InfoAction {

    private final Terminal terminal;
    private final UnaryOperator<String> names;

    InfoAction(Terminal terminal) {
        this(terminal, UnaryOperator.identity());
    }

    /**
     * Makes the action.
     *
     * @param names turns texts with paths of traces into what to print
     */
    InfoAction(Terminal terminal, UnaryOperator<String> names) {
        this.terminal = terminal;
        this.names = names;
    }

    ExitCode run(List<Path> traces) {
        List<ExitCode> codes = new ArrayList<>();
        for (Path trace : traces) {
            if (!codes.isEmpty()) {
                terminal.out().println();
            }
            try {
                codes.add(tell(trace));
            } catch (UserError e) {
                terminal.out().flush();
                terminal.err().println("semblance: " + names.apply(String.valueOf(e.getMessage())));
                codes.add(e.exitCode());
            }
        }
        return ExitCode.gravest(codes);
    }

    private ExitCode tell(Path trace) {
        try (TraceReader reader = TraceProblems.open(trace);
                Progress progress = Progress.start(terminal, "reading", " Mcycles", 1_000_000, -1)) {
            TraceSummary summary = new TraceSummary(reader.manifest());
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                summary.add(next.get());
                progress.at(next.get().cycle());
            }
            Path named = Path.of(names.apply(trace.toString()));
            terminal.out().println(named);
            summary.lines(reader.formatVersion(), reader.status(), Files.size(trace), reader.expandedBytes())
                    .forEach(terminal.out()::println);
            return TraceProblems.ending(named, reader.status(), terminal);
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }
}
