package dev.semblance.harness.trace.diff;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.TraceDiff.Counts;
import dev.semblance.harness.trace.diff.TraceDiff.First;
import dev.semblance.harness.trace.diff.TraceDiff.Flushes;
import dev.semblance.harness.trace.diff.TraceDiff.SnapshotPair;
import dev.semblance.harness.trace.position.PositionRange.Events;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventKinds;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares two traces in two passes over both, in a memory that does not grow with their lengths: side by side up to the
 * first difference; then each for itself, from flush to flush. Nothing tries to find its way back after the difference:
 * where two runs have parted, the later events are those of different runs, and pictures tell more.
 */
public final class TraceComparison {

    /** How many commands before the first difference are told. */
    private static final int REMEMBERED = 3;

    /** How many labels are listed. */
    private static final int MAX_SNAPSHOTS = 4096;

    private TraceComparison() {}

    /** Opens a trace, from its start. */
    @FunctionalInterface
    public interface Source {
        /** Opens it. */
        TraceReader open() throws IOException;
    }

    /**
     * Compares two traces.
     *
     * @throws IOException if one of them cannot be read; sources should name themselves in it
     */
    public static TraceDiff compare(Source first, Source second) throws IOException {
        return compare(first, second, ComparisonScope.ALL);
    }

    /**
     * Compares two traces.
     *
     * @param scope what is compared of them; a range starts at the same event in both, whatever their numbers
     * @throws IOException if one of them cannot be read; sources should name themselves in it
     */
    public static TraceDiff compare(Source first, Source second, ComparisonScope scope) throws IOException {
        Optional<First> different;
        List<TraceDifference> manifest;
        try (TraceReader a = first.open();
                TraceReader b = second.open()) {
            manifest = ManifestDifferences.between(a.manifest(), b.manifest());
            different = firstDifference(a, b, scope);
        }
        try (TraceReader a = first.open();
                TraceReader b = second.open()) {
            Side sideA = new Side(a, scope.first());
            Side sideB = new Side(b, scope.second());
            Flushes flushes = flushes(sideA, sideB);
            return new TraceDiff(
                    scope,
                    manifest,
                    different,
                    sideA.status(),
                    sideB.status(),
                    kinds(sideA, sideB),
                    snapshots(sideA, sideB),
                    sideA.moreSnapshots || sideB.moreSnapshots,
                    flushes);
        }
    }

    private static Optional<First> firstDifference(TraceReader a, TraceReader b, ComparisonScope scope)
            throws IOException {
        EventHistory before = new EventHistory(a.manifest(), REMEMBERED);
        while (true) {
            Optional<Stamped> inA = next(a, scope, scope.first());
            Optional<Stamped> inB = next(b, scope, scope.second());
            Optional<Stamped> comparedA = inA.map(scope::compared);
            Optional<Stamped> comparedB = inB.map(scope::compared);
            if (!comparedA.equals(comparedB)) {
                List<TraceDifference> fields = comparedA.isPresent() && comparedB.isPresent()
                        ? FieldDifferences.between(
                                comparedA.get(),
                                comparedB.get(),
                                isGpus(a.manifest(), inA.get()) && isGpus(b.manifest(), inB.get()))
                        : List.of();
                // Where the first trace has ended, all that is remembered came before.
                Optional<Stamped> place =
                        inA.or(() -> inB.map(event -> new Stamped(Long.MAX_VALUE, event.cycle(), event.event())));
                return Optional.of(
                        new First(inA, inB, fields, place.map(before::before).orElse(List.of())));
            }
            if (inA.isEmpty()) {
                return Optional.empty();
            }
            before.add(inA.get());
        }
    }

