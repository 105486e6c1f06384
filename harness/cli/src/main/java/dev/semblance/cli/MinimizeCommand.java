package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.InputFiles;
import dev.semblance.harness.UserError;
import dev.semblance.harness.fuzz.minimize.MinimizerLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "minimize",
        header = "Cut a failing trace down to the fewest commands, entries, pixels and bytes that still fail.",
        description = {
            "Without --test, a trace fails where the device does otherwise than recorded, or throws, or shows something"
                    + " else than a golden; the trace written"
                    + " holds the answers and pictures that are expected. With --test, it fails if the command ends with"
                    + " another exit code than 0, and that exit code is kept. {} in the command stands for the trace;"
                    + " without it, the trace's path is appended."
        },
        footer = {
            "  semblance minimize mine.trace -o small.trace",
            "  semblance minimize mine.trace --test './other-gpu {}' -o small.trace"
        })
final class MinimizeCommand extends Subcommand {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The trace to write; without it, NAME.min.trace where NAME.trace is.")
    private @Nullable Path output;

    @Option(names = "--test", paramLabel = "COMMAND", description = "A shell command that fails for the trace.")
    private @Nullable String test;

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description = "Where the goldens are; without it, beside the folder recordings.")
    private @Nullable Path golden;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            converter = Converters.HostTimeOrSeconds.class,
            description = "How long one run of the test may take, such as 500ms, 90s or 5m; a bare number is seconds."
                    + " 60s unless said.")
    private Duration timeout = Duration.ofSeconds(60);

    @Option(
            names = "--max-runs",
            paramLabel = "N",
            description = "How many candidates to try at most; 20000 unless said.")
    private int runs = MinimizerLimits.STANDARD.runs();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Converters.HostTimeOrSeconds.class,
            description = "When to stop at the latest; the result then depends on how fast this machine is.")
    private @Nullable Duration time;

    MinimizeCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        requirePositive("--max-runs", runs);
        Path read = InputFiles.single(trace);
        Path written = output == null ? beside(read) : output;
        return actions()
                .minimize(new Actions.Minimization(
                        read,
                        OutputFiles.check(read, written),
                        Optional.ofNullable(test),
                        timeout,
                        Optional.ofNullable(golden),
                        new MinimizerLimits(runs, Optional.ofNullable(time))));
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new UserError(ExitCode.USAGE, Text.format("%s %d: a number from 1 on", option, value));
        }
    }

    private static Path beside(Path trace) {
        String name = String.valueOf(trace.getFileName());
        String stem =
                name.endsWith(InputFiles.TRACE) ? name.substring(0, name.length() - InputFiles.TRACE.length()) : name;
        return trace.resolveSibling(stem + ".min" + InputFiles.TRACE);
    }
}
