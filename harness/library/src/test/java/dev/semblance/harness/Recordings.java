package dev.semblance.harness;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.guest.images.LoadedGuest;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.guest.scenario.ScenarioParser;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.ChunkCodec;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.io.FileUtils;

/** Recordings of the shipped guest for tests. Those that several tests use are made once. */
public final class Recordings {

    /** A kernel that says little, and a console without a blinking cursor. */
    public static final String BOOTARGS = "console=ttyS0 quiet loglevel=3 vt.global_cursor_default=0";

    /** A little of everything that a scenario can do, with a cursor plane that moves. */
    public static final String CURSOR = """
            wait "rv32# " within 2e9
            type "kmscursor\\n"
            wait "kmscursor: ready" within 2e9
            settle 20e6 within 1e9
            snapshot start
            key KEY_LEFTCTRL+KEY_L
            keys "ls\\n"
            move -300 -200
            click BTN_LEFT
            settle 20e6 within 1e9
            snapshot clicked
            """;

    private static final Path FOLDER = temporaryFolder();

    private Recordings() {}

    private static final class Made {
        static final Path CURSOR_TRACE = FOLDER.resolve("cursor.trace");

        static {
            record(linux(BOOTARGS, 7), Optional.of(scenario(CURSOR)), CURSOR_TRACE);
        }
    }

    /** Returns the recording of {@link #CURSOR}. Not to be written to. */
    public static Path cursor() {
        return Made.CURSOR_TRACE;
    }

    private static Path temporaryFolder() {
        try {
            Path folder = Files.createTempDirectory("semblance-tests");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> FileUtils.deleteQuietly(folder.toFile())));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns a finder of the shipped guest with a cache of the tests' own. */
    public static GuestImages images() {
        return new GuestImages(ProjectHome.guestFolder(), new ImageCache(FOLDER.resolve("cache")));
    }

    /** Returns a bare-metal program that ships. */
    public static Path bare(String name) {
        return ProjectHome.guestFolder().orElseThrow().resolveSibling("bare").resolve(name);
    }

    /** Returns the shipped guest with a command line and a seed. */
    public static SessionConfig linux(String bootargs, long seed) {
        LoadedGuest guest = images().load(GuestSettings.NONE);
        return new SessionConfig(
                new SessionConfig.Start.Linux(guest.kernel(), guest.initrd(), Optional.empty(), bootargs),
                Optional.empty(),
                seed,
                DisplayConfig.DEFAULT);
    }

    /** Returns a run of a bare-metal program that ships. */
    public static SessionConfig bareConfig(String name) {
        try {
            return new SessionConfig(
                    new SessionConfig.Start.Bare(GuestImage.of(name, Files.readAllBytes(bare(name)))),
                    Optional.empty(),
                    0,
                    DisplayConfig.DEFAULT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Understands a scenario. */
    public static Scenario scenario(String text) {
        return ScenarioParser.parse("test.scenario", FOLDER, text);
    }

    /** Records a run. */
    public static TraceTotals record(SessionConfig config, Optional<Scenario> scenario, Path trace) {
        return record(config, scenario, trace, TraceWriter.Options.standard(), Long.MAX_VALUE);
    }

    /** Records a run. */
    public static TraceTotals record(
            SessionConfig config,
            Optional<Scenario> scenario,
            Path trace,
            TraceWriter.Options options,
            long maxCycles) {
        TraceManifest manifest = config.manifest("test", scenario.map(Scenario::text));
        try (TraceWriter writer = TraceWriter.create(trace, manifest, options)) {
            RecordingRun.Outcome outcome =
                    new RecordingRun(config, scenario, Optional.of(writer), value -> {}).run(maxCycles, cycle -> {});
            if (outcome.failure().isPresent()) {
                throw new AssertionError(outcome.failure().get());
            }
            return writer.complete();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (BadImageException e) {
            throw new AssertionError(e);
        }
    }

    /** Reads all events that can be read. */
    public static List<Stamped> events(Path trace) {
        try (TraceReader reader = TraceReader.open(trace)) {
            List<Stamped> events = new ArrayList<>();
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
            return events;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads what a trace was made with. */
    public static TraceManifest manifest(Path trace) {
        try (TraceReader reader = TraceReader.open(trace)) {
            return reader.manifest();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes a complete trace of these events, in small chunks, so that a cut leaves most of it. */
    public static Path write(Path trace, TraceManifest manifest, List<Stamped> events) {
        try (TraceWriter writer =
                TraceWriter.create(trace, manifest, new TraceWriter.Options(ChunkCodec.STORED, 16 * 1024))) {
            events.forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
            return trace;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
