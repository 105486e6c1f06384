package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.TraceComparison;
import dev.semblance.harness.trace.diff.TraceDiff;
import java.io.IOException;
import java.nio.file.Path;

/** Compares two traces. */
final class DiffAction {

    private final Terminal terminal;

    DiffAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Comparison comparison) {
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
            terminal.out().println(DiffJson.of(sides, diff));
        } else {
            DiffText.lines(sides, diff).forEach(terminal.out()::println);
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
