package dev.semblance.harness.playback.blame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.semblance.gpu.display.Display;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
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
    private static final long PAGE = 4096;

    /** What one watchpoint may cover of what is asked for, and of what is not. */
    private static final long JOINED = 16 << 20;

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
            SessionImages.Search search = SessionImages.find(
                    Path.of("a.trace"), reader.manifest(), ReplayableGpu.of(reader.manifest()), images, List.of());
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

    /** Pixels that guest memory went into: of the picture at the end, wherever it has any. */
    private static List<Layer> somePixels(Path trace) throws IOException {
        PixelSearch search = new PixelSearch(trace, gpu(trace), end(trace));
        Display display = gpu(trace).displays().display(0);
        Random random = new Random(17);
        List<PixelSearch.Pixel> pixels = new ArrayList<>();
        for (int i = 0; i < PIXELS; i++) {
            pixels.add(new PixelSearch.Pixel(
                    random.nextInt(Math.min(640, display.width())), random.nextInt(Math.min(480, display.height()))));
        }
        return search.find(0, pixels).stream()
                .flatMap(source -> source.foremost().stream())
                .filter(layer -> layer.written().isPresent())
                // One transfer after the other, so that the machine goes back the way once.
                .sorted(Comparator.comparingLong((Layer layer) ->
                        -layer.written().orElseThrow().transfer().cycle()))
                .toList();
    }

    /** A pixel's part of memory, and what was last seen to be written to it in time. */
    private static final class Logged {
        private final Part part;
        private final long end;
        private Optional<MemoryEvent> last = Optional.empty();

        Logged(Layer layer) {
            part = layer.written().orElseThrow().parts().getFirst();
            end = layer.written().orElseThrow().transfer().cycle();
        }

        void hear(MemoryEvent event) {
            boolean touches = event.physical() < part.address() + part.length()
                    && part.address() < event.physical() + event.length();
            if (touches && event.cycle() < end) {
                last = Optional.of(event);
            }
        }
    }

    /** The last write to each pixel, heard in one run forward in which every store to their pages is looked at. */
    private List<Optional<MemoryEvent>> oracle(Path trace, List<Layer> layers) throws Exception {
        List<Logged> logs = layers.stream().map(Logged::new).toList();
        TreeMap<Long, List<Logged>> byWord = new TreeMap<>();
        List<Watchpoint> points = new ArrayList<>();
        long watched = -1;
        for (Logged log : logs.stream()
                .sorted(Comparator.comparingLong(log -> log.part.address()))
                .toList()) {
            long page = log.part.address() & -PAGE;
            if (page >= watched) {
                points.add(Watchpoint.ofWrites(page, PAGE));
                watched = page + PAGE;
            }
            byWord.computeIfAbsent(log.part.address(), address -> new ArrayList<>())
                    .add(log);
        }
        SessionConfig config = config(trace);
        // The interpreter alone, and for as many pixels as there are in the profile what is as fast as the runs that it
        // is held against.
        Playback playback = new Playback(
                index(trace), PIXELS < 100 ? config : config.translatedBy(Optional.of(Translators.inBackground())), 0);
        playback.machine()
                .watch(Watch.over(
                        joined(points),
                        event -> byWord.subMap(event.physical() - Long.BYTES, event.physical() + event.length())
                                .values()
                                .forEach(there -> there.forEach(log -> log.hear(event)))));
        long last = logs.stream().mapToLong(log -> log.end).max().orElseThrow();
        playback.playOn(playback.index().endOf(last), cycle -> {});
        return logs.stream().map(log -> log.last).toList();
    }

    /** Fewer of them, with what lies in between: each access to a watched page is held against each. */
    private static List<Watchpoint> joined(List<Watchpoint> points) {
        List<Watchpoint> joined = new ArrayList<>();
        for (Watchpoint point : points) {
            if (!joined.isEmpty() && point.address() - joined.getLast().address() < JOINED) {
                long start = joined.removeLast().address();
                joined.add(Watchpoint.ofWrites(start, point.address() + point.length() - start));
            } else {
                joined.add(point);
            }
        }
        return joined;
    }

    @ParameterizedTest
    @MethodSource("recordings")
    void theLastStoreOfAPixelIsFoundByGoingBack(Path trace) throws Exception {
        List<Layer> layers = somePixels(trace);
        assumeThat(layers).isNotEmpty();
        List<Optional<MemoryEvent>> expected = oracle(trace, layers);
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        playback.seek(playback.index().end());
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            Blame.Hop hop = new Blame(trace, playback, SymbolFiles.NONE, cycle -> {})
                    .follow(layer, 0)
                    .getFirst();
            Optional<MemoryEvent> found = switch (hop.source()) {
                case WriteSource.Stored stored -> Optional.of(stored.store());
                case WriteSource.Walked walked -> Optional.of(walked.update());
                case WriteSource.ByDevice device -> Optional.of(device.write());
                case WriteSource.Loaded loaded -> Optional.empty();
            };
            assertThat(found).as("%s", layer).isEqualTo(expected.get(i));
        }
    }

    @Test
    void aPixelOfTheConsoleComesFromTheKernelsGlyphs() throws Exception {
        // fbcon expands a glyph into a buffer (sys_imageblit), and the shadow buffer is copied by memcpy.
        Path trace = RECORDINGS.resolve("modetest.trace");
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        List<Blame.Hop> hops = new Blame(trace, playback, SymbolFiles.NONE, cycle -> {})
                .follow(somePixels(trace).getFirst(), 4);
        assertThat(hops).hasSizeGreaterThan(1);
        for (int i = 0; i + 1 < hops.size(); i++) {
            ValueOrigin.Copied load =
                    hops.get(i).value().flatMap(ValueOrigin::followed).orElseThrow();
            assertThat(hops.get(i + 1).address()).isEqualTo(load.physical() + load.lane());
        }
        assertThat(hops.getFirst().value().orElseThrow()).as("what was copied").isInstanceOf(ValueOrigin.Copied.class);
        assertThat(hops.get(1).value().orElseThrow())
                .as("what was made of the glyph and two colours")
                .isInstanceOfSatisfying(
                        ValueOrigin.Computed.class,
                        computed -> assertThat(computed.loads()).isNotEmpty());
    }

    @Test
    void lookingForAStoreGoesOnlyAsFarAsItMust() throws Exception {
        Path trace = RECORDINGS.resolve("modetest.trace");
        Playback playback =
                new Playback(index(trace), config(trace).translatedBy(Optional.of(Translators.inBackground())));
        Layer layer = somePixels(trace).getFirst();
        new Blame(trace, playback, SymbolFiles.NONE, cycle -> {}).follow(layer, 0);
        Moment transfer =
                playback.index().endOf(layer.written().orElseThrow().transfer().cycle());
        assertThat(playback.reached()).isLessThanOrEqualTo(transfer);
    }
}
