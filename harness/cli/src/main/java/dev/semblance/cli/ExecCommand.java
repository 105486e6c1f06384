package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "exec",
        header = "Drive the GPU by hand: a script of JSON lines in, answers as JSON lines out.",
        description = {
            "Runs a device script (docs/SCRIPT.md) on a fresh device, without a machine around it. Every line is answered by"
                    + " one line, as soon as it is done.",
            "The first bad line ends the run: what came before it has happened, and no trace is written."
        },
        footer = {
            "  semblance exec test.jsonl                 docs/SCRIPT.md: what stands in it",
            "  semblance exec -o bug.trace test.jsonl    and keep it as a trace",
            "  my-driver | semblance exec -              from standard input, line by line",
            "  semblance dump --script recordings/flips.trace | semblance exec -"
        })
final class ExecCommand extends Subcommand {

    @Parameters(paramLabel = "SCRIPT", description = "The script, or - for standard input.")
    private Path script = Path.of("");

    @Option(
            names = {"-o", "--output"},
            paramLabel = "TRACE",
            description = "Record what happens; screendumps become snapshots.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--keep-going",
            description = "Answer a bad line with an \"error\" and run the rest; the exit code still tells.")
    private boolean keepGoing;

    ExecCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        boolean fromInput = script.toString().equals("-");
        Optional<Path> file = fromInput ? Optional.empty() : Optional.of(InputFiles.single(script));
        return actions().exec(new Actions.Execution(file, output, keepGoing));
    }
}
