package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.replay.TraceReplay;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "replay",
        header = "Replay traces and compare them with what was recorded and with the golden pictures.",
        description = {
            "A machine replay runs the same images again, with only the inputs from the trace. A device replay feeds the"
                    + " recorded commands to the GPU alone. Both are done where the images are found, and together they"
                    + " tell what changed: both differ, the GPU; the machine's only, CPU, machine or images; the"
                    + " device's only, the recorder or the trace.",
            "Snapshots are compared with golden/NAME/LABEL.png, pixel by pixel, unless golden/policy.toml lets one differ."
        },
        footer = {
            "  semblance replay recordings",
            "  semblance replay --device --golden golden recordings/flips.trace",
            "  semblance replay --images ~/images --report out mine.trace"
        })
final class ReplayCommand extends Verb {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<Path> paths = List.of();

    @ArgGroup(exclusive = true, multiplicity = "0..1")
    private Kind kind = new Kind();

    static final class Kind {
        @Option(names = "--machine", description = "The machine replay only; without the images, that is an error.")
        private boolean machine;

        @Option(names = "--device", description = "The device replay only.")
        private boolean device;
    }

    @Option(
            names = "--golden",
            paramLabel = "DIR",
            description = "Where the goldens are. Given, a golden that is missing is a failure.")
    private Optional<Path> golden = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "What may differ from the goldens (docs/POLICIES.md), in place of policy.toml beside them.")
    private Optional<Path> policy = Optional.empty();

    @Option(
            names = "--images",
            paramLabel = "DIR",
            description = "Look for the guest's images here too, by their SHA-256. May be given more than once.")
    private List<Path> images = List.of();

    @Option(
            names = "--report",
            paramLabel = "DIR",
            description =
                    "Write a summary here, and for every picture that differs what was shown and where it differs.")
    private Optional<Path> report = Optional.empty();

    ReplayCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        TraceReplay.Kind which =
                kind.machine ? TraceReplay.Kind.MACHINE : kind.device ? TraceReplay.Kind.DEVICE : TraceReplay.Kind.BOTH;
        return actions()
                .replay(new Actions.Replays(
                        InputFiles.expand(paths, InputFiles.TRACE),
                        which,
                        golden,
                        policy,
                        List.copyOf(images),
                        report));
    }
}
