package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Text;
import dev.semblance.harness.UserError;
import dev.semblance.harness.files.FilePattern;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/** Turns the paths on a command line into files: folders stand for what is in them, patterns for what they match. */
final class InputFiles {

    static final String TRACE = ".trace";
    static final String SCENARIO = ".scenario";

    /** What the system calls standard input. */
    static final Path STANDARD_INPUT = Path.of("/dev/stdin");

    private static final int MAX_DEPTH = 8;

    private InputFiles() {}

    /**
     * Returns the files that names of paths stand for, each once: a file is itself, a folder the files in it and below it whose
     * names end in {@code suffix}, in the order of their names. A name that is not there and has {@code *}, {@code ?},
     * {@code [} or an opening brace in it is a pattern, as shells have them, for where no shell has expanded it: in a
     * CI system's settings, or between quotes.
     *
     * @throws UserError if a path is not there, a folder holds no such file, or a pattern matches none
     */
    static List<Path> expand(List<String> names, String suffix) {
        Set<Path> files = new LinkedHashSet<>();
        for (String name : names) {
            Optional<Path> path = path(name).filter(Files::exists);
            if (path.isPresent() && Files.isDirectory(path.get())) {
                List<Path> inside = inFolder(path.get(), suffix);
                if (inside.isEmpty()) {
                    throw new UserError(ExitCode.USAGE, "the folder " + name + " holds no " + suffix + " file");
                }
                files.addAll(inside);
            } else if (path.isPresent()) {
                files.add(path.get());
            } else if (FilePattern.isPattern(name)) {
                files.addAll(matching(name));
            } else {
                throw new UserError(ExitCode.USAGE, name + " does not exist");
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

    private static List<Path> matching(String pattern) {
        try {
            List<Path> found = FilePattern.matching(pattern);
            if (found.isEmpty()) {
                throw new UserError(ExitCode.USAGE, "no file matches " + pattern);
            }
            return found;
        } catch (PatternSyntaxException e) {
            throw new UserError(ExitCode.USAGE, Text.format("%s is no pattern: %s", pattern, e.getDescription()), e);
        } catch (IOException e) {
            throw UserError.unreadable("the folder of " + pattern, e);
        }
    }

    private static Optional<Path> path(String name) {
        try {
            return Optional.of(Path.of(name));
        } catch (InvalidPathException e) {
            // Somewhere a star cannot be in a path.
            return Optional.empty();
        }
    }

    private static List<Path> inFolder(Path folder, String suffix) {
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw UserError.unreadable("the folder " + folder, e);
        } catch (UncheckedIOException e) {
            throw UserError.unreadable("the folder " + folder, new IOException(e.getMessage(), e));
        }
    }
}
