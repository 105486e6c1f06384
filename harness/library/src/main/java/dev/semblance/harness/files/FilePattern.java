package dev.semblance.harness.files;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/**
 * Files by a pattern, as shells have them, for where no shell has expanded it: {@code *}, {@code **}, {@code ?}, {@code [}
 * and braces. It is a text rather than a path, since not every pattern can be a path everywhere; {@code /} stands between
 * names on every system.
 */
public final class FilePattern {

    private static final String WILD = "*?[{";
    private static final int MAX_DEPTH = 8;

    private FilePattern() {}

    /** Tells whether a name has anything in it that makes it a pattern. */
    public static boolean isPattern(String name) {
        return name.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
    }

    /**
     * Returns the regular files that a pattern matches, in the order of their names; none if the folder that it starts
     * with is not there.
     *
     * @throws java.util.regex.PatternSyntaxException if it is no pattern
     * @throws IOException if a folder cannot be read
     */
    public static List<Path> matching(String pattern) throws IOException {
        // Where names are separated by something else, that is an escape in patterns.
        String portable = File.separatorChar == '/' ? pattern : pattern.replace(File.separatorChar, '/');
        Path folder = fixedPart(portable);
        PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + portable);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
            return files.filter(matcher::matches)
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Returns the folders at the pattern's start that name no more than themselves. */
    private static Path fixedPart(String pattern) {
        int end = 0;
        for (int slash = pattern.indexOf('/'); slash >= 0; slash = pattern.indexOf('/', slash + 1)) {
            if (isPattern(pattern.substring(0, slash))) {
                break;
            }
            end = slash + 1;
        }
        return Path.of(pattern.substring(0, end));
    }
}
