package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.InputFiles;
import dev.semblance.harness.UserError;
import dev.semblance.harness.edit.trim.TracePosition;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "trim",
        header = "Cut a range out of a trace, so that it still replays.",
        description = {
            "A bound is sequence:N, cycle:N or flush:N, counted from 0; a number alone is a sequence number. Both bounds"
                    + " belong to the range, which is widened to whole notifications. What came before it is kept, or"
                    + " replaced by commands that lead to the same state, whichever is smaller. The result can be"
                    + " replayed on a device, not on a machine; cycles, resource ids and labels stay."
        },
        footer = {
            "  semblance trim mine.trace --from flush:10 --to flush:20 -o short.trace",
            "  semblance trim mine.trace --from cycle:71,000,000 -o tail.trace"
        })
final class TrimCommand extends Subcommand {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(names = "--from", paramLabel = "BOUND", description = "The first event; without it, the trace's first.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "BOUND", description = "The last event; without it, the trace's last.")
    private @Nullable String to;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            required = true,
            description = "The trace to write.")
    private Path output = Path.of("");

    TrimCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions()
                .trim(new Actions.Trim(
                        InputFiles.single(trace),
                        bound("--from", from),
                        bound("--to", to),
                        OutputFiles.check(trace, output)));
    }

    private static Optional<TracePosition> bound(String option, @Nullable String text) {
        if (text == null) {
            return Optional.empty();
        }
        Optional<TracePosition> bound = TracePosition.parse(text);
        if (bound.isEmpty()) {
            throw new UserError(
                    ExitCode.USAGE,
                    Text.format("%s %s: a bound is sequence:N, cycle:N or flush:N, with N from 0 on", option, text));
        }
        return bound;
    }
}
