package dev.semblance.harness.edit.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.scenario.ScenarioMaker.Made;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/SCENARIOS.md, "From a session to a test", with the guests that ship: scenarios of all recordings, and of three minutes by key and
 * mouse on the console and on X11, take the same snapshots. Minutes: the Maven profile {@code sessions} has them.
 */
class HandMadeScenarios {

    @TempDir
    private Path folder = Path.of("");

    private static SessionConfig config(TraceManifest manifest) throws IOException {
        return switch (SessionImages.find(
                Path.of("a.trace"), manifest, ReplayableGpu.of(manifest), GuestImages.ofUser(), List.of())) {
            case SessionImages.Search.Found found ->
                found.config().translatedBy(Optional.of(Translators.inBackground()));
            case SessionImages.Search.NotFound notFound -> throw new AssertionError(notFound.reason());
        };
    }

    private static Made made(Path trace) throws IOException, BadImageException {
        try (TraceReader reader = TraceReader.open(trace)) {
            RecordedSession session = RecordedSession.read(reader);
            GuestImages images = GuestImages.ofUser();
            return new ScenarioMaker(
                            session,
                            String.valueOf(trace.getFileName()),
                            "made.scenario",
                            image -> images.shipped(image.sha256(), image.file()))
                    .verified(config(session.manifest()), () -> false, cycle -> {});
        }
    }

    private Path play(Person person, SessionConfig config) throws IOException, BadImageException {
        Path trace = folder.resolve("played.trace");
        try (TraceWriter writer = TraceWriter.create(trace, config.manifest("test", Optional.empty()))) {
            person.sitDown(config, writer);
            writer.complete();
        }
        return trace;
    }

    private static Path project() {
        return ProjectHome.guestFolder()
                .orElseThrow()
                .toAbsolutePath()
                .resolve("../..")
                .normalize();
    }

    static List<Path> recordings() throws IOException {
        try (Stream<Path> files = Files.walk(project().resolve("recordings"))) {
            return files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void theScenarioOfARecordingTakesItsSnapshots(Path trace) throws IOException, BadImageException {
        Made made = made(trace);
        assertThat(made.unlike()).as(made.text()).isEmpty();
        assertThat(made.timed()).as(made.text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theScenarioOfThreeMinutesOnTheConsoleTakesTheSameSnapshots(long seed) throws IOException, BadImageException {
        Person person = HandMadeSessions.console(seed);
        assertThat(person.time()).isBetween(100_000.0, 240_000.0);
        Made made = made(play(person, Recordings.linux(Recordings.BOOTARGS, seed)));
        assertThat(made.unlike()).as(made.text()).isEmpty();
        assertThat(made.timed()).as(made.text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void theScenarioOfThreeMinutesOnX11TakesTheSameSnapshots(long seed) throws IOException, BadImageException {
        Person person = HandMadeSessions.desktop(seed);
        assertThat(person.time()).isBetween(120_000.0, 240_000.0);
        Path desktop = project().resolve("recordings/desktop/x-session.trace");
        Made made = made(play(person, config(Recordings.manifest(desktop))));
        assertThat(made.unlike()).as(made.text()).isEmpty();
        assertThat(made.timed()).as(made.text()).isEmpty();
    }
}
