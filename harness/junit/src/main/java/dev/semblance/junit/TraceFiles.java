package dev.semblance.junit;

import dev.semblance.harness.Text;
import dev.semblance.harness.files.FilePattern;
import dev.semblance.harness.replay.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;

/** The traces that a {@link ReplayTest} names. */
final class TraceFiles {

    private static final int MAX_DEPTH = 8;

    private TraceFiles() {}

    /**
     * Returns the files that a pattern names, in the order of their names.
     *
     * @param pattern a file, a folder, or a glob pattern with {@code /} between names
     * @throws ExtensionConfigurationException if that is none
     */
    static List<Path> of(String pattern) {
        List<Path> files;
        try {
            if (FilePattern.isPattern(pattern)) {
                files = FilePattern.matching(pattern);
            } else if (Files.isDirectory(Path.of(pattern))) {
                files = inFolder(Path.of(pattern));
            } else {
                files = Stream.of(Path.of(pattern)).filter(Files::isRegularFile).toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (files.isEmpty()) {
            throw new ExtensionConfigurationException(Text.format(
                    "@ReplayTest: no trace is named by \"%s\" in %s",
                    pattern, Path.of("").toAbsolutePath()));
        }
        return files;
    }

    private static List<Path> inFolder(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder, MAX_DEPTH)) {
            return paths.filter(path -> path.toString().endsWith(Goldens.ENDING))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
