package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Part;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Watch;
import dev.semblance.machine.cpu.Watchpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who stored a pixel, as found by going back and forth, is who a machine that goes forward once is seen to store it last. The Maven profile
 * {@code blame} asks for 1000 pixels of each recording.
 */
class BlameTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final int PIXELS = Integer.getInteger("semblance.blame.pixels", 2);

    @TempDir
    Path folder;

    static List<Path> recordings() throws IOException {
        if (PIXELS < 100) {
            return List.of(RECORDINGS.resolve("modetest.trace"));
        }
        try (Stream<Path> files = Files.walk(RECORDINGS)) {
            return files.filter(file -> file.toString().endsWith(".trace"))
                    .sorted()
                    .toList();
        }
    }

    private SessionConfig config(Path trace) throws IOException {
        GuestImages images = new GuestImages(
                Optional.of(Path.of("..", "..", "buildroot-config", "guest")), new ImageCache(folder.resolve("cache")));
        try (TraceReader reader = TraceReader.open(trace)) {
            SessionImages.Search search =
                    SessionImages.find(reader.manifest(), ReplayableGpu.of(reader.manifest()), images, List.of());
            return ((SessionImages.Search.Found) search).config();
        }
    }

    private static ReplayableGpu gpu(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return ReplayableGpu.of(reader.manifest());
        }
    }

    private static TraceIndex index(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return TraceIndex.of(reader);
        }
    }

    private static Place end(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return PositionFinder.find(reader, List.of(new Position.End()))
                    .getFirst()
                    .require(trace)
                    .place();
        }
    }

    /** Pixels that guest memory went into, in the order in which they were copied. */
    private static List<Layer> somePixels(Path trace) throws IOException {
        PixelSearch search = new PixelSearch(trace, gpu(trace), end(trace));
        Random random = new Random(17);
        List<Layer> layers = new ArrayList<>();
        for (int i = 0; i < PIXELS; i++) {
            PixelSource source = search.find(0, random.nextInt(640), random.nextInt(480));
            source.foremost().filter(layer -> layer.written().isPresent()).ifPresent(layers::add);
        }
        assertThat(layers).isNotEmpty();
        return layers;
    }

    /** The last write to each pixel, heard in one run forward by the interpreter. */
    private Map<Layer, Optional<MemoryEvent>> oracle(Path trace, List<Layer> layers) throws Exception {
        Playback playback = new Playback(index(trace), config(trace), 0);
        Map<Layer, Optional<MemoryEvent>> expected = new LinkedHashMap<>();
        List<Watchpoint> points = new ArrayList<>();
        long[] addresses = new long[layers.size()];
        long[] ends = new long[layers.size()];
        for (int i = 0; i < addresses.length; i++) {
            Part part = layers.get(i).written().orElseThrow().parts().getFirst();
            addresses[i] = part.address();
            ends[i] = layers.get(i).written().orElseThrow().transfer().cycle();
            points.add(Watchpoint.ofWrites(part.address(), part.length()));
            expected.put(layers.get(i), Optional.empty());
        }
        playback.machine().watch(Watch.over(points, event -> {
            for (int i = 0; i < addresses.length; i++) {
                boolean touches =
                        event.physical() < addresses[i] + 4 && addresses[i] < event.physical() + event.length();
                if (touches && event.cycle() < ends[i]) {
                    expected.put(layers.get(i), Optional.of(event));
                }
            }
        }));
        long last = Arrays.stream(ends).max().orElseThrow();
        playback.playOn(playback.index().endOf(last), cycle -> {});
        return expected;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void theLastStoreOfAPixelIsFoundByGoingBack(Path trace) throws Exception {
        List<Layer> layers = somePixels(trace);
        Map<Layer, Optional<MemoryEvent>> expected = oracle(trace, layers);
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        playback.seek(playback.index().end());
        for (Layer layer : layers) {
            Blame.Hop hop =
                    new Blame(trace, playback, cycle -> {}).follow(layer, 0).getFirst();
            Optional<MemoryEvent> found = switch (hop.source()) {
                case WriteSource.Stored stored -> Optional.of(stored.store());
                case WriteSource.Walked walked -> Optional.of(walked.update());
                case WriteSource.ByDevice device -> Optional.of(device.write());
                case WriteSource.Loaded loaded -> Optional.empty();
            };
            assertThat(found).as("%s", layer).isEqualTo(expected.get(layer));
        }
    }

    @Test
    void aPixelOfTheConsoleComesFromTheKernelsGlyphs() throws Exception {
        // fbcon expands a glyph into a buffer (sys_imageblit), and the shadow buffer is copied by memcpy.
        Path trace = RECORDINGS.resolve("modetest.trace");
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        List<Blame.Hop> hops =
                new Blame(trace, playback, cycle -> {}).follow(somePixels(trace).getFirst(), 4);
        assertThat(hops).hasSizeGreaterThan(1);
        for (int i = 0; i + 1 < hops.size(); i++) {
            assertThat(hops.get(i).value().orElseThrow()).isInstanceOf(ValueOrigin.Copied.class);
            ValueOrigin.Copied copied = (ValueOrigin.Copied) hops.get(i).value().orElseThrow();
            assertThat(hops.get(i + 1).address()).isEqualTo(copied.physical());
        }
        assertThat(hops.getLast().value().orElseThrow()).isInstanceOf(ValueOrigin.Computed.class);
    }

    @Test
    void lookingForAStoreGoesOnlyAsFarAsItMust() throws Exception {
        Path trace = RECORDINGS.resolve("modetest.trace");
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        Layer layer = somePixels(trace).getFirst();
        new Blame(trace, playback, cycle -> {}).follow(layer, 0);
        Moment transfer =
                playback.index().endOf(layer.written().orElseThrow().transfer().cycle());
        assertThat(playback.reached()).isLessThanOrEqualTo(transfer);
    }
}
