package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import dev.semblance.harness.UserError;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "record",
        header = "Boot a guest and record everything that its devices do.",
        description = {
            "Writes a trace of every virtqueue command and every input event. A scenario (docs/SCENARIOS.md) types,"
                    + " moves the mouse and takes snapshots at exact cycles, so that recording again gives the same"
                    + " trace. Without one, the run ends when the guest powers off or at --max-cycles. A last snapshot"
                    + " named \"end\" is always taken.",
            "Options given here win over the lines at the top of the scenario."
        },
        footer = {
            "  semblance record --scenario recordings/boot.scenario -o boot.trace",
            "  semblance record --kernel Image --max-cycles 2e9 -o mine.trace",
            "  semblance record --again recordings     make all of them anew"
        })
final class RecordCommand extends Subcommand {

    @Mixin
    private GuestOptions guest = new GuestOptions();

    @Option(names = "--scenario", paramLabel = "FILE", description = "What the scripted user does.")
    private Optional<Path> scenario = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "TRACE",
            description = "The trace to write. It is called TRACE.part until it is complete.")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--again",
            paramLabel = "PATH",
            arity = "1..*",
            description = "Make recordings anew: scenario files, or folders of them. NAME.trace is written beside"
                    + " NAME.scenario.")
    private List<String> again = List.of();

    RecordCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        if (!again.isEmpty()) {
            if (scenario.isPresent() || output.isPresent()) {
                throw new UserError(
                        ExitCode.USAGE, "--again names scenarios and traces itself, without --scenario or -o");
            }
            return actions()
                    .record(InputFiles.expand(again, InputFiles.SCENARIO).stream()
                            .map(this::remake)
                            .toList());
        }
        Path trace = output.orElseThrow(
                () -> new UserError(ExitCode.USAGE, "record needs -o TRACE, the file to write, or --again PATH"));
        Optional<Scenario> script = scenario.map(ScenarioParser::read);
        GuestSettings scripted = script.map(Scenario::guest).orElse(GuestSettings.NONE);
        return actions().record(List.of(new Actions.Recording(guest.guest(scripted), script, trace)));
    }

    private Actions.Recording remake(Path file) {
        String name = String.valueOf(file.getFileName());
        if (!name.endsWith(InputFiles.SCENARIO)) {
            throw new UserError(ExitCode.USAGE, file + " is no scenario: its name does not end in .scenario");
        }
        Scenario script = ScenarioParser.read(file);
        String stem = name.substring(0, name.length() - InputFiles.SCENARIO.length());
        return new Actions.Recording(
                guest.guest(script.guest()), Optional.of(script), file.resolveSibling(stem + InputFiles.TRACE));
    }
}
