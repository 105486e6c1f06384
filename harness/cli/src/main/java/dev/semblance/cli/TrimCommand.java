package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.edit.trim.TracePosition;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a range out of a trace, and says what stands before it and why. */
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
final class TrimCommand extends Subcommand<TrimCommand.Request> {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(names = "--from", paramLabel = "BOUND", description = "The first event; without it, the trace's first.")
    private Optional<String> from = Optional.empty();

    @Option(names = "--to", paramLabel = "BOUND", description = "The last event; without it, the trace's last.")
    private Optional<String> to = Optional.empty();

    @Mixin
    private OutputOption output = new OutputOption();

    /**
     * A range to cut out of a trace.
     *
     * @param from its first event; empty for the trace's first
     * @param to its last event; empty for the trace's last
     */
    record Request(Path trace, Optional<TracePosition> from, Optional<TracePosition> to, Path output) {}

    TrimCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(
                InputFiles.single(trace),
                from.map(text -> bound("--from", text)),
                to.map(text -> bound("--to", text)),
                OutputFiles.check(trace, output.output()));
    }

    private static TracePosition bound(String option, String text) {
        return TracePosition.parse(text)
                .orElseThrow(() -> new CommandException(
                        ExitCode.USAGE,
                        Text.format(
                                "%s %s: a bound is sequence:N, cycle:N or flush:N, with N from 0 on", option, text)));
    }

    @Override
    ExitCode run(Request trim) {
        try (Outlet outlet = Outlet.of(trim.output(), terminal(), List.of(trim.trace()))) {
            Trimmed trimmed = TraceTrimmer.trim(trim.trace(), trim.from(), trim.to(), outlet.path());
            outlet.deliver();
            Printer out = outlet.terminal().out();
            out.println(
                    Text.format("%s: events #%d to #%d of %s", outlet, trimmed.first(), trimmed.last(), trim.trace()));
            String sizes = trimmed.stateBytes()
                    .map(bytes -> Text.format(
                            " (%s bytes with a state made up, %s with what came before)",
                            EventText.count(bytes), EventText.count(trimmed.prefixBytes())))
                    .orElse(Text.format(" (%s bytes)", EventText.count(trimmed.prefixBytes())));
            switch (trimmed.beginning()) {
                case NONE -> out.println(Text.format("nothing stands before: %s%s", trimmed.reason(), sizes));
                case PREFIX ->
                    out.println(Text.format(
                            "before them, the %s events of the GPU that came before: %s%s",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes));
                case STATE ->
                    out.println(Text.format(
                            "before them, %s events that make up the state there: %s%s",
                            EventText.count(trimmed.before()), trimmed.reason(), sizes));
            }
            out.println(
                    trimmed.divergence().isPresent()
                            ? "its device replay differs, where that of the whole trace does"
                            : "its device replay passes");
            outlet.sayHowToReplay();
            return TraceProblems.ending(trim.trace(), terminal());
        } catch (IOException e) {
            throw TraceProblems.of(trim.trace(), e);
        }
    }
}
