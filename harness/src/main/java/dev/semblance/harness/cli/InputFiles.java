package dev.semblance.harness.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Turns the paths on a command line into files: folders stand for what is in them. */
final class InputFiles {

    static final String TRACE = ".trace";
    static final String SCENARIO = ".scenario";

    private static final int MAX_DEPTH = 8;

    private InputFiles() {}

    /**
     * Returns the files that the paths name, each once: a file is itself, a folder the files in it and below it whose
     * names end in {@code suffix}, in the order of their names.
     *
     * @throws UserError if a path is not there, or a folder holds no such file
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
