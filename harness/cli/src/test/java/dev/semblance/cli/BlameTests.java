package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/DEBUGGING.md, "blame": the verb, and what a replay says of the first pixel that differs. */
class BlameTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        CliEnvironment environment =
                Environments.of(new Terminal(new PrintWriter(out), new PrintWriter(err), false), Recordings::images);
        return Semblance.run(environment, words);
    }

    private Path withAnotherGolden() throws IOException {
        Path trace = Files.copy(Recordings.cursor(), folder.resolve("c.trace"));
        Path golden = folder.resolve("golden");
        run("approve", "--golden", golden.toString(), trace.toString());
        Files.copy(golden.resolve("c/start.png"), golden.resolve("c/clicked.png"), StandardCopyOption.REPLACE_EXISTING);
        out.getBuffer().setLength(0);
        return trace;
    }

    private int replay(Path trace, String kind) {
        List<String> golden = List.of("--golden", folder.resolve("golden").toString());
        return run(
                "replay",
                kind,
                golden.getFirst(),
                golden.getLast(),
                "--report",
                folder.resolve("report").toString(),
                trace.toString());
    }

    @Test
    void aReplaySaysWhereTheFirstPixelThatDiffersCameFrom() throws IOException {
        Path trace = withAnotherGolden();
        assertThat(replay(trace, "--machine")).isEqualTo(ExitCode.MISMATCH.code());
        assertThat(out.toString())
                .containsPattern(
                        "The pixel at \\([0-9]+, [0-9]+\\) was copied by TRANSFER_TO_HOST_2D #[0-9]+ @[0-9,]+ from guest"
                                + " memory at 0x[0-9a-f]+, where s[bhw] .* at 0x[0-9a-f]+ \\w+\\+0x[0-9a-f]+(, progs/kmscursor.c:[0-9]+)? stored it @[0-9,]+;"
                                + " semblance blame --at snapshot:clicked --pixel");
        assertThat(folder.resolve("report/index.html")).content().contains("was copied by TRANSFER_TO_HOST_2D");
    }

    @Test
    void aDeviceReplaySaysOfItWhatTheTraceTellsAlone() throws IOException {
        Path trace = withAnotherGolden();
        assertThat(replay(trace, "--device")).isEqualTo(ExitCode.MISMATCH.code());
        assertThat(out.toString())
                .containsPattern(
                        "was copied by TRANSFER_TO_HOST_2D #[0-9]+ @[0-9,]+ from guest memory at 0x[0-9a-f]+;");
    }

    @Test
    void aProgramOfTheShippedGuestIsNamedWithItsLineOfC() {
        // kmscursor draws tiles; the pixel is its own store, and no copy of one.
        assertThat(blame()).isEqualTo(ExitCode.PASS.code());
        assertThat(out.toString())
                .containsPattern(
                        "stored @[0-9,]+ by sw .* at 0x[0-9a-f]+ main\\+0x[0-9a-f]+, progs/kmscursor.c:107 \\(user mode\\)")
                .containsPattern("computed @[0-9,]+ by .* main\\+0x[0-9a-f]+, progs/kmscursor.c:106");
    }

    @Test
    void anotherProgramThatIsLinkedForTheSameAddressesNamesNothing() {
        assertThat(blame("--symbols", "none", "--symbols", "shipped:kmsdraw.debug"))
                .isEqualTo(ExitCode.PASS.code());
        assertThat(out.toString())
                .containsPattern("stored @[0-9,]+ by sw .* at 0x[0-9a-f]+ \\(user mode\\)")
                .doesNotContain("progs/", "called from");
    }

    private int blame(String... symbols) {
        List<String> words = new ArrayList<>(
                List.of("blame", Recordings.cursor().toString(), "--at", "snapshot:start", "--pixel", "300,300"));
        words.addAll(List.of(symbols));
        return run(words.toArray(String[]::new));
    }

    /** docs/SCENARIOS.md, "Going on from a recording": what a preamble has uploaded nobody stored there. */
    @Test
    void aPixelThatIsOlderThanAChildIsItsParents() {
        Path child = Path.of("..", "..", "recordings", "desktop", "x-eyes.trace");
        assertThat(run("blame", child.toString(), "--at", "event:51", "--pixel", "300,330"))
                .isEqualTo(ExitCode.PASS.code());
        assertThat(out.toString())
                .contains("who stored it there is not known: it is older than this trace, which goes on from"
                        + " x-session.trace; semblance blame x-session.trace --at event:2385 tells")
                .doesNotContain("  stored @");
    }

    /** docs/MINIMIZING.md, "With its machine": a machine that begins in a stored state was not switched on there. */
    @Test
    void aPixelThatIsOlderThanACutTraceIsOfTheTraceThatItWasCutFrom() {
        Path cut = folder.resolve("moved.trace");
        assertThat(run(
                        "trim",
                        "--machine",
                        Path.of("..", "..", "recordings", "cursor.trace").toString(),
                        "--from",
                        "snapshot:moved",
                        "-o",
                        cut.toString()))
                .as(err.toString())
                .isEqualTo(ExitCode.PASS.code());
        assertThat(run("blame", cut.toString(), "--pixel", "300,300")).isEqualTo(ExitCode.PASS.code());
        assertThat(out.toString())
                .contains("since before the first event of this trace, which begins @118,344,728 in a stored state;"
                        + " the trace that it was cut from tells")
                .doesNotContain("switched on");
    }

    /** What the trace of a child tells it tells without its parent. */
    @Test
    void aChildWithoutItsParentTellsWhatItsTraceTells() throws IOException {
        Path child = Files.copy(
                Path.of("..", "..", "recordings", "desktop", "x-eyes.trace"), folder.resolve("x-eyes.trace"));
        assertThat(run("blame", child.toString(), "--pixel", "300,330")).isEqualTo(ExitCode.PASS.code());
        assertThat(out.toString())
                .contains(
                        "copied by TRANSFER_TO_HOST_2D", "who stored it there is not known: its parent x-session.trace")
                .contains("is not beside it");
        assertThat(run("debug", child.toString())).isEqualTo(ExitCode.INCOMPATIBLE.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "1,", "1;2", "-1,2", "123456,1"})
    void whatIsNoPixelIsAUsageError(String pixel) {
        assertThat(run("blame", Recordings.cursor().toString(), "--pixel=" + pixel))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("--pixel wants a column and a row");
    }

    @Test
    void aPixelOutsideAndAScanoutThatIsNotThereAreUsageErrors() {
        assertThat(run("blame", Recordings.cursor().toString(), "--pixel", "5000,1"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(run("blame", Recordings.cursor().toString(), "--pixel", "1,1", "--scanout", "3"))
                .isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains("outside of the picture", "there is no scanout 3");
    }
}
