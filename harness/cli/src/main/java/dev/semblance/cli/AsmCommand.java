package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "asm",
        header = "Make a trace of the lines that dump --json printed.",
        description = {
            "The inverse of dump --json: the same events, and so the same identity. Edit the lines in between to make a"
                    + " trace by hand. \"sequence\" may be left out; fields that only repeat others (\"decoded\","
                    + " \"name\", \"names\", \"text\", \"deviceName\", \"queueName\") are not looked at; any other that is"
                    + " missing, unknown or out of its range is an error that names the line."
        },
        footer = {
            "  semblance dump --json mine.trace > mine.jsonl",
            "  semblance asm mine.jsonl -o same.trace",
            "  semblance dump --json mine.trace |",
            "    jq -c 'del(.sequence) | select(.event != \"consoleOutput\")' |",
            "    semblance asm - -o quiet.trace"
        })
final class AsmCommand extends Subcommand {

    private static final String STANDARD_INPUT = "-";

    @Parameters(paramLabel = "LINES", description = "The file of lines; - for standard input.")
    private String lines = STANDARD_INPUT;

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "TRACE",
            description = "The trace to write.")
    private Path output = Path.of("");

    AsmCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        Optional<Path> file =
                lines.equals(STANDARD_INPUT) ? Optional.empty() : Optional.of(InputFiles.single(Path.of(lines)));
        return actions().assemble(new Actions.Assembly(file, output));
    }
}
