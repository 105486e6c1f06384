package dev.semblance.harness.files;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * Turns the names on a command line or in an annotation into files: folders stand for what is in them, patterns for what
 * they match. Names are text, since a pattern is no path on every system: Windows allows no {@code *} in one.
 */
public final class InputFiles {

    /** What the name of a trace ends in. */
    public static final String TRACE = ".trace";

    /** What the name of a scenario ends in. */
    public static final String SCENARIO = ".scenario";

    /** What the system calls standard input. */
    public static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    private static final String WILD = "*?[{";

    private InputFiles() {}

    /**
     * Returns the files that the names stand for, each once:
     *
     * <ul>
     *   <li>a file is itself;
     *   <li>a folder, or a link to one, is the files in it and below it whose names end in {@code suffix}, in the order of
     *       their paths. Links to files count, even where they lead nowhere: whoever reads them says so, and none is left
     *       out in silence. Links to folders inside are not followed, so that a circle of them has an end;
     *   <li>a name that is not there and has {@code *}, {@code ?}, {@code [} or an opening brace in it is a pattern, as of
     *       {@link FileSystem#getPathMatcher}, for where no shell has expanded it: in a CI system's settings, between
     *       quotes, or on Windows. Folders in it are divided by {@code /}, on Windows by {@code \} too.
     * </ul>
     *
     * @throws SemblanceException if a name is not there, a folder holds no such file, or a pattern matches none
     */
    public static List<Path> expand(List<String> names, String suffix) {
        return expand(FileSystems.getDefault(), names, suffix);
    }

    /** Does the same on a file system that need not be the process's own. */
    static List<Path> expand(FileSystem system, List<String> names, String suffix) {
        return find(system, names, suffix).stream().map(Found::path).toList();
    }

    /** {@return the traces that names stand for, as of {@link #expand}, each with its place below the name} */
    public static List<TraceFile> traces(List<String> names) {
        return find(FileSystems.getDefault(), names, TRACE).stream()
                .map(found -> TraceFile.below(found.path(), found.below()))
                .toList();
    }

    /**
     * A file.
     *
     * @param below its path as seen from the folder that was named, or from that in which a pattern begins
     */
    private record Found(Path path, Path below) {

        /** {@return a file that was named itself} */
        static Found named(Path path) {
            return new Found(path, Optional.ofNullable(path.getFileName()).orElse(path));
        }
    }

    private static List<Found> find(FileSystem system, List<String> names, String suffix) {
        Map<Path, Found> files = new LinkedHashMap<>();
        for (String name : names) {
            if (name.isEmpty()) {
                // As a path, this would be the working folder with all that is in it.
                throw new UnusableInputException("an empty name is not the name of a " + suffix + " file");
            }
            Optional<Path> there = path(system, name).filter(path -> Files.exists(path) || isLink(path));
            if (there.isPresent()) {
                add(
                        files,
                        Files.isDirectory(there.get())
                                ? inFolder(there.get(), suffix)
                                : List.of(Found.named(there.get())));
            } else if (isWild(name)) {
                add(files, matching(system, name));
            } else {
                throw new UnusableInputException(name + " does not exist");
            }
        }
        return List.copyOf(files.values());
    }

    private static void add(Map<Path, Found> files, List<Found> more) {
        more.forEach(file -> files.putIfAbsent(file.path(), file));
    }

    /** {@return the path, which must name a file} */
    public static Path single(Path path) {
        if (Files.isDirectory(path)) {
            throw new UnusableInputException(path + " is a folder; name one file in it");
        }
        if (!Files.exists(path)) {
            throw new UnusableInputException(
                    isLink(path) ? path + " is a link to a file that does not exist" : path + " does not exist");
        }
        return path;
    }

    private static Optional<Path> path(FileSystem system, String name) {
        try {
            return Optional.of(system.getPath(name));
        } catch (InvalidPathException e) {
            if (isWild(name)) {
                return Optional.empty();
            }
            throw UnusableInputException.noFileName(e);
        }
    }

    private static boolean isWild(String name) {
        return name.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
    }

    private static List<Found> inFolder(Path folder, String suffix) {
        List<Found> files = walk(
                folder,
                Integer.MAX_VALUE,
                file -> String.valueOf(file.getFileName()).endsWith(suffix));
        if (files.isEmpty()) {
            throw new UnusableInputException("the folder " + folder + " holds no " + suffix + " file");
        }
        return files;
    }

    private static List<Found> matching(FileSystem system, String name) {
        // Where \ divides folders, it cannot be what it is in a pattern too, a sign that takes the next one literally.
        String pattern = system.getSeparator().equals("\\") ? name.replace('\\', '/') : name;
        int wild = 0;
        while (WILD.indexOf(pattern.charAt(wild)) < 0) {
            wild++;
        }
        int split = pattern.lastIndexOf('/', wild) + 1;
        String below = pattern.substring(split).replaceAll("/+", "/");
        Path folder = path(system, pattern.substring(0, split)).orElseThrow();
        try {
            PathMatcher matcher = system.getPathMatcher("glob:" + below);
            // Only as deep as the pattern can reach: there may be a whole disk below.
            int depth = below.contains("**")
                    ? Integer.MAX_VALUE
                    : 1 + Math.toIntExact(below.chars().filter(c -> c == '/').count());
            List<Found> files = Files.isDirectory(folder) ? walk(folder, depth, matcher::matches) : List.of();
            if (files.isEmpty()) {
                throw new UnusableInputException("no file matches " + name);
            }
            return files;
        } catch (PatternSyntaxException e) {
            throw new UnusableInputException(Text.format("%s is not a pattern: %s", name, e.getDescription()), e);
        }
    }

    /** {@return the files below a folder whose paths, seen from there, are wanted} */
    private static List<Found> walk(Path folder, int depth, Predicate<Path> wanted) {
        try {
            // A link is followed here, and what is found has the name that the user gave nevertheless.
            Path start = folder.toRealPath();
            try (Stream<Path> files = Files.walk(start, depth)) {
                return files.filter(file -> !file.equals(start))
                        .map(start::relativize)
                        .filter(wanted)
                        .map(below -> new Found(folder.resolve(below), below))
                        .filter(file ->
                                Files.isRegularFile(file.path()) || isLink(file.path()) && Files.notExists(file.path()))
                        .sorted(Comparator.comparing(Found::path))
                        .toList();
            }
        } catch (IOException e) {
            throw UnusableInputException.unreadable("the folder " + folder, e);
        } catch (UncheckedIOException e) {
            throw UnusableInputException.unreadable("the folder " + folder, new IOException(e.getMessage(), e));
        }
    }

    private static boolean isLink(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS) && Files.isSymbolicLink(path);
    }
}
