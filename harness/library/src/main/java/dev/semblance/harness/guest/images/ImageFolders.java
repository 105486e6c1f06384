package dev.semblance.harness.guest.images;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Lists the files of folders that may hold images. */
final class ImageFolders {

    private static final int MAX_DEPTH = 6;
    private static final int MAX_FILES = 10_000;

    private ImageFolders() {}

    /** Throws a {@link SemblanceException} if there is no such folder. */
    static void check(Path folder) {
        if (!Files.isDirectory(folder)) {
            throw new UnusableInputException("the folder of images " + folder + " is not there");
        }
    }

    /** {@return the regular files in the folders, those of the given name (packed or not) first} */
    static List<Path> files(List<Path> folders, String name) {
        List<Path> found = new ArrayList<>();
        for (Path folder : folders) {
            check(folder);
            // One more than allowed, to tell a full folder from one too large.
            try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
                files.filter(Files::isRegularFile).limit(MAX_FILES + 1L).forEach(found::add);
            } catch (IOException | UncheckedIOException e) {
                throw new UnusableInputException(
                        "the folder of images " + folder + " cannot be searched: " + e.getMessage(), e);
            }
            if (found.size() > MAX_FILES) {
                throw new UnusableInputException(Text.format(
                        "the folder of images %s holds more than %,d files; name one that holds the images only",
                        folder, MAX_FILES));
            }
        }
        found.sort(Comparator.comparing((Path file) -> !XzFile.plainName(file).equals(name))
                .thenComparing(Comparator.naturalOrder()));
        return found;
    }
}