    /** {@return the next event that is compared; empty behind the range} */
    private static Optional<Stamped> next(TraceReader reader, ComparisonScope scope, Events range) throws IOException {
        for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
            if (next.get().sequence() > range.last()) {
                break;
            }
            if (scope.takes(range, next.get())) {
                return next;
            }
        }
        return Optional.empty();
    }

    private static boolean isGpus(TraceManifest manifest, Stamped stamped) {
        return stamped.event() instanceof TraceEvent.OfDevice of
                && manifest.devices().get(of.device()).virtioId() == VirtioGpuDevice.DEVICE_ID;
    }

    /** One of the traces, on its second pass. */
    private static final class Side {
        private final TraceReader reader;
        private final Events range;
        private boolean isBehind;
        private final Map<String, Long> kinds = new TreeMap<>();
        private final Map<String, Integer> labels = new TreeMap<>();
        private final Map<String, Stamped> snapshots = new LinkedHashMap<>();
        private boolean moreSnapshots;
        private long flushes;

        Side(TraceReader reader, Events range) {
            this.reader = reader;
            this.range = range;
        }

        /** {@return how the trace had ended, wherever the range does} */
        TraceStatus status() throws IOException {
            return reader.readAll((cycle, event) -> {});
        }

        /** Goes on to the next flush; empty behind the range. */
        Optional<Stamped> nextFlush() throws IOException {
            for (Optional<Stamped> next = nextEvent(); next.isPresent(); next = nextEvent()) {
                kinds.merge(EventKinds.of(next.get().event()), 1L, Long::sum);
                switch (next.get().event()) {
                    case TraceEvent.Flush flush -> {
                        flushes++;
                        return next;
                    }
                    case TraceEvent.Snapshot snapshot -> keep(snapshot, next.get());
                    default -> {}
                }
            }
            return Optional.empty();
        }

        private Optional<Stamped> nextEvent() throws IOException {
            Optional<Stamped> next = isBehind ? Optional.empty() : reader.next();
            while (next.isPresent() && next.get().sequence() < range.first()) {
                next = reader.next();
            }
            isBehind |= next.filter(event -> event.sequence() <= range.last()).isEmpty();
            return isBehind ? Optional.empty() : next;
        }

        private void keep(TraceEvent.Snapshot snapshot, Stamped stamped) {
            if (snapshots.size() >= MAX_SNAPSHOTS) {
                moreSnapshots = true;
                return;
            }
            int count = labels.merge(snapshot.label(), 1, Integer::sum);
            snapshots.put(count == 1 ? snapshot.label() : Text.format("%s (%d)", snapshot.label(), count), stamped);
        }
    }

    private static Flushes flushes(Side a, Side b) throws IOException {
        long same = 0;
        Optional<Stamped> inA = a.nextFlush();
        Optional<Stamped> inB = b.nextFlush();
        while (inA.isPresent()
                && inB.isPresent()
                && inA.get().event().equals(inB.get().event())) {
            same++;
            inA = a.nextFlush();
            inB = b.nextFlush();
        }
        while (a.nextFlush().isPresent()) {
            // They are counted.
        }
        while (b.nextFlush().isPresent()) {
            // They are counted.
        }
        return new Flushes(new Counts(a.flushes, b.flushes), same, inA, inB);
    }

    private static Map<String, Counts> kinds(Side a, Side b) {
        Map<String, Counts> kinds = new TreeMap<>();
        a.kinds.forEach((kind, count) -> kinds.put(kind, new Counts(count, b.kinds.getOrDefault(kind, 0L))));
        b.kinds.forEach((kind, count) -> kinds.putIfAbsent(kind, new Counts(0, count)));
        return kinds;
    }

    private static List<SnapshotPair> snapshots(Side a, Side b) {
        List<SnapshotPair> pairs = new ArrayList<>();
        a.snapshots.forEach((label, stamped) ->
                pairs.add(new SnapshotPair(label, Optional.of(stamped), Optional.ofNullable(b.snapshots.get(label)))));
        b.snapshots.forEach((label, stamped) -> {
            if (!a.snapshots.containsKey(label)) {
                pairs.add(new SnapshotPair(label, Optional.empty(), Optional.of(stamped)));
            }
        });
        return List.copyOf(pairs);
    }
}
