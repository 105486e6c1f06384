package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.edit.trim.TraceTrimmer;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Cuts a range out of a trace, and says what stands before it and why. */
@Command(
        name = "trim",
        header = "Cut a range out of a trace, so that it still replays.",
        description = {
            "Both ends belong to the range, which is widened to whole notifications. What came before it is kept, or"
                    + " replaced by commands that lead to the same state, whichever is smaller. The result can be"
                    + " replayed on a device, not on a machine; cycles, resource ids and labels stay.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance trim mine.trace --from flush:10 --to flush:20 -o short.trace",
            "  semblance trim mine.trace --from cycle:71,000,000 -o tail.trace",
            "  semblance trim mine.trace --to snapshot:login -o head.trace"
        })
final class TrimCommand extends Subcommand<TrimCommand.Request> {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Mixin
    private OutputOption output = new OutputOption();

    /**
     * A range to cut out of a trace.
     *
     * @param range which events, before it is widened to whole notifications
     */
    record Request(Path trace, PositionRange range, Path output) {}

    TrimCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(trace), range.range(), OutputFiles.check(trace, output.output()));
    }

    @Override
    ExitCode run(Request trim) {
        try (Outlet outlet = Outlet.of(trim.output(), terminal(), List.of(trim.trace()))) {
            Trimmed trimmed = TraceTrimmer.trim(trim.trace(), trim.range(), outlet.path());
            outlet.deliver();
            Printer out = outlet.terminal().out();
            out.println(
                    Text.format("%s: events #%d to #%d of %s", outlet, trimmed.first(), trimmed.last(), trim.trace()));
            String sizes = trimmed.stateBytes()
                    .map(bytes -> Text.format(
                            " (%s with a state made up, %s with what came before)",
                            Text.count(bytes, "byte"), EventText.count(trimmed.prefixBytes())))
                    .orElse(Text.format(" (%s)", Text.count(trimmed.prefixBytes(), "byte")));
            switch (trimmed.beginning()) {
                case NONE -> out.println(Text.format("nothing stands before: %s%s", trimmed.reason(), sizes));
                case PREFIX ->
                    out.println(Text.format(
                            "before them, the %s of the GPU that came before: %s%s",
                            Text.count(trimmed.before(), "event"), trimmed.reason(), sizes));
                case STATE ->
                    out.println(Text.format(
                            "before them, %s up the state there: %s%s",
                            Text.count(trimmed.before(), "event that makes", "events that make"),
                            trimmed.reason(),
                            sizes));
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
