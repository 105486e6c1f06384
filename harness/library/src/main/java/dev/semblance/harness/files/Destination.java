package dev.semblance.harness.files;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What becomes of the file that a user named as an output. */
sealed interface Destination {

    /** A regular file, or one that is not there yet, which the complete file takes the place of. Never a symbolic link. */
    record Replaced(Path file) implements Destination {}

    /** A device, a FIFO or an open file of the process, which the complete file is copied into: it must stay what it is. */
    record Filled(Path node) implements Destination {}

    /** The most links that are followed from one to the next, as on Linux (path_resolution(7)). */
    int MAX_LINKS = 40;

    /**
     * Looks at a file. Symbolic links are followed: what they lead to is written, and they stay.
     *
     * @throws FileSystemException if it is a folder, or its links lead in a circle
     */
    static Destination of(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw new FileSystemException(file.toString(), null, "it is a folder");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            return new Filled(file);
        }
        Path place = file;
        for (int links = 0; Files.isSymbolicLink(place); links++) {
            if (links == MAX_LINKS) {
                throw new FileSystemLoopException(file.toString());
            }
            if (isProcess(place)) {
                // As /dev/stdout is: the name is that of an open file, whose own name may be gone.
                return new Filled(file);
            }
            place = place.resolveSibling(Files.readSymbolicLink(place));
        }
        return new Replaced(place);
    }

    private static boolean isProcess(Path link) throws IOException {
        Path folder = link.toAbsolutePath().getParent();
        return folder != null && Files.exists(folder) && folder.toRealPath().startsWith("/proc");
    }
}
