package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options of {@code pack}; {@link PackAction} does the work. */
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
final class PackCommand extends Subcommand<PackCommand.Request> {

    @Parameters(paramLabel = "PATH", arity = "1..*", description = "Traces, or folders of them.")
    private List<String> paths = List.of();

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "The pack to write, NAME.semblance by custom.")
    private Path output = Path.of("");

    @Mixin
    private GoldenOptions goldens = new GoldenOptions();

    @Option(
            names = "--with-images",
            description = "Put the guest's images in, compressed: others can replay the machine.")
    private boolean withImages;

    @Option(
            names = "--no-replay",
            description = "Do not replay the traces first; the pack says nothing of a verdict then.")
    private boolean noReplay;

    /**
     * Traces to put into one file.
     *
     * @param withImages whether the images themselves go in
     * @param replay whether the traces are replayed, so that the verdict goes in
     */
    record Request(
            List<TraceFile> traces, Path output, GoldenOptions.Settings goldens, boolean withImages, boolean replay) {}

    @Mixin
    private ImageOptions imageOptions = new ImageOptions();

    PackCommand(CliEnvironment environment) {
        super(environment);
    }

    @Override
    Request parse() {
        return new Request(InputFiles.traces(paths), output, goldens.settings(), withImages, !noReplay);
    }

    @Override
    ExitCode run(Request packing) {
        return new PackAction(environment(), imageOptions.images(environment())).run(packing);
    }
}
