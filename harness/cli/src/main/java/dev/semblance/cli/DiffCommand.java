package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.TraceComparison;
import dev.semblance.harness.trace.diff.TraceDiff;
import java.io.IOException;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two traces. */
@Command(
        name = "diff",
        header = "Tell where two traces part, and how they differ as a whole.",
        description = {
            "Shows the first event that differs, with the fields that do, and sums up: manifests by their keys, events by"
                    + " their kinds, snapshots by their labels, and the pictures flushed. Ends with 0 if everything but"
                    + " the version that recorded is the same, with 1 if not."
        },
        footer = {
            "  semblance diff recordings/boot.trace mine.trace",
            "  semblance diff --json a.trace b.trace | jq .first"
        })
final class DiffCommand extends Subcommand<DiffCommand.Request> {

    @Parameters(index = "0", paramLabel = "A", description = "A trace.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The trace to compare it with.")
    private Path second = Path.of("");

    @Option(names = "--json", description = "One JSON object, for programs.")
    private boolean json;

    /** Two traces to compare. */
    record Request(Path first, Path second, boolean json) {}

    DiffCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.single(first), InputFiles.single(second), json);
    }

    @Override
    ExitCode run(Request comparison) {
        // Both are opened here first, so that a file that is none is named.
        DiffText.Sides sides = new DiffText.Sides(
                comparison.first(), manifest(comparison.first()), comparison.second(), manifest(comparison.second()));
        TraceDiff diff;
        try {
            diff = TraceComparison.compare(
                    () -> TraceReader.open(comparison.first()), () -> TraceReader.open(comparison.second()));
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
