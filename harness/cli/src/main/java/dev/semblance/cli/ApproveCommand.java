package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import dev.semblance.harness.UserError;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "approve",
        header = "Accept what traces show now as their golden pictures.",
        description = {
            "Replays the traces and writes the goldens that are missing or differ by more than golden/policy.toml allows,"
                    + " and no others. A trace whose replay"
                    + " diverges is refused, and so is everything where the environment says CI=true.",
            "Look at every picture before you commit it."
        },
        footer = {"  semblance approve recordings", "  semblance approve --golden golden recordings/flips.trace"})
final class ApproveCommand extends Subcommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    @Option(names = "--golden", paramLabel = "DIR", description = "Where the goldens are.")
    private Optional<Path> golden = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "What may differ from the goldens (docs/POLICIES.md), in place of policy.toml beside them.")
    private Optional<Path> policy = Optional.empty();

    @Option(names = "--images", paramLabel = "DIR", description = "Look for the guest's images here too.")
    private List<Path> images = List.of();

    private final boolean underCi;

    ApproveCommand(Actions actions, boolean underCi) {
        super(actions);
        this.underCi = underCi;
    }

    @Override
    ExitCode run() {
        if (underCi) {
            throw new UserError(
                    ExitCode.USAGE,
                    "goldens are approved by people, not under CI=true; run this where you can look at them");
        }
        return actions()
                .approve(new Actions.Approval(
                        InputFiles.expand(paths, InputFiles.TRACE), golden, policy, List.copyOf(images)));
    }
}
