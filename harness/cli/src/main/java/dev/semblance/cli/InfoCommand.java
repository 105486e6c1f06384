package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "info",
        header = "Tell what traces are: guest, devices, snapshots, length, identity.",
        description = "Reads torn traces too, up to where they end.",
        footer = {"  semblance info recordings/boot.trace"})
final class InfoCommand extends Subcommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    InfoCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().info(InputFiles.expand(paths, InputFiles.TRACE));
    }
}
