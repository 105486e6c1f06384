package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "repair",
        header = "Make a whole trace of what is left of a torn one.",
        description = {
            "Keeps every event up to the first that is lost, and says what was lost. The part file of a killed recording,"
                    + " a file that was cut, one with something behind its end, and one that is damaged in the middle"
                    + " all work. The trace ends with an End that says \"interrupted\" and knows no state: replays follow"
                    + " it to there and compare its snapshots. A file that is whole is left as it is, and nothing is"
                    + " written."
        },
        footer = {"  semblance repair mine.trace.part -o mine.trace"})
final class RepairCommand extends Subcommand {

    @Parameters(paramLabel = "TORN", description = "What is left of a trace.")
    private Path torn = Path.of("");

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "WHOLE",
            description = "The trace to write.")
    private Path output = Path.of("");

    RepairCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions().repair(new Actions.Repair(InputFiles.single(torn), output));
    }
}
