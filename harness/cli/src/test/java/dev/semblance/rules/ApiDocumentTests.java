package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/API.md, held against what it speaks of. */
class ApiDocumentTests {

    private static final Path HOME = Path.of("..", "..");
    private static final Pattern CODE = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
    private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(dev\\.semblance[a-z.]*)` \\|");
    private static final Pattern EXPORTED = Pattern.compile("exports (dev\\.semblance[a-z.]*);");
    private static final Pattern IMPORTED = Pattern.compile("import (dev\\.semblance[a-z.]*)\\.[A-Z]");

    @Test
    void everyExampleIsInATestThatRuns() throws IOException {
        List<String> sources = new ArrayList<>();
        for (Path example : examples()) {
            sources.add(flat(Files.readString(example)));
        }

        List<String> shown = all(CODE, document());

        assertThat(shown)
                .hasSize(3)
                .allSatisfy(code -> assertThat(sources)
                        .as("the tests in harness/examples that hold\n%s", code)
                        .anySatisfy(source -> assertThat(source).contains(flat(code))));
    }

    @Test
    void theExamplesNeedOnlyWhatIsExportedToEverybody() throws IOException {
        TreeSet<String> imported = new TreeSet<>();
        for (Path example : examples()) {
            imported.addAll(all(IMPORTED, Files.readString(example)));
        }

        assertThat(imported).hasSizeGreaterThan(5);
        assertThat(exported()).containsAll(imported);
    }

    @Test
    void thePackagesListedAreThoseThatAreExportedToEverybody() throws IOException {
        assertThat(all(LISTED, document())).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(exported());
    }

    private static String document() throws IOException {
        return Files.readString(HOME.resolve("docs/API.md"));
    }

    private static List<Path> examples() throws IOException {
        try (Stream<Path> files = Files.list(HOME.resolve("harness/examples/src/test/java/org/example/api"))) {
            return files.sorted().toList();
        }
    }

    private static Set<String> exported() throws IOException {
        TreeSet<String> packages = new TreeSet<>();
        for (String module : List.of("machine", "gpu", "harness/library")) {
            packages.addAll(all(EXPORTED, Files.readString(HOME.resolve(module + "/src/main/java/module-info.java"))));
        }
        return packages;
    }

    private static List<String> all(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    /** Lines without what they are indented by, since a document has no class around its code. */
    private static String flat(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n"));
    }
}
