package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.InputFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "pack",
        header = "Put traces and what belongs to them into one file, to attach to a bug report.",
        description = {
            "A pack holds the traces, their goldens and policy, the SHA-256 of the guest's images, what a replay of them says here"
                    + " (as text and as JSON), and the versions of Semblance and Java. replay, info and dump take it in"
                    + " place of a trace. It is a tar archive: tar tf lists it.",
            "Traces hold everything that was typed and shown while recording. Look at what you attach."
        },
        footer = {
            "  semblance pack recordings/flips.trace -o flips.semblance",
            "  semblance pack --with-images --images ~/images mine.trace -o mine.semblance",
            "  semblance replay mine.semblance"
        })
final class PackCommand extends Subcommand {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "PACK",
            description = "The pack to write, NAME.semblance by custom.")
    private Path output = Path.of("");

    @Option(names = "--golden", paramLabel = "DIR", description = "Where the goldens are.")
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
            names = "--with-images",
            description = "Put the guest's images in, compressed: others can replay the machine.")
    private boolean withImages;

    @Option(
            names = "--no-replay",
            description = "Do not replay the traces first; the pack says nothing of a verdict then.")
    private boolean noReplay;

    PackCommand(Actions actions) {
        super(actions);
    }

    @Override
    ExitCode run() {
        return actions()
                .pack(new Actions.Packing(
                        InputFiles.expand(paths, InputFiles.TRACE),
                        output,
                        golden,
                        policy,
                        List.copyOf(images),
                        withImages,
                        !noReplay));
    }
}
