package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Turns the paths on a command line into files: folders stand for what is in them, patterns for what they match. */
final class InputFiles {

    static final String TRACE = ".trace";
    static final String SCENARIO = ".scenario";

    private static final int MAX_DEPTH = 8;

    private InputFiles() {}

    /**
     * Returns the files that the paths name, each once: a file is itself, a folder the files in it and below it whose
     * names end in {@code suffix}, in the order of their names. A path that is not there and has {@code *}, {@code ?},
     * {@code [} or an opening brace in it is a pattern, as shells have them, for where no shell has expanded it: in a
     * CI system's settings, or between quotes.
     *
     * @throws UserError if a path is not there, a folder holds no such file, or a pattern matches none
     */
    static List<Path> expand(List<Path> paths, String suffix) {
        Set<Path> files = new LinkedHashSet<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                List<Path> inside = inFolder(path, suffix);
                if (inside.isEmpty()) {
                    throw new UserError(ExitCode.USAGE, "the folder " + path + " holds no " + suffix + " file");
                }
                files.addAll(inside);
            } else if (Files.exists(path)) {
                files.add(path);
            } else if (isPattern(path)) {
                files.addAll(matching(path));
            } else {
                throw new UserError(ExitCode.USAGE, path + " does not exist");
            }
        }
        return List.copyOf(files);
    }

    /** Returns the path, which must name a file. */
    static Path single(Path path) {
        if (Files.isDirectory(path)) {
            throw new UserError(ExitCode.USAGE, path + " is a folder; name one file in it");
        }
        if (!Files.exists(path)) {
            throw new UserError(ExitCode.USAGE, path + " does not exist");
        }
        return path;
    }

    private static boolean isPattern(Path path) {
        return path.toString().chars().anyMatch(c -> "*?[{".indexOf(c) >= 0);
    }

    private static List<Path> matching(Path pattern) {
        // Looked for below the part that stands for itself.
        Path base = pattern;
        while (base != null && isPattern(base)) {
            base = base.getParent();
        }
        Path folder = base == null ? Path.of("") : base;
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
            PathMatcher matcher = pattern.getFileSystem().getPathMatcher("glob:" + pattern);
            List<Path> found = files.filter(matcher::matches)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
            if (found.isEmpty()) {
                throw new UserError(ExitCode.USAGE, "no file matches " + pattern);
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new UserError(ExitCode.USAGE, "%s is no pattern: %s".formatted(pattern, e.getDescription()), e);
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(ExitCode.USAGE, "the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<Path> inFolder(Path folder, String suffix) {
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new UserError(ExitCode.USAGE, "the folder " + folder + " cannot be read: " + e.getMessage(), e);
        }
    }
}
