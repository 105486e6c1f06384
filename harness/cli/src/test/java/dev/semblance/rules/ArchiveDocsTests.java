package dev.semblance.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documentation in the archives (docs/RELEASING.md) links to what an archive has, or to the repository. */
class ArchiveDocsTests {

    private static final Path HOME = Path.of("..", "..");

    private static final String REPOSITORY = "https://github.com/semblance-dev/semblance/blob/";

    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

    @TempDir
    private Path folder = Path.of("");

    /** Makes the folder of an archive, as far as its pages link to it, and returns where their links lead. */
    private List<String> links(String version) throws IOException, InterruptedException {
        Files.copy(HOME.resolve("CHANGELOG.md"), folder.resolve("CHANGELOG.md"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HOME.resolve("harness/dist/src/build/ArchiveDocs.java").toString(),
                        HOME.resolve("docs").toString(),
                        folder.resolve("docs").toString(),
                        "https://github.com/semblance-dev/semblance",
                        version)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        List<String> links = new ArrayList<>();
        try (Stream<Path> pages = Files.list(folder.resolve("docs"))) {
            for (Path page :
                    pages.filter(file -> file.toString().endsWith(".md")).toList()) {
                Matcher link = LINK.matcher(Files.readString(page));
                while (link.find()) {
                    links.add(link.group(1));
                }
            }
        }
        return links;
    }

    private Path target(String link) {
        String file = link.replaceFirst("#.*", "");
        return link.startsWith(REPOSITORY)
                ? HOME.resolve(file.replaceFirst(REPOSITORY + "[^/]+/", ""))
                : folder.resolve("docs").resolve(file);
    }

    @Test
    void everyLinkOfAPageLeadsToAFileOfTheArchiveOrOfTheRepository() throws Exception {
        List<String> links = links("1.2.3");
        assertThat(links.stream().filter(link -> link.startsWith(REPOSITORY + "v1.2.3/")))
                .hasSizeGreaterThan(10);
        assertThat(links.stream().filter(link -> link.equals("../CHANGELOG.md")))
                .isNotEmpty();
        assertThat(links.stream()
                        .filter(link -> link.startsWith(REPOSITORY) || !link.contains("://"))
                        .filter(link -> !Files.exists(target(link))))
                .isEmpty();
    }

    @Test
    void aSnapshotLinksToTheBranch() throws Exception {
        assertThat(links("1.2.3-SNAPSHOT")).anyMatch(link -> link.startsWith(REPOSITORY + "main/"));
    }
}
