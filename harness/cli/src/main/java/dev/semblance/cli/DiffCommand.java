package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
final class DiffCommand extends Subcommand {

    @Parameters(index = "0", paramLabel = "A", description = "A trace.")
    private Path first = Path.of("");

    @Parameters(index = "1", paramLabel = "B", description = "The trace to compare it with.")
    private Path second = Path.of("");

    @Option(names = "--json", description = "One JSON object, for programs.")
    private boolean json;

    DiffCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().diff(new Actions.Comparison(InputFiles.single(first), InputFiles.single(second), json));
    }
}
