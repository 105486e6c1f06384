package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.trim.RangeFinder.Range;
import dev.semblance.harness.edit.trim.TracePosition.Unit;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** docs/MINIMIZING.md: a range is widened to whole notifications. */
class RangeFinderProperties {

    private static final int GPU = 4;

    /** A batch of commands: its Notify, and the last event of it. */
    private record Batch(int first, int last) {}

    @Provide
    Arbitrary<Optional<TracePosition>> bounds() {
        return Combinators.combine(
                        Arbitraries.of(Unit.class), Arbitraries.integers().between(0, 70))
                .as((unit, number) -> new TracePosition(unit, unit == Unit.FLUSH ? number / 5 : number))
                .optional();
    }

    @Property(tries = 400)
    void theRangeIsTheEventsBetweenItsBoundsAndTheRestOfTheirBatches(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int length,
            @ForAll("bounds") Optional<TracePosition> from,
            @ForAll("bounds") Optional<TracePosition> to)
            throws IOException {
        List<Stamped> events = events(new Random(seed), length);
        Path folder = Files.createTempDirectory("semblance");
        Path trace = Recordings.write(folder.resolve("t.trace"), TraceFiles.MANIFEST, events);
        try (TraceReader reader = TraceReader.open(trace)) {
            assertThat(RangeFinder.find(reader, GPU, from, to)).isEqualTo(expected(events, from, to));
        } finally {
            Files.delete(trace);
            Files.delete(folder);
        }
    }

    /** Events of all kinds, several of them at most cycles, with an End. */
    private static List<Stamped> events(Random random, int length) {
        List<Stamped> events = new ArrayList<>();
        long cycle = 0;
        for (int i = 0; i < length; i++) {
            cycle += random.nextInt(4) == 0 ? random.nextInt(4) : 0;
            events.add(new Stamped(i, cycle, event(random)));
        }
        events.add(new Stamped(length, cycle, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
        return events;
    }

    private static TraceEvent event(Random random) {
        int device = random.nextInt(6) == 0 ? 1 : GPU;
        return switch (random.nextInt(14)) {
            case 0, 1, 2 -> new TraceEvent.Notify(device, 0);
            case 3 -> new TraceEvent.Memory(device, List.of(new TraceEvent.Bytes(0, new byte[2])));
            case 4 -> new TraceEvent.RequestPart(device, 0, new byte[3]);
            case 5, 6 ->
                new TraceEvent.Command(
                        device,
                        0,
                        0,
                        List.of(),
                        new TraceEvent.Payload.Full(new byte[0], new byte[0]),
                        0,
                        Notification.SENT);
            case 7, 8, 9 -> new TraceEvent.Flush(0, 1, 1, 1);
            case 10 -> new TraceEvent.ScanoutDisabled(0);
            case 11 -> new TraceEvent.Cursor(0, OptionalLong.empty(), 0, 0, 0, 0);
            case 12 -> new TraceEvent.NeedsReset(device);
            default -> random.nextBoolean() ? new TraceEvent.ConsoleOutput((byte) 1) : new TraceEvent.Reset(device);
        };
    }

    /** The rule, event by event. */
    private static Optional<Range> expected(
            List<Stamped> events, Optional<TracePosition> from, Optional<TracePosition> to) {
        List<Batch> batches = batches(events);
        int first = 0;
        while (first < events.size() && from.isPresent() && before(events, first, from.get())) {
            first++;
        }
        int last = events.size() - 1;
        while (last >= 0 && to.isPresent() && behind(events, last, to.get())) {
            last--;
        }
        if (first == events.size() || last < 0) {
            return Optional.empty();
        }
        for (Batch batch : batches) {
            if (batch.first() <= first && first <= batch.last()) {
                first = batch.first();
            }
            if (batch.first() <= last && last <= batch.last()) {
                last = batch.last();
            }
        }
        return last < first ? Optional.empty() : Optional.of(new Range(first, last));
    }

    private static long flushesBefore(List<Stamped> events, int at) {
        return events.subList(0, at).stream()
                .filter(event -> event.event() instanceof TraceEvent.Flush)
                .count();
    }

    private static boolean before(List<Stamped> events, int at, TracePosition bound) {
        Stamped event = events.get(at);
        return switch (bound.unit()) {
            case SEQUENCE -> event.sequence() < bound.number();
            case CYCLE -> event.cycle() < bound.number();
            // A range from a flush starts with that flush.
            case FLUSH -> !(event.event() instanceof TraceEvent.Flush) || flushesBefore(events, at) < bound.number();
        };
    }

    private static boolean behind(List<Stamped> events, int at, TracePosition bound) {
        Stamped event = events.get(at);
        return switch (bound.unit()) {
            case SEQUENCE -> event.sequence() > bound.number();
            case CYCLE -> event.cycle() > bound.number();
            case FLUSH -> flushesBefore(events, at) > bound.number();
        };
    }

    private static List<Batch> batches(List<Stamped> events) {
        List<Batch> batches = new ArrayList<>();
        for (int first = 0; first < events.size(); first++) {
            if (events.get(first).event() instanceof TraceEvent.Notify notify && notify.device() == GPU) {
                int last = first;
                while (last + 1 < events.size()
                        && events.get(last + 1).cycle() == events.get(first).cycle()
                        && isOfBatch(events.get(last + 1).event())) {
                    last++;
                }
                batches.add(new Batch(first, last));
            }
        }
        return batches;
    }

    /** What a device does between a notification and its return: docs/TRACE_FORMAT.md. */
    private static boolean isOfBatch(TraceEvent event) {
        boolean published = event instanceof TraceEvent.Flush
                || event instanceof TraceEvent.ScanoutDisabled
                || event instanceof TraceEvent.Cursor;
        boolean own = event instanceof TraceEvent.Memory
                || event instanceof TraceEvent.RequestPart
                || event instanceof TraceEvent.Command
                || event instanceof TraceEvent.Fault
                || event instanceof TraceEvent.NeedsReset;
        return published || own && event instanceof TraceEvent.OfDevice of && of.device() == GPU;
    }
}
