package dev.semblance.harness.files;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.UnwritableException;
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
     * @throws SemblanceException if none can be made
     */
    public static TemporaryFolder create() {
        try {
            Path path = Files.createTempDirectory("semblance").toAbsolutePath().normalize();
            AtExit.remove(path);
            return new TemporaryFolder(path);
        } catch (IOException e) {
            UnwritableException unusable = unusable(e);
            throw UnusableOutputException.of(unusable.file(), unusable);
        }
    }

    /**
     * Makes a file in the system's folder for temporary files, for the caller to remove.
     *
     * @throws UnwritableException if none can be made; it names that folder
     */
    static Path file(String suffix) throws UnwritableException {
        try {
            return Files.createTempFile("semblance", suffix);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Checks that temporary files can be made, where something else that needs them has failed.
     *
     * @throws UnwritableException if not; it names the system's folder for them
     */
    public static void check() throws UnwritableException {
        Path made = file(".check");
        try {
            Files.deleteIfExists(made);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static UnwritableException unusable(IOException problem) {
        Path folder = Path.of(System.getProperty("java.io.tmpdir", "")).toAbsolutePath();
        String reason = Files.isDirectory(folder)
                ? UnwritableException.of(folder, problem).reason()
                : Files.exists(folder) ? "it is not a folder" : "there is no such folder";
        return UnwritableException.of(
                folder,
                reason + " (temporary files go there; SEMBLANCE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER names another)");
    }

    /**
     * Makes a file in it that only the user can read, where the system has such.
     *
     * @param start how its name begins
     * @param suffix how it ends
     * @param bytes what is in it
     * @return its path
     * @throws IOException if it cannot be written
     */
    public Path write(String start, String suffix, byte[] bytes) throws IOException {
        return Files.write(Files.createTempFile(path, start, suffix), bytes);
    }

    /** {@return the folder, an absolute path} */
    public Path path() {
        return path;
    }

    @Override
    public void close() {
        AtExit.delete(path);
        AtExit.keep(path);
    }
}
