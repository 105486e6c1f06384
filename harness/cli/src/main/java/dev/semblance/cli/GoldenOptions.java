package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;

/** The options that say what the snapshots of traces are compared with, and where the guest's images are. */
final class GoldenOptions {

    @Mixin
    private GoldenPlace place = new GoldenPlace();

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
        return place.settings(images.checked());
    }
}
