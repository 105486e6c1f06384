package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.trim.WholeBatches.Range;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** docs/MINIMIZING.md: a range is widened to whole notifications. */
class WholeBatchesProperties {

    private static final int GPU = 4;

    /** A batch of commands: its Notify, and the last event of it. */
    private record Batch(int first, int last) {}

    @Property(tries = 400)
    void theRangeIsTheEventsBetweenItsEndsAndTheRestOfTheirBatches(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 60) int length,
            @ForAll @IntRange(min = 0, max = 60) int from,
            @ForAll @IntRange(min = 0, max = 70) int more,
            @ForAll boolean toEnd)
            throws IOException {
        List<Stamped> events = events(new Random(seed), length);
        int first = Math.min(from, length);
        long last = toEnd ? Long.MAX_VALUE : (long) first + more;
        Path folder = Files.createTempDirectory("semblance");
        Path trace = Recordings.write(folder.resolve("t.trace"), TraceFiles.MANIFEST, events);
        try (TraceReader reader = TraceReader.open(trace)) {
            assertThat(WholeBatches.around(reader, GPU, new PositionRange.Events(first, last)))
                    .isEqualTo(expected(events, first, (int) Math.min(last, length)));
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

    /** The rule, batch by batch. */
    private static Range expected(List<Stamped> events, int from, int to) {
        int first = from;
        int last = to;
        for (Batch batch : batches(events)) {
            if (batch.first() <= from && from <= batch.last()) {
                first = batch.first();
            }
            if (batch.first() <= to && to <= batch.last()) {
                last = batch.last();
            }
        }
        return new Range(first, last);
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
