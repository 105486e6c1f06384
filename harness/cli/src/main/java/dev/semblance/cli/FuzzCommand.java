package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "fuzz",
        header = "Look for commands that the GPU gets wrong.",
        description = {
            "Makes up sequences of valid, nearly valid and wild commands, runs them on the GPU and on an independent"
                    + " reference model, and compares every answer, every picture and guest memory. Stops at the first"
                    + " difference, cuts the sequence down to the few commands that matter, and writes them as a trace"
                    + " with the answers that are right: its replay fails until the GPU is mended. The same seed does"
                    + " the same, everywhere. More is in docs/FUZZING.md.",
            "Without --commands or --time it goes on until Ctrl-C."
        },
        footer = {
            "  semblance fuzz --time 60s",
            "  semblance fuzz --seed 7 --commands 1000000     the same every time",
            "  semblance fuzz --time 8h --corpus fuzzing      over night, keeping what is new"
        })
final class FuzzCommand extends Subcommand {

    @Option(names = "--seed", paramLabel = "N", description = "Where to begin; one is chosen and printed if left out.")
    private Optional<Long> seed = Optional.empty();

    @ArgGroup(exclusive = true)
    private Limit limit = new Limit();

    /** When to stop. */
    private static final class Limit {
        @Option(names = "--commands", paramLabel = "N", description = "Stop after so many commands.")
        private Optional<Long> commands = Optional.empty();

        @Option(
                names = "--time",
                paramLabel = "D",
                converter = Converters.HostTime.class,
                description = "Stop after so long: 90s, 10m, 8h.")
        private Optional<Duration> time = Optional.empty();
    }

    @Option(
            names = "--corpus",
            paramLabel = "DIR",
            description = "Begin with the traces in this folder, and keep there what leads to anything new. A"
                    + " counterexample is written there too, and otherwise into the current folder.")
    private Optional<Path> corpus = Optional.empty();

    FuzzCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        limit.commands.filter(commands -> commands < 1).ifPresent(commands -> {
            throw new UserError(ExitCode.USAGE, Text.format("--commands is %d, not 1 or more", commands));
        });
        return actions().fuzz(new Actions.Fuzzing(seed, limit.commands, limit.time, corpus));
    }
}
