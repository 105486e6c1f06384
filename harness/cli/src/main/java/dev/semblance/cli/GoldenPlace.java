package dev.semblance.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options that say what the snapshots of traces are compared with. */
final class GoldenPlace {

    @Option(
            names = "--golden",
            paramLabel = "FOLDER",
            description =
                    "Where the goldens are: FOLDER/NAME/LABEL.png, where NAME is the trace's place below PATH, without"
                            + " its ending. Without this, in the folder golden beside the nearest folder recordings that a trace is"
                            + " in, by its place below that.")
    private Optional<Path> golden = Optional.empty();

    @Option(
            names = "--policy",
            paramLabel = "FILE",
            description = "What may differ from the goldens (docs/POLICIES.md), in place of policy.toml beside them.")
    private Optional<Path> policy = Optional.empty();

    /** Returns what was said, with folders of images. */
    GoldenOptions.Settings settings(List<Path> images) {
        return new GoldenOptions.Settings(golden, policy, images);
    }
}
