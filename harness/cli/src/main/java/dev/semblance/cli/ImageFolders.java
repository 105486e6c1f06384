package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.guest.images.GuestImages;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Option;

/** Where else the images of a trace are looked for. */
final class ImageFolders {

    @Option(
            names = "--images",
            paramLabel = "FOLDER",
            description = "Look for the guest's images here too, by their SHA-256. May be given more than once.")
    private List<Path> folders = List.of();

    /**
     * Returns the folders.
     *
     * @throws SemblanceException if one is not there
     */
    List<Path> checked() {
        GuestImages.checkFolders(folders);
        return List.copyOf(folders);
    }
}
