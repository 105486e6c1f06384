package dev.semblance.cli;

import dev.semblance.cli.benchmark.Benchmark;
import dev.semblance.cli.benchmark.Core;
import dev.semblance.cli.benchmark.Figure;
import dev.semblance.cli.benchmark.Part;
import dev.semblance.cli.benchmark.Rivals;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints what was measured as the table that docs/BENCHMARKS.md has. */
@Command(
        name = "benchmark",
        header = "Measure speed and sizes on this computer.",
        description =
                "What is measured, and figures to compare with, are in docs/BENCHMARKS.md. Close other programs first.",
        footer = {"  semblance benchmark", "  semblance benchmark cpu work --core translator --semu semu/semu"})
final class BenchmarkCommand extends Subcommand<BenchmarkCommand.Request> {

    private static final int MAX_REPEAT = 1000;

    @Parameters(
            paramLabel = "PART",
            arity = "0..*",
            description = "What to measure: ${COMPLETION-CANDIDATES}; everything if none is named.")
    private List<Part> parts = List.of();

    @Option(
            names = "--repeat",
            paramLabel = "N",
            defaultValue = "9",
            description =
                    "How often each thing is measured; figures are medians, with the least and the most (default: ${DEFAULT-VALUE}).")
    private int repeat;

    @Option(
            names = "--qemu",
            paramLabel = "PATH",
            description =
                    "QEMU to compare with: qemu-system-riscv32, qemu-system-riscv64 or the folder with both (default:"
                            + " those on the PATH).")
    private Optional<Path> qemu = Optional.empty();

    @Option(
            names = "--firmware",
            paramLabel = "FILE",
            description = "OpenSBI of 32 bits, which QEMU starts Linux with, where it brings none (default: the one of"
                    + " Debian's package opensbi).")
    private Optional<Path> firmware = Optional.empty();

    @Option(names = "--semu", paramLabel = "PATH", description = "semu's program, to compare with.")
    private Optional<Path> semu = Optional.empty();

    @Mixin
    private CoreOptions core = new CoreOptions();

    @Mixin
    private ImageOptions images = new ImageOptions();

    /**
     * What to measure.
     *
     * @param repeat how often each thing, 1 or more
     * @param qemu what the user names as QEMU
     * @param semu what the user names as semu
     * @param firmware what the user names as OpenSBI
     */
    record Request(Set<Part> parts, int repeat, Optional<Path> qemu, Optional<Path> semu, Optional<Path> firmware) {}

    BenchmarkCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        if (repeat < 1 || repeat > MAX_REPEAT) {
            throw new CommandException(ExitCode.USAGE, Text.format("--repeat is %d, not 1 to %d", repeat, MAX_REPEAT));
        }
        return new Request(
                parts.isEmpty() ? EnumSet.allOf(Part.class) : EnumSet.copyOf(parts), repeat, qemu, semu, firmware);
    }

    @Override
    ExitCode run(Request measurement) {
        Rivals rivals = Rivals.find(measurement.qemu(), measurement.semu(), measurement.firmware());
        Benchmark benchmark = new Benchmark(
                measurement.repeat(),
                images.images(environment()),
                new Core(core.word(), core.translator()),
                rivals,
                this::tell);
        line(Text.format(
                "Java %s, %s %s, %d processors; Linux by the %s. Medians of %s after one that does not count, with the"
                        + " least and the most; ratios are of runs that took turns.",
                Runtime.version(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                core.word(),
                Text.count(measurement.repeat(), "run")));
        line("");
        line("| part | what | measured | target |");
        line("|---|---|---|---|");
        try {
            benchmark.run(measurement.parts(), this::print);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.USAGE, "the benchmark's temporary files cannot be used: " + e.getMessage(), e);
        }
        return ExitCode.PASS;
    }

    private void print(Part part, List<Figure> figures) {
        figures.forEach(figure ->
                line(Text.format("| %s | %s | %s | %s |", part, figure.what(), figure.value(), figure.promise())));
    }

    private void line(String text) {
        terminal().out().println(text);
        terminal().out().flush();
    }

    private void tell(String what) {
        if (terminal().interactive()) {
            terminal().err().println(what);
        }
    }
}
