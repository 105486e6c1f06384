package dev.semblance.harness.files;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A folder in the system's folder for temporary files. It is gone with all that is in it once it is closed, or the process ends. */
public final class TemporaryFolder implements AutoCloseable {

    private final Path path;

    private TemporaryFolder(Path path) {
        this.path = path;
    }

    /**
     * Makes a folder.
     *
     * @throws UserError if none can be made
     */
    public static TemporaryFolder create() {
        try {
            Path path = Files.createTempDirectory("semblance").toAbsolutePath().normalize();
            AtExit.remove(path);
            return new TemporaryFolder(path);
        } catch (IOException e) {
            throw new UserError(ExitCode.USAGE, "there is no room for temporary files: " + e.getMessage(), e);
        }
    }

    /** Returns the folder, an absolute path. */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        AtExit.delete(path);
        AtExit.keep(path);
    }
}
