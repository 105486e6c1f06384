package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dump",
        header = "Print a trace, event by event, with its commands decoded.",
        footer = {
            "  semblance dump recordings/flips.trace | less",
            "  semblance dump --json mine.trace | jq 'select(.event == \"flush\")'"
        })
final class DumpCommand extends Verb {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    @Option(names = "--json", description = "One JSON object a line, for programs.")
    private boolean json;

    DumpCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().dump(new Actions.Dump(InputFiles.single(trace), json));
    }
}
