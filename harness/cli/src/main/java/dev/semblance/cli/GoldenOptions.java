package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that say what the snapshots of traces are compared with, and where the guest's images are. */
final class GoldenOptions {

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

    @Mixin
    private ImageFolders images = new ImageFolders();

    /**
     * What was said.
     *
     * @param golden where the goldens are, if said
     * @param policy what may differ from them, if not what the policy beside them says
     * @param images folders to search for guest images
     */
    record Settings(Optional<Path> golden, Optional<Path> policy, List<Path> images) {

        /** Nothing said. */
        static final Settings NONE = new Settings(Optional.empty(), Optional.empty(), List.of());

        /** Returns the same with more folders of images behind those given. */
        Settings withImages(List<Path> more) {
            return new Settings(
                    golden,
                    policy,
                    Stream.concat(images.stream(), more.stream()).toList());
        }
    }

    /**
     * Returns what was said.
     *
     * @throws SemblanceException if a folder of images is not there
     */
    Settings settings() {
        return new Settings(golden, policy, images.checked());
    }
}
