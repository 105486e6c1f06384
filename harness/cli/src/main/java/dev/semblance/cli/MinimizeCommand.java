package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.fuzz.minimize.Minimized;
import dev.semblance.harness.fuzz.minimize.MinimizerLimits;
import dev.semblance.harness.fuzz.minimize.TraceMinimizer;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Cuts a failing trace down, and says what is left. */
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
            "  semblance minimize mine.trace --test './other-gpu {}' -o small.trace",
            "  semblance minimize mine.trace --target pipe:./my-gpu -o small.trace"
        })
final class MinimizeCommand extends Subcommand<MinimizeCommand.Request> {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "TRACE",
            description = "The trace to write; without it, NAME.min.trace where NAME.trace is.")
    private Optional<Path> output = Optional.empty();

    @Option(names = "--test", paramLabel = "COMMAND", description = "A shell command that fails for the trace.")
    private Optional<String> test = Optional.empty();

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description = "Where the goldens are; without it, beside the folder recordings.")
    private Optional<Path> golden = Optional.empty();

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
            description = "How many candidates to try at most (default: 20000).")
    private int runs = MinimizerLimits.STANDARD.runs();

    @Option(
            names = "--time",
            paramLabel = "TIME",
            converter = Converters.HostTimeOrSeconds.class,
            description = "When to stop at the latest; the result then depends on how fast this machine is.")
    private Optional<Duration> time = Optional.empty();

    @Mixin
    private TargetOptions target = new TargetOptions();

    /**
     * A failing trace to cut down.
     *
     * @param test a shell command that tells whether a trace fails; empty for the device's differences from it
     * @param timeout for one run of the test
     * @param golden where the goldens are, if said
     * @param target the device on which it fails
     */
    record Request(
            Path trace,
            Path output,
            Optional<String> test,
            Duration timeout,
            Optional<Path> golden,
            MinimizerLimits limits,
            TargetOptions.Choice target) {}

    MinimizeCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        requirePositive("--max-runs", runs);
        TargetOptions.Choice tested = target.choice().withDialectOfTarget();
        if (test.isPresent() && tested.spec().isPresent()) {
            throw new CommandException(ExitCode.USAGE, "--test and --target both say what the trace fails on; say one");
        }
        Path read = InputFiles.single(trace);
        return new Request(
                read,
                OutputFiles.check(read, output.orElseGet(() -> beside(read))),
                test,
                timeout,
                golden,
                new MinimizerLimits(runs, time),
                tested);
    }

    private static void requirePositive(String option, int value) {
        if (value < 1) {
            throw new CommandException(ExitCode.USAGE, Text.format("%s %d: a number from 1 on", option, value));
        }
    }

    private static Path beside(Path trace) {
        String name = String.valueOf(trace.getFileName());
        String stem =
                name.endsWith(InputFiles.TRACE) ? name.substring(0, name.length() - InputFiles.TRACE.length()) : name;
        return trace.resolveSibling(stem + ".min" + InputFiles.TRACE);
    }

    @Override
    ExitCode run(Request minimization) {
        TraceMinimizer minimizer = new TraceMinimizer(
                minimization.target().device(BuiltinDevice.ours()),
                minimization.limits(),
                VersionProvider.version(),
                minimization.target().dialect());
        try (Outlet outlet = Outlet.of(minimization.output(), terminal(), List.of(minimization.trace()))) {
            TraceMinimizer.Outcome outcome = minimization.test().isPresent()
                    ? minimizer.minimize(
                            minimization.trace(),
                            outlet.path(),
                            minimization.test().get(),
                            minimization.timeout())
                    : minimizer.minimize(
                            minimization.trace(),
                            outlet.path(),
                            Goldens.of(TraceFile.of(minimization.trace()), minimization.golden()));
            Minimized minimized = outcome.minimized();
            outlet.deliver();
            Printer out = outlet.terminal().out();
            out.println("failure: " + outcome.failure());
            out.println("before:  " + minimized.before().text());
            out.println("after:   " + minimized.after().text());
            out.println(Text.format(
                    "%s%s",
                    Text.count(minimized.runs(), "run"),
                    minimized.limited() ? "; stopped at a limit, so it may get smaller yet" : "; it is 1-minimal"));
            outlet.sayHowToReplay();
            return ExitCode.PASS;
        } catch (IOException e) {
            throw TraceProblems.of(minimization.trace(), e);
        }
    }
}
