package dev.semblance.harness.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The folder of a user's caches: a folder in it for each kind of thing that is kept, which only the user can look into. Files in it are
 * {@link OutputFile}s, which are there whole or not at all, so that processes can share it. Losing it costs nothing but time.
 */
public final class CacheFolder {

    /** What processes that were killed left behind is older than this; what others are writing just now is not. */
    private static final Duration ABANDONED = Duration.ofDays(1);

    /** Files on their way into the cache: those of today, and those of the versions before. */
    private static final Pattern ON_THE_WAY = Pattern.compile("\\..*\\.new|new-.*\\.part");

    private static final FileAttribute<Set<PosixFilePermission>> OWN =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    /**
     * Makes one that is created when something is kept in it.
     *
     * @param folder where it is
     */
    public CacheFolder(Path folder) {
        this.folder = folder;
    }

    /** {@return the user's, as the environment has it} */
    public static CacheFolder ofUser() {
        return new CacheFolder(ofUser(System.getenv(), Path.of(System.getProperty("user.home", "."))));
    }

    /**
     * {@return where the user's is: {@code SEMBLANCE_CACHE}, else {@code semblance} in {@code XDG_CACHE_HOME} or in {@code ~/.cache}}
     *
     * @param environment the environment's variables
     * @param home the user's own folder
     */
    static Path ofUser(Map<String, String> environment, Path home) {
        try {
            String own = environment.getOrDefault("SEMBLANCE_CACHE", "");
            if (!own.isEmpty()) {
                return Path.of(own).toAbsolutePath();
            }
            Path xdg = Path.of(environment.getOrDefault("XDG_CACHE_HOME", ""));
            // The XDG base directory specification says to ignore relative paths.
            return (xdg.isAbsolute() ? xdg : home.resolve(".cache")).resolve("semblance");
        } catch (InvalidPathException e) {
            return home.resolve(".cache").resolve("semblance");
        }
    }

    /** {@return where it is} */
    public Path path() {
        return folder;
    }

    /** {@return the place of a file or folder in it} */
    public Path resolve(String name) {
        return folder.resolve(name);
    }

    /**
     * Makes a folder in it, if there is none.
     *
     * @throws IOException if it cannot be made
     */
    public void make(String name) throws IOException {
        Path inside = folder.resolve(name);
        if (Files.isDirectory(inside)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try {
            Files.createDirectories(inside, OWN);
        } catch (UnsupportedOperationException e) {
            Files.createDirectories(inside);
        }
    }

    /**
     * {@return the files in a folder of it; none if there is no such folder}
     *
     * @throws IOException if it cannot be read
     */
    public List<Path> files(String name) throws IOException {
        Path where = folder.resolve(name);
        if (!Files.isDirectory(where)) {
            return List.of();
        }
        return list(where, file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS));
    }

    private static List<Path> list(Path where, Predicate<Path> wanted) throws IOException {
        try (Stream<Path> files = Files.list(where)) {
            return files.filter(wanted).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Notes that a file was used now: those that were used least recently go first. */
    public static void use(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
    }

    /**
     * Removes what processes that were killed left behind, in all its folders. What cannot be read or removed stays, and the rest goes
     * all the same.
     *
     * @throws IOException if it cannot be read at all
     */
    public void sweep() throws IOException {
        Instant abandoned = Instant.now().minus(ABANDONED);
        sweep(folder, abandoned);
        for (Path inside : list(folder, file -> Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))) {
            try {
                sweep(inside, abandoned);
            } catch (IOException e) {
                // Of another user, perhaps: the others are swept.
            }
        }
    }

    private static void sweep(Path where, Instant abandoned) throws IOException {
        for (Path file : list(where, file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))) {
            try {
                if (ON_THE_WAY.matcher(String.valueOf(file.getFileName())).matches()
                        && Files.getLastModifiedTime(file).toInstant().isBefore(abandoned)) {
                    Files.deleteIfExists(file);
                }
            } catch (IOException e) {
                // Another process has just removed it, or nobody may.
            }
        }
    }
}
