package dev.semblance.cli;

import dev.semblance.cli.benchmark.Benchmark;
import dev.semblance.cli.benchmark.Figure;
import dev.semblance.cli.benchmark.Part;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.guest.images.GuestImages;
import java.io.IOException;
import java.util.List;

/** Prints what was measured as the table that docs/BENCHMARKS.md has. */
final class BenchmarkAction {

    private final Terminal terminal;

    BenchmarkAction(Terminal terminal) {
        this.terminal = terminal;
    }

    ExitCode run(Actions.Measurement measurement) {
        Benchmark benchmark = new Benchmark(measurement.repeat(), GuestImages.ofUser(), this::tell);
        line(Text.format(
                "Java %s, %s %s, %d processors. Medians of %d runs after one that does not count; ratios are of runs that"
                        + " took turns.",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                measurement.repeat()));
        line("");
        line("| part | what | measured | promised |");
        line("|---|---|---|---|");
        try {
            benchmark.run(measurement.parts(), this::print);
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, "the benchmark's temporary files cannot be used: " + e.getMessage(), e);
        }
        return ExitCode.PASS;
    }

    private void print(Part part, List<Figure> figures) {
        figures.forEach(figure ->
                line(Text.format("| %s | %s | %s | %s |", part, figure.what(), figure.value(), figure.promise())));
    }

    private void line(String text) {
        terminal.out().println(text);
        terminal.out().flush();
    }

    private void tell(String what) {
        if (terminal.interactive()) {
            terminal.err().println(what);
        }
    }
}
