package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.TraceManifest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/SCENARIOS.md, "From a session to a test": what the verb says and how it ends. */
class ScenarioCommandTests {

    @TempDir
    private Path folder = Path.of("");

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();
    private Supplier<GuestImages> images = Recordings::images;

    private int run(Object... args) {
        Terminal terminal = Terminal.of(out, StandardCharsets.UTF_8, new PrintWriter(err, true), false);
        return Semblance.run(
                Environments.of(terminal, images),
                Arrays.stream(args).map(Object::toString).toArray(String[]::new));
    }

    private static Path project() {
        return Path.of("").toAbsolutePath().resolve("../..").normalize();
    }

    @Test
    void aScenarioThatTakesTheSameSnapshotsIsASuccess() throws IOException {
        Path scenario = folder.resolve("cursor.scenario");
        assertThat(run("scenario", project().resolve("recordings/cursor.trace"), "-o", scenario))
                .as(err.toString())
                .isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith(scenario + ": 5 of 5 snapshots as in ")
                .endsWith("recordings/cursor.trace, recorded 1 time\n");
        assertThat(err).hasToString("");
        assertThat(Files.readString(scenario)).contains("point 212 184\n", "click BTN_LEFT\n", "snapshot moved\n");
    }

    /** The guest's lines are those of the session's machine: recorded by them alone, it has the same manifest. */
    @Test
    void theLinesAtTheTopMakeTheSessionsMachineAgain() throws IOException {
        for (String name : List.of("two-heads", "desktop/modetest")) {
            Path trace = project().resolve("recordings/" + name + ".trace");
            Path file = folder.resolve("made.scenario");
            assertThat(run("scenario", "--no-verify", trace, "-o", file))
                    .as(err.toString())
                    .isZero();
            Scenario scenario = ScenarioParser.read(file);
            SessionConfig config = GuestConfigs.of(
                    new GuestOptions.Guest(scenario.guest(), Optional.empty(), Optional.empty()), Recordings.images());
            TraceManifest recorded = Recordings.manifest(trace);
            assertThat(config.manifest(recorded.toolVersion(), recorded.scenario()))
                    .isEqualTo(recorded);
        }
    }

    @Test
    void withoutImagesItIsWrittenAndItIsSaidThatItWasNotRecorded() {
        images = () -> new GuestImages(Optional.empty(), new ImageCache(folder.resolve("empty")));
        Path scenario = folder.resolve("s.scenario");
        assertThat(run("scenario", Recordings.cursor(), "-o", scenario)).isEqualTo(5);
        assertThat(err.toString())
                .startsWith("semblance: " + scenario + " was not recorded")
                .contains("--images");
        assertThat(out.size()).isZero();
        assertThat(scenario).content().contains("kernel Image  # beside this file; SHA-256 ", "snapshot clicked\n");
    }

    @Test
    void whatIsNotComparedIsNotSaidToBeTheSame() {
        assertThat(run("scenario", "--no-verify", Recordings.cursor())).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .startsWith("# Made of cursor.trace.\n")
                .doesNotContain("as in");
        assertThat(err).hasToString("standard output: 3 snapshots, and none was compared\n");
    }
}
