package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.ComparisonScope;
import dev.semblance.harness.trace.diff.TraceComparison;
import dev.semblance.harness.trace.diff.TraceDiff;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two traces. */
@Command(
        name = "diff",
        header = "Tell where two traces part, and how they differ as a whole.",
        description = {
            "Shows the first event that differs, with the fields that do, and sums up: manifests by their keys, events by"
                    + " their kinds, snapshots by their labels, and the pictures flushed. Ends with 0 if everything but"
                    + " the version that recorded is the same, with 1 if not.",
            "With --from and --to, a range of each is compared, which starts at the position in either of them and keeps"
                    + " in step from there, whatever the numbers of the events are.",
            RangeOptions.NOTATION
        },
        footer = {
            "  semblance diff recordings/boot.trace mine.trace",
            "  semblance diff --ignore-time a.trace b.trace    of another speed",
            "  semblance diff --from snapshot:login a.trace b.trace",
            "  semblance diff --json a.trace b.trace | jq .first"
        })
final class DiffCommand extends Subcommand<DiffCommand.Request> {

    @Parameters(index = "0", paramLabel = "A", description = "A trace.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The trace to compare it with.")
    private Path second = Path.of("");

    @Option(names = "--json", description = "One JSON object, for programs.")
    private boolean json;

    @Mixin
    private RangeOptions range = new RangeOptions();

    @Option(
            names = "--ignore-time",
            description =
                    "Do not compare cycles, nor what follows from them alone: counts of instructions, checkpoints, and"
                            + " the digest of the machine's state at the end.")
    private boolean ignoreTime;

    /**
     * Two traces to compare.
     *
     * @param range what to compare of each
     * @param ignoreTime whether time does not count
     */
    record Request(Path first, Path second, boolean json, PositionRange range, boolean ignoreTime) {

        /** All of two traces. */
        Request(Path first, Path second, boolean json) {
            this(first, second, json, PositionRange.WHOLE, false);
        }
    }

    DiffCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(first), InputFiles.single(second), json, range.range(), ignoreTime);
    }

    @Override
    ExitCode run(Request comparison) {
        // Both are opened here first, so that a file that is none is named.
        DiffText.Sides sides = new DiffText.Sides(
                comparison.first(), manifest(comparison.first()), comparison.second(), manifest(comparison.second()));
        TraceDiff diff;
        try {
            diff = TraceComparison.compare(
                    () -> TraceReader.open(comparison.first()),
                    () -> TraceReader.open(comparison.second()),
                    new ComparisonScope(
                            events(comparison.first(), comparison.range()),
                            events(comparison.second(), comparison.range()),
                            comparison.ignoreTime()));
        } catch (IOException e) {
            // Whichever it was says it again by itself.
            readAll(comparison.first());
            readAll(comparison.second());
            throw TraceProblems.of(comparison.first(), e);
        }
        if (comparison.json()) {
            terminal().out().json(DiffJson.of(sides, diff));
        } else {
            DiffText.lines(sides, diff).forEach(terminal().out()::println);
        }
        if (!diff.isSame()) {
            return ExitCode.MISMATCH;
        }
        boolean torn = diff.ofFirst() instanceof TraceStatus.Torn || diff.ofSecond() instanceof TraceStatus.Torn;
        return torn ? ExitCode.TORN : ExitCode.PASS;
    }

    private static PositionRange.Events events(Path trace, PositionRange range) throws IOException {
        try (TraceReader reader = TraceProblems.open(trace)) {
            return range.find(reader, trace);
        }
    }

    private static TraceManifest manifest(Path trace) {
        try (TraceReader reader = TraceProblems.open(trace)) {
            return reader.manifest();
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }

    private static void readAll(Path trace) {
        try (TraceReader reader = TraceProblems.open(trace)) {
            reader.readAll((cycle, event) -> {});
        } catch (IOException e) {
            throw TraceProblems.of(trace, e);
        }
    }
}
