package dev.semblance.harness.playback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** Wherever one goes in the GPU of a trace, forwards and back, it is as after a device replay up to there. */
class DevicePlaybackProperties {

    private Path folder = Path.of("");
    private Path trace = Path.of("");

    @BeforeTry
    void makeFolder() throws IOException {
        folder = Files.createTempDirectory("semblance");
        trace = folder.resolve("t.trace");
    }

    @AfterTry
    void remove() throws IOException {
        Files.deleteIfExists(trace);
        Files.delete(folder);
    }

    /** What a device replay shows that ends there. */
    private static List<Optional<Frame>> replayed(Path trace, int passed) throws IOException {
        List<Optional<Frame>> pictures = new ArrayList<>();
        FrameObserver observer = new FrameObserver() {
            @Override
            public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
                pictures.clear();
                IntStream.range(0, scanouts).mapToObj(picture).forEach(pictures::add);
            }
        };
        try (TraceReader reader = TraceReader.open(trace)) {
            assertThat(new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), observer)
                            .run(Optional.of(new Place(passed, 0, passed, passed - 1L)), cycle -> {})
                            .divergence())
                    .isEmpty();
        }
        return pictures;
    }

    private static List<Optional<Frame>> shown(DevicePlayback playback) {
        return IntStream.range(0, playback.scanouts())
                .mapToObj(playback::picture)
                .toList();
    }

    /** What can be seen of it: what is shown, and what is not yet. */
    private static List<Object> seen(DevicePlayback playback) {
        List<Object> seen = new ArrayList<>(shown(playback));
        for (long resource : playback.resources()) {
            seen.add(List.of(resource, playback.image(resource)));
        }
        return seen;
    }

    @Property(tries = 60)
    void aPlaceIsAsAfterADeviceReplayUpToThere(@ForAll long seed, @ForAll @IntRange(max = 80) int steps)
            throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        Random random = new Random(seed);
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            for (int i = 0; i < 6; i++) {
                int passed = random.nextInt(playback.index().events() + 1);
                playback.seek(passed, reached -> {});
                assertThat(playback.passed()).isEqualTo(passed);
                assertThat(shown(playback)).as("after %d events", passed).isEqualTo(replayed(trace, passed));
            }
        }
    }

    @Property(tries = 10)
    void aPlaceIsTheSameHoweverOneComesThereAndHoweverLittleIsKept(
            @ForAll long seed, @ForAll @IntRange(max = 120) int steps, @ForAll @IntRange(max = 1 << 18) int budget)
            throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<List<Object>> forward = new ArrayList<>();
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            for (int passed = 0; passed <= playback.index().events(); passed++) {
                playback.seek(passed, reached -> {});
                forward.add(seen(playback));
            }
        }
        Random random = new Random(seed);
        try (DevicePlayback playback = DevicePlayback.open(trace, budget)) {
            for (int i = 0; i < 40; i++) {
                int passed = Math.clamp(
                        random.nextBoolean() ? playback.passed() - 1L : random.nextInt(forward.size()),
                        0,
                        forward.size() - 1);
                playback.seek(passed, reached -> {});
                assertThat(seen(playback)).as("after %d events", passed).isEqualTo(forward.get(passed));
            }
        }
    }

    private static OptionalInt nearest(List<Stamped> events, Class<?> kind, int from, boolean forward) {
        IntStream ends = IntStream.rangeClosed(1, events.size())
                .filter(end -> kind.isInstance(events.get(end - 1).event()));
        return forward
                ? ends.filter(end -> end > from).min()
                : ends.filter(end -> end < from).max();
    }

    @Property(tries = 40)
    void stepsGoFromEventToEventOfAKind(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps)
            throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<Stamped> events = Recordings.events(trace);
        Random random = new Random(seed);
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            for (int i = 0; i < 30; i++) {
                int from = playback.passed();
                Landmark kind = List.of(Landmark.EVENT, Landmark.COMMAND, Landmark.FLUSH)
                        .get(random.nextInt(3));
                Class<?> wanted = switch (kind) {
                    case EVENT -> TraceEvent.class;
                    case COMMAND -> TraceEvent.Command.class;
                    case FLUSH -> TraceEvent.Flush.class;
                };
                boolean forward = random.nextBoolean();
                OptionalInt expected = nearest(events, wanted, from, forward);
                boolean moved = forward ? playback.forward(kind) : playback.back(kind);
                assertThat(moved).isEqualTo(expected.isPresent());
                assertThat(playback.passed()).isEqualTo(expected.orElse(from));
            }
        }
    }

    @Example
    void everyFlushOfARecordedGuestIsShownGoingBackAsItWasReplayedGoingForward() throws IOException {
        Path recording = Recordings.cursor();
        List<Stamped> events = Recordings.events(recording);
        List<Frame> forward = new ArrayList<>();
        FrameObserver observer = new FrameObserver() {
            @Override
            public void shown(long sequence, int scanout, Supplier<Frame> picture) {
                forward.add(picture.get());
            }
        };
        try (TraceReader reader = TraceReader.open(recording)) {
            new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), observer).run(cycle -> {});
        }
        assertThat(forward).hasSizeGreaterThan(3);
        try (DevicePlayback playback = DevicePlayback.open(recording, 8 << 20)) {
            playback.seek(events.size(), reached -> {});
            for (int i = forward.size() - 1; i >= 0; i--) {
                assertThat(playback.back(Landmark.FLUSH)).isTrue();
                assertThat(playback.picture(0)).as("flush %d", i).contains(forward.get(i));
            }
            assertThat(playback.back(Landmark.FLUSH)).isFalse();
        }
    }

    @Example
    void aFileThatHasBecomeAnotherIsNoLongerPlayed() throws IOException {
        SyntheticGuest.record(trace, 3, false, 60);
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            int events = playback.index().events();
            SyntheticGuest.record(trace, 4, false, 2);
            assertThatThrownBy(() -> playback.seek(events, reached -> {})).isInstanceOf(IOException.class);
        }
    }
}
