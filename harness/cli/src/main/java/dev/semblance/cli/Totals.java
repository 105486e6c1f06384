package dev.semblance.cli;

import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceTotals;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/** How long traces are, by what their footers say, for showing how far it is. */
final class Totals {

    private Totals() {}

    /** Returns the last cycle of a trace; empty for a torn one, and for one whose end cannot be read. */
    static OptionalLong cycles(TraceReader reader) {
        try {
            return reader.unverifiedTotals()
                    .map(TraceTotals::lastCycle)
                    .map(OptionalLong::of)
                    .orElse(OptionalLong.empty());
        } catch (IOException e) {
            return OptionalLong.empty(); // Whoever reads that far says what is wrong.
        }
    }

    /** Starts to show how far the replay of traces is. */
    static Progress replaying(Terminal terminal, LongSupplier nanos, Collection<Path> traces) {
        return Progress.start(
                terminal,
                nanos,
                "replaying",
                Progress.Unit.CYCLES,
                new Progress.Tasks(traces.size(), "traces"),
                terminal.showsProgress() ? sum(traces) : OptionalLong.empty());
    }

    private static OptionalLong sum(Collection<Path> traces) {
        long sum = 0;
        for (Path trace : traces) {
            OptionalLong cycles;
            try (TraceReader reader = TraceReader.open(trace)) {
                cycles = cycles(reader);
            } catch (IOException e) {
                return OptionalLong.empty();
            }
            if (cycles.isEmpty()) {
                return OptionalLong.empty();
            }
            sum = Math.addExact(sum, Math.min(cycles.getAsLong(), Long.MAX_VALUE / (traces.size() + 1)));
        }
        return OptionalLong.of(sum);
    }
}
