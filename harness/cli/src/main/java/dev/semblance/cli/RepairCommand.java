package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.IncompatibleTraceException;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.text.EventText;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Makes whole traces of torn ones. */
@Command(
        name = "repair",
        header = "Make a whole trace of what is left of a torn one.",
        description = {
            "Keeps every event up to the first that is lost, and says what was lost. The part file of a killed recording,"
                    + " a file that was cut, one with something behind its end, and one that is damaged in the middle"
                    + " all work. The trace ends with an End that says \"interrupted\" and knows no state: replays follow"
                    + " it to there and compare its snapshots. A file that is whole is left as it is, and nothing is"
                    + " written."
        },
        footer = {"  semblance repair mine.trace.part -o mine.trace"})
final class RepairCommand extends Subcommand<RepairCommand.Request> {

    /** What is added to the version that recorded. */
    private static final String MARK = ", repaired";

    @Parameters(paramLabel = "TRACE", description = "What is left of a trace.")
    private Path torn = Path.of("");

    @Mixin
    private OutputOption output = new OutputOption();

    /** A torn trace to make a whole one of. */
    record Request(Path torn, Path output) {}

    /** Where and why the good part of a file ends. */
    private record Loss(long offset, String reason) {}

    RepairCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(torn), output.output());
    }

    @Override
    ExitCode run(Request repair) {
        Path torn = repair.torn();
        try (Outlet outlet = Outlet.of(repair.output(), terminal(), List.of(torn));
                TraceReader reader = TraceProblems.open(torn);
                OutputFile file = OutputFile.create(outlet.path());
                TraceWriter writer = TraceWriter.into(file, marked(reader.manifest()))) {
            Copy copy = new Copy(writer);
            Optional<Loss> loss = copy.all(reader);
            if (loss.isEmpty()) {
                say(outlet, "%s is whole: %s. Nothing was written.", torn, Text.count(copy.events, "event"));
                return ExitCode.PASS;
            }
            if (copy.events == 0) {
                throw new CommandException(
                        ExitCode.CORRUPT,
                        Text.format(
                                "%s holds no good event: at byte %d, %s",
                                torn, loss.get().offset(), loss.get().reason()));
            }
            boolean ended = copy.ended;
            TraceTotals totals = copy.finish();
            outlet.deliver();
            tell(outlet, repair, reader.manifest(), totals, loss.get(), ended);
            return ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(torn, e);
        }
    }

    private static void tell(
            Outlet outlet, Request repair, TraceManifest manifest, TraceTotals totals, Loss loss, boolean ended)
            throws IOException {
        say(outlet, "%s: repaired, identity %s", outlet, totals.identity());
        long kept = ended ? totals.events() : totals.events() - 1;
        String time = EventText.time(manifest, totals.lastCycle())
                .map(text -> " (" + text + ")")
                .orElse("");
        say(outlet, "  kept  %s, up to cycle %,d%s", Text.count(kept, "event"), totals.lastCycle(), time);
        say(
                outlet,
                "  lost  %s from byte %d on: %s",
                Text.count(Files.size(repair.torn()) - loss.offset(), "byte"),
                loss.offset(),
                loss.reason());
        if (ended) {
            say(outlet, "        and with them no event: the recording had come to its end");
        } else {
            say(outlet, "  added an End: interrupted, state not known. Replays compare what comes before it.");
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // The annotation would be a library of its own.
    private static void say(Outlet outlet, String format, Object... values) {
        outlet.terminal().out().println(Text.format(format, values));
    }

    private static TraceManifest marked(TraceManifest manifest) {
        String version = manifest.toolVersion();
        boolean fits = !version.endsWith(MARK) && version.length() + MARK.length() <= TraceManifest.MAX_SHORT_TEXT;
        return fits ? manifest.withToolVersion(version + MARK) : manifest;
    }

    /** Takes the good events over. */
    private static final class Copy {
        private final TraceWriter writer;
        private long events;
        private long cycle;
        private boolean ended;

        Copy(TraceWriter writer) {
            this.writer = writer;
        }

        /** Copies all that can be read; returns what was lost, if anything was. */
        Optional<Loss> all(TraceReader reader) throws IOException {
            try {
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    writer.accept(next.get().cycle(), next.get().event());
                    events++;
                    cycle = next.get().cycle();
                    ended = next.get().event() instanceof TraceEvent.End;
                }
            } catch (IncompatibleTraceException e) {
                // Not damaged: a newer version can read on.
                throw e;
            } catch (TraceFormatException e) {
                return Optional.of(new Loss(e.offset(), e.reason()));
            }
            return switch (reader.status()) {
                case TraceStatus.Complete complete -> Optional.empty();
                case TraceStatus.Torn torn -> Optional.of(new Loss(torn.offset(), torn.reason()));
            };
        }

        TraceTotals finish() throws IOException {
            if (!ended) {
                writer.accept(cycle, TraceEvent.End.UNKNOWN);
            }
            return writer.complete();
        }
    }
}
