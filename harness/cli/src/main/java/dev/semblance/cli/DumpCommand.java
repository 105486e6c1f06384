package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "dump",
        header = "Print a trace, event by event, with its commands decoded.",
        footer = {
            "  semblance dump recordings/flips.trace | less",
            "  semblance dump --json mine.trace | jq 'select(.event == \"flush\")'",
            "  semblance dump --script mine.trace > mine.jsonl    to change and exec it"
        })
final class DumpCommand extends Subcommand {

    @Parameters(paramLabel = "TRACE", description = "The trace.")
    private Path trace = Path.of("");

    /** What to print in place of lines for people; one of them at most. */
    private static final class Form {
        @Option(names = "--json", description = "One JSON object a line, for programs.")
        private boolean json;

        @Option(
                names = "--script",
                description = "What the driver did to the GPU, as a script for exec (docs/SCRIPT.md).")
        private boolean script;
    }

    @ArgGroup
    private Form form = new Form();

    DumpCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        Path file = InputFiles.single(trace);
        return form.script ? actions().dumpScript(file) : actions().dump(new Actions.Dump(file, form.json));
    }
}
