package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import net.jqwik.api.lifecycle.BeforeTry;

/** docs/TOOLS.md, "Positions": a device replay up to any of them, and the pictures there. */
class PartialReplayProperties {

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
        Files.deleteIfExists(folder.resolve("other.trace"));
        Files.delete(folder);
    }

    private static ReplayOutcome replay(Path path, Optional<Position> until, FrameObserver pictures)
            throws IOException {
        Optional<Place> place = Optional.empty();
        if (until.isPresent()) {
            try (TraceReader reader = TraceReader.open(path)) {
                place = Optional.of(PositionFinder.find(reader, List.of(until.get()))
                        .getFirst()
                        .require(path)
                        .place());
            }
        }
        try (TraceReader reader = TraceReader.open(path)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), pictures).run(place, cycle -> {});
        }
    }

    private static long flushes(List<Stamped> events) {
        return events.stream()
                .filter(event -> event.event() instanceof TraceEvent.Flush)
                .count();
    }

    @Property(tries = 150)
    void aReplayUpToAnEventAgreesInAllUpToItAndKnowsNoMore(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 60) int steps) throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<Stamped> events = Recordings.events(trace);
        Random random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            int last = random.nextInt(events.size());
            ReplayOutcome outcome = replay(trace, Optional.of(new Position.OfEvent(last)), FrameObserver.NONE);
            assertThat(outcome.divergence()).isEmpty();
            assertThat(outcome.events()).isEqualTo(last + 1L);
            assertThat(outcome.flushes()).isEqualTo(flushes(events.subList(0, last + 1)));
            assertThat(outcome.status().isPresent()).isEqualTo(last == events.size() - 1);
        }
    }

    @Property(tries = 150)
    void aDifferenceCountsUpToItsEventAndNotBefore(@ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps)
            throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<Stamped> events = new ArrayList<>(Recordings.events(trace));
        List<Integer> places = IntStream.range(1, events.size())
                .filter(i -> changed(events.get(i).event()).isPresent())
                .boxed()
                .toList();
        int wrong = places.get(new Random(seed).nextInt(places.size()));
        Stamped right = events.get(wrong);
        events.set(
                wrong,
                new Stamped(
                        right.sequence(), right.cycle(), changed(right.event()).orElseThrow()));
        Path other = Recordings.write(folder.resolve("other.trace"), SyntheticGuest.manifest(), events);

        ReplayOutcome before = replay(other, Optional.of(new Position.OfEvent(wrong - 1)), FrameObserver.NONE);
        ReplayOutcome there = replay(other, Optional.of(new Position.OfEvent(wrong)), FrameObserver.NONE);

        assertThat(before.divergence()).isEmpty();
        assertThat(there.divergence().orElseThrow().expected().sequence()).isEqualTo(wrong);
    }

    @Property(tries = 100)
    void whatACommandLacksCountsUpToWhereItIsMissedAndNotBefore(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<Stamped> events = Recordings.events(trace);
        // Behind something that a command has shown already, if there is such a command.
        List<Integer> commands = IntStream.range(1, events.size())
                .filter(i -> events.get(i).event() instanceof TraceEvent.Command)
                .boxed()
                .toList();
        List<Integer> shown = commands.stream()
                .filter(i -> isOfCommand(events.get(i - 1).event()))
                .toList();
        List<Integer> places = shown.isEmpty() ? commands : shown;
        int extra = places.get(new Random(seed).nextInt(places.size()));
        List<Stamped> longer = new ArrayList<>(events.subList(0, extra));
        longer.add(new Stamped(extra, events.get(extra).cycle(), new TraceEvent.Flush(0, 1, 1, 1)));
        events.subList(extra, events.size())
                .forEach(event -> longer.add(new Stamped(event.sequence() + 1, event.cycle(), event.event())));
        Path other = Recordings.write(folder.resolve("other.trace"), SyntheticGuest.manifest(), longer);

        ReplayOutcome before = replay(other, Optional.of(new Position.OfEvent(extra - 1)), FrameObserver.NONE);
        ReplayOutcome there = replay(other, Optional.of(new Position.OfEvent(extra)), FrameObserver.NONE);

        assertThat(before.divergence()).isEmpty();
        assertThat(there.divergence().orElseThrow().expected().sequence()).isEqualTo(extra);
    }

    /** An event that the device makes, with something in it that it does not make. */
    private static Optional<TraceEvent> changed(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Flush flush ->
                Optional.of(new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1));
            case TraceEvent.Cursor cursor ->
                Optional.of(new TraceEvent.Cursor(
                        cursor.scanout(),
                        cursor.image().isPresent()
                                ? OptionalLong.of(cursor.image().getAsLong() ^ 1)
                                : OptionalLong.of(1),
                        cursor.x(),
                        cursor.y(),
                        cursor.hotX(),
                        cursor.hotY()));
            case TraceEvent.Command c ->
                Optional.of(new TraceEvent.Command(
                        c.device(),
                        c.queue(),
                        c.head(),
                        c.descriptors(),
                        c.payload(),
                        c.usedLength() ^ 1,
                        c.notification()));
            case TraceEvent.ConfigRead read ->
                Optional.of(new TraceEvent.ConfigRead(read.device(), read.offset(), read.width(), read.value() ^ 1));
            default -> Optional.empty();
        };
    }

    /** The pictures of both scanouts before each event that was told, and at the end. */
    private static final class Seen implements FrameObserver {
        private final TreeMap<Long, List<Long>> digests = new TreeMap<>();

        @Override
        public void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {
            digests.put(
                    sequence,
                    IntStream.range(0, scanouts)
                            .mapToObj(scanout ->
                                    picture.apply(scanout).orElseThrow().digest())
                            .toList());
        }

        /** The pictures right after an event: nothing is shown between two of which one is told. */
        List<Long> after(long sequence) {
            return digests.ceilingEntry(sequence + 1).getValue();
        }
    }

    @Property(tries = 100)
    void thePicturesAfterAnEventAreThoseOfATraceThatEndsThere(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        List<Stamped> events = Recordings.events(trace);
        Seen whole = new Seen();
        replay(trace, Optional.empty(), whole);
        Random random = new Random(seed);
        for (int i = 0; i < 4; i++) {
            int last = random.nextInt(events.size() - 1);
            if (isOfCommand(events.get(last).event())
                    || isOfCommand(events.get(last + 1).event())) {
                // A trace that ends there lacks the command that shows it, or shows all that follows from a reset.
                continue;
            }
            List<Stamped> cut = new ArrayList<>(events.subList(0, last + 1));
            cut.add(new Stamped(
                    cut.size(),
                    cut.getLast().cycle(),
                    new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
            Path other = Recordings.write(folder.resolve("other.trace"), SyntheticGuest.manifest(), cut);
            Seen ended = new Seen();
            replay(other, Optional.empty(), ended);
            assertThat(whole.after(last)).isEqualTo(ended.digests.lastEntry().getValue());
        }
    }

    private static boolean isOfCommand(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            case TraceEvent.RequestPart part -> true;
            default -> false;
        };
    }

    @Property(tries = 100)
    void thePictureAfterAFlushIsTheOneThatWasFlushedUnderTheCursor(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 60) int steps) throws IOException {
        SyntheticGuest.record(trace, seed, false, steps);
        Seen seen = new Seen();
        TreeMap<Long, Long> shown = new TreeMap<>();
        TreeMap<Long, Integer> scanouts = new TreeMap<>();
        replay(trace, Optional.empty(), new FrameObserver() {
            @Override
            public void shown(long sequence, int scanout, Supplier<Frame> picture) {
                shown.put(sequence, picture.get().digest());
                scanouts.put(sequence, scanout);
            }

            @Override
            public void reached(long sequence, int count, IntFunction<Optional<Frame>> picture) {
                seen.reached(sequence, count, picture);
            }
        });
        assertThat(shown).hasSize((int) flushes(Recordings.events(trace)));
        shown.forEach((sequence, digest) -> assertThat(seen.after(sequence).get(scanouts.getOrDefault(sequence, -1)))
                .isEqualTo(digest));
    }
}
