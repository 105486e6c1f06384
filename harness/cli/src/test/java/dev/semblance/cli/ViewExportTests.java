package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/VIEWER.md, the page in a file: what {@code view --export} takes, refuses and says. */
class ViewExportTests {

    private static final Path TRACE = Path.of("..", "..", "recordings", "modetest.trace");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return Semblance.run(Environments.of(terminal, Recordings::images), words);
    }

    private void assertMisused(String sentence, String... words) {
        assertThat(run(words)).as(err.toString()).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains(sentence);
    }

    @Test
    void itsNameAndSizeAreToldAndWhatWasThereIsReplaced() throws IOException {
        Path page = Files.writeString(folder.resolve("page.html"), "what was there");
        assertThat(run("view", TRACE.toString(), "--export", page.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS.code());
        String size = String.join(",", Long.toString(Files.size(page)).split("(?=(?:[0-9]{3})+$)"));
        assertThat(out.toString().strip()).isEqualTo(page + ": " + size + " bytes");
        assertThat(err.toString()).isEmpty();
        assertThat(page).content().startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        // Of the same trace the same page, whenever it is made.
        byte[] first = Files.readAllBytes(page);
        run("view", TRACE.toString(), "--export", page.toString());
        assertThat(page).hasBinaryContent(first);
    }

    @Test
    void whatGoesWithAPageThatIsServedOrWithOneThatIsWrittenIsNotMixed() {
        String trace = TRACE.toString();
        String other = TRACE.resolveSibling("disk.trace").toString();
        String page = folder.resolve("page.html").toString();
        assertMisused("--from, --to and --max-size go with --export FILE", "view", trace, "--from", "flush:1");
        assertMisused("--from, --to and --max-size go with --export FILE", "view", trace, "--max-size", "5M");
        assertMisused("--port and --no-open go without --export", "view", trace, "--export", page, "--no-open");
        assertMisused("--export takes one trace, and these are 2 traces", "view", trace, other, "--export", page);
        assertMisused("is a folder; name the file to write", "view", trace, "--export", folder.toString());
        assertMisused("no event of", "view", trace, "--export", page, "--from", "300", "--to", "200");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theTraceIsNotWrittenOver() throws IOException {
        Path copy = Files.copy(TRACE, folder.resolve("copy.trace"));
        assertMisused("is a file that is read", "view", copy.toString(), "--export", copy.toString());
        assertThat(copy).hasSameBinaryContentAs(TRACE);
    }

    @Test
    void aPartThatTakesMoreThanThePageMayHaveIsRefusedAndAShorterOneIsNot() {
        String trace = TRACE.toString();
        Path page = folder.resolve("page.html");
        assertMisused(
                "name a shorter range with --from and --to, or allow more with --max-size",
                "view",
                trace,
                "--export",
                page.toString(),
                "--max-size",
                "84K");
        assertThat(err.toString()).containsPattern("so much is needed up to event [0-9]+");
        assertThat(folder).isEmptyDirectory();
        String[] shorter = {"view", trace, "--export", page.toString(), "--max-size", "84K", "--to", "event:40"};
        assertThat(run(shorter)).as(err.toString()).isEqualTo(ExitCode.PASS.code());
        assertThat(page).isRegularFile();
        Stream.of("0", "20MB", "501M", "-1", "1.5M", "9999999999")
                .forEach(size -> assertMisused(
                        "a size is a number of bytes up to 500M, such as 800000, 500K or 50M; not '" + size + "'",
                        Stream.concat(Arrays.stream(shorter).limit(5), Stream.of(size))
                                .toArray(String[]::new)));
    }
}
