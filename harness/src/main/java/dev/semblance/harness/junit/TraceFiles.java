package dev.semblance.harness.junit;

import dev.semblance.harness.replay.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** The traces that a {@link ReplayTest} names. */
final class TraceFiles {

    private static final String WILD = "*?[{";
    private static final int MAX_DEPTH = 8;

    private TraceFiles() {}

    /**
     * Returns the files that a pattern names, in the order of their names.
     *
     * @param pattern a file, a folder, or a glob pattern with {@code /} between names
     * @throws ExtensionConfigurationException if that is none
     */
    static List<Path> of(String pattern) {
        Path folder = fixedPart(pattern);
        List<Path> files;
        if (isWild(pattern)) {
            PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
            files = walk(folder, matcher);
        } else if (Files.isDirectory(folder)) {
            PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:**" + Goldens.ENDING);
            files = walk(folder, path -> matcher.matches(path.toAbsolutePath()));
        } else {
            files = Files.isRegularFile(folder) ? List.of(folder) : List.of();
        }
        if (files.isEmpty()) {
            throw new ExtensionConfigurationException("@ReplayTest: no trace is named by \"%s\" in %s"
                    .formatted(pattern, Path.of("").toAbsolutePath()));
        }
        return files;
    }

    private static boolean isWild(String name) {
        return name.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
    }

    /** Returns the folders at the pattern's start that name no more than themselves. */
    private static Path fixedPart(String pattern) {
        if (!isWild(pattern)) {
            return Path.of(pattern);
        }
        int end = 0;
        for (int slash = pattern.indexOf('/'); slash >= 0; slash = pattern.indexOf('/', slash + 1)) {
            if (isWild(pattern.substring(0, slash))) {
                break;
            }
            end = slash + 1;
        }
        return Path.of(pattern.substring(0, end));
    }

    private static List<Path> walk(Path folder, PathMatcher matcher) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.walk(folder, MAX_DEPTH)) {
            return paths.filter(matcher::matches)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
