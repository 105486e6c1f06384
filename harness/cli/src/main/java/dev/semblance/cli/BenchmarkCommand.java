package dev.semblance.cli;

import dev.semblance.cli.benchmark.Part;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "benchmark",
        header = "Measure speed and sizes on this computer.",
        description =
                "What is measured, and figures to compare with, are in docs/BENCHMARKS.md. Close other programs first.",
        footer = {"  semblance benchmark", "  semblance benchmark cpu recording --repeat 9"})
final class BenchmarkCommand extends Subcommand {

    private static final int MAX_REPEAT = 1000;

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description = "What to measure: ${COMPLETION-CANDIDATES}; everything if none is named.")
    private List<Part> parts = List.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each thing is measured; figures are medians (default: ${DEFAULT-VALUE}).")
    private int repeat;

    BenchmarkCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        if (repeat < 1 || repeat > MAX_REPEAT) {
            throw new UserError(ExitCode.USAGE, Text.format("--repeat is %d, not 1 to %d", repeat, MAX_REPEAT));
        }
        Set<Part> chosen = parts.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts);
        return actions().benchmark(new Actions.Measurement(chosen, repeat));
    }
}
