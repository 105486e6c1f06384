package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A path becomes text that is the same on every system by its parts ({@code FileNames.divided}), and not by another sign in
 * the place of each backslash: but for Windows, that is a letter of a name like others.
 */
class PathTextTests {

    private static final Pattern REPLACED = Pattern.compile(
            "replace(?:All)?\\(\\s*(?:'\\\\\\\\'|\"\\\\\\\\+\"|(?:\\w+\\.)*separator(?:Char)?)\\s*,\\s*['\"]/");

    /** Replaces it in a pattern of names, which is no path, and only where the system's paths are divided by it. */
    private static final String PATTERNS = "InputFiles.java";

    /** {@return the main sources of all modules in which something is found, but for one} */
    private static List<String> with(Pattern wrong, String butFor) throws IOException {
        List<String> found = new ArrayList<>();
        int files = 0;
        for (String module : List.of("../../machine", "../../gpu", "../library", "../junit", "../cli")) {
            try (Stream<Path> all = Files.walk(Path.of(module, "src/main/java"))) {
                for (Path file :
                        all.filter(one -> one.toString().endsWith(".java")).toList()) {
                    files++;
                    if (!file.endsWith(butFor)
                            && wrong.matcher(Files.readString(file)).find()) {
                        found.add(file.toString());
                    }
                }
            }
        }
        assertThat(files).isGreaterThan(300);
        return found;
    }

    @Test
    void noBackslashOfAPathIsTakenForWhatDividesIt() throws IOException {
        assertThat(with(REPLACED, PATTERNS)).isEmpty();
    }

    @Test
    void whatTheNamesOfTracesEndInIsSaidInOnePlace() throws IOException {
        assertThat(with(Pattern.compile(Pattern.quote("\".trace\"")), "InputFiles.java"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "path.toString().replace('\\\\', '/')",
                "name.replace(\"\\\\\", \"/\")",
                "name.replaceAll(\"\\\\\\\\\", \"/\")",
                "name.replace(File.separatorChar, '/')",
                "name.replace(File.separator, \"/\")"
            })
    void whatReplacesItIsSeen(String code) {
        assertThat(REPLACED.matcher(code).find()).isTrue();
    }
}
