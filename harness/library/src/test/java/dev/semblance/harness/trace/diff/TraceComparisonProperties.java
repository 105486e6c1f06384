package dev.semblance.harness.trace.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.ChunkCodec;
import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.diff.TraceDiff.Counts;
import dev.semblance.harness.trace.diff.TraceDiff.SnapshotPair;
import dev.semblance.harness.trace.diff.TraceDiff.State;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventHistory.Earlier;
import dev.semblance.harness.trace.text.EventKinds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** docs/TOOLS.md, "diff": the first difference is the first, and all that is counted is all that there is. */
class TraceComparisonProperties {

    /** Two traces that have much in common. */
    record Pair(List<Step> first, List<Step> second) {}

    /** Events of every kind, and more of those that are looked at apart. */
    private static Arbitrary<Step> steps() {
        Arbitrary<TraceEvent> flushes = Combinators.combine(
                        Arbitraries.integers().between(0, 1),
                        Arbitraries.longs().between(0, 2))
                .as((scanout, digest) -> new TraceEvent.Flush(scanout, 8, 8, digest));
        Arbitrary<TraceEvent> snapshots = Combinators.combine(
                        Arbitraries.of("a", "b", "end"), Arbitraries.longs().between(0, 1))
                .as((label, digest) -> new TraceEvent.Snapshot(label, 0, 8, 8, digest));
        return Combinators.combine(
                        Arbitraries.longs().between(0, 3),
                        Arbitraries.oneOf(EventArbitraries.events(), flushes, snapshots))
                .as(Step::new);
    }

    @Provide
    Arbitrary<Pair> pairs() {
        return Combinators.combine(steps().list().ofMaxSize(25), steps().list().ofMaxSize(4), Arbitraries.longs())
                .as((steps, others, seed) -> {
                    Random random = new Random(seed);
                    List<Step> changed = new ArrayList<>(steps);
                    for (Step other : others) {
                        int at = random.nextInt(changed.size() + 1);
                        switch (random.nextInt(3)) {
                            case 0 -> changed.add(at, other);
                            case 1 -> {
                                if (at < changed.size()) {
                                    changed.remove(at);
                                }
                            }
                            default -> {
                                if (at < changed.size()) {
                                    changed.set(
                                            at,
                                            new Step(
                                                    other.cycleDelta(),
                                                    changed.get(at).event()));
                                }
                            }
                        }
                    }
                    return new Pair(ended(steps), ended(changed));
                });
    }

    private static List<Step> ended(List<Step> steps) {
        List<Step> ended = new ArrayList<>(steps);
        ended.add(new Step(0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
        return ended;
    }

    private static TraceDiff compare(List<Step> first, List<Step> second) throws IOException {
        byte[] a = TraceFiles.bytes(first, new TraceWriter.Options(ChunkCodec.STORED, 300));
        byte[] b = TraceFiles.bytes(second, TraceWriter.Options.standard());
        return TraceComparison.compare(() -> open(a), () -> open(b));
    }

    private static TraceReader open(byte[] bytes) throws IOException {
        return TraceReader.open(new SeekableInMemoryByteChannel(bytes));
    }

    private static List<Stamped> flushes(List<Step> steps) {
        return TraceFiles.stamped(steps).stream()
                .filter(stamped -> stamped.event() instanceof TraceEvent.Flush)
                .toList();
    }

    private static Map<String, Stamped> snapshots(List<Step> steps) {
        TreeMap<String, Stamped> snapshots = new TreeMap<>();
        TreeMap<String, Integer> times = new TreeMap<>();
        for (Stamped stamped : TraceFiles.stamped(steps)) {
            if (stamped.event() instanceof TraceEvent.Snapshot snapshot) {
                int time = times.merge(snapshot.label(), 1, Integer::sum);
                snapshots.put(snapshot.label() + (time > 1 ? " (" + time + ")" : ""), stamped);
            }
        }
        return snapshots;
    }

    private static int common(List<Stamped> first, List<Stamped> second, boolean withCycles) {
        int at = 0;
        while (at < first.size()
                && at < second.size()
                && first.get(at).event().equals(second.get(at).event())
                && (!withCycles || first.get(at).cycle() == second.get(at).cycle())) {
            at++;
        }
        return at;
    }

    private static Optional<Stamped> get(List<Stamped> events, int at) {
        return at < events.size() ? Optional.of(events.get(at)) : Optional.empty();
    }

    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void theFirstDifferenceIsTheFirstAndWhatComesBeforeItIsTheSame(@ForAll("pairs") Pair pair) throws IOException {
        TraceDiff diff = compare(pair.first(), pair.second());
        List<Stamped> a = TraceFiles.stamped(pair.first());
        List<Stamped> b = TraceFiles.stamped(pair.second());
        int at = common(a, b, true);
        boolean same = at == a.size() && at == b.size();
        assertThat(diff.isSame()).isEqualTo(same);
        assertThat(diff.first().isEmpty()).isEqualTo(same);
        diff.first().ifPresent(first -> {
            assertThat(first.inFirst()).isEqualTo(get(a, at));
            assertThat(first.inSecond()).isEqualTo(get(b, at));
            // What is before it is of the same events, counted or one by one, up to the one right before.
            assertThat(first.before().isEmpty()).isEqualTo(at == 0);
            long covered =
                    first.before().isEmpty() ? at : first.before().getFirst().sequence();
            for (Earlier earlier : first.before()) {
                assertThat(earlier.sequence()).isGreaterThanOrEqualTo(covered);
                if (earlier instanceof EventHistory.Single single) {
                    assertThat(single.event()).isEqualTo(a.get((int) earlier.sequence()));
                }
                covered = earlier.end();
            }
            assertThat(covered).isEqualTo(at);
            assertThat(first.fields().isEmpty())
                    .isEqualTo(first.inFirst().isEmpty() || first.inSecond().isEmpty());
        });
        assertThat(diff.ofFirst()).isInstanceOf(TraceStatus.Complete.class);
        assertThat(diff.ofFirst().totals().events()).isEqualTo(a.size());
        assertThat(diff.ofSecond().totals().events()).isEqualTo(b.size());
    }

    @Property(tries = 100, shrinking = ShrinkingMode.BOUNDED)
    void kindsSnapshotsAndFlushesAreAllThatThereIs(@ForAll("pairs") Pair pair) throws IOException {
        TraceDiff diff = compare(pair.first(), pair.second());
        TreeMap<String, Counts> kinds = new TreeMap<>();
        pair.first().forEach(step -> kinds.merge(EventKinds.of(step.event()), new Counts(1, 0), (x, y) -> sum(x, y)));
        pair.second().forEach(step -> kinds.merge(EventKinds.of(step.event()), new Counts(0, 1), (x, y) -> sum(x, y)));
        assertThat(diff.kinds()).isEqualTo(kinds);

        List<Stamped> a = flushes(pair.first());
        List<Stamped> b = flushes(pair.second());
        int same = common(a, b, false);
        assertThat(diff.flushes())
                .isEqualTo(new TraceDiff.Flushes(new Counts(a.size(), b.size()), same, get(a, same), get(b, same)));

        Map<String, Stamped> inFirst = snapshots(pair.first());
        Map<String, Stamped> inSecond = snapshots(pair.second());
        TreeMap<String, SnapshotPair> pairs = new TreeMap<>();
        diff.snapshots()
                .forEach(found ->
                        assertThat(pairs.put(found.label(), found)).as("twice").isNull());
        assertThat(diff.moreSnapshots()).isFalse();
        TreeMap<String, SnapshotPair> wanted = new TreeMap<>();
        inFirst.forEach((label, stamped) -> wanted.put(
                label, new SnapshotPair(label, Optional.of(stamped), Optional.ofNullable(inSecond.get(label)))));
        inSecond.forEach((label, stamped) ->
                wanted.putIfAbsent(label, new SnapshotPair(label, Optional.empty(), Optional.of(stamped))));
        assertThat(pairs).isEqualTo(wanted);
        wanted.values().forEach(each -> assertThat(each.state()).isEqualTo(state(each)));
    }

    private static Counts sum(Counts one, Counts other) {
        return new Counts(one.first() + other.first(), one.second() + other.second());
    }

    private static State state(SnapshotPair pair) {
        if (pair.first().isEmpty()) {
            return State.ONLY_SECOND;
        }
        if (pair.second().isEmpty()) {
            return State.ONLY_FIRST;
        }
        return pair.first().get().event().equals(pair.second().get().event()) ? State.SAME : State.DIFFERENT;
    }

    @Property(tries = 60, shrinking = ShrinkingMode.BOUNDED)
    void aTraceIsTheSameAsItselfAndTheOtherWayRoundIsTheMirrorImage(@ForAll("pairs") Pair pair) throws IOException {
        assertThat(compare(pair.first(), pair.first()).isSame()).isTrue();
        TraceDiff there = compare(pair.first(), pair.second());
        TraceDiff back = compare(pair.second(), pair.first());
        assertThat(back.isSame()).isEqualTo(there.isSame());
        assertThat(back.first().map(first -> first.fields()))
                .isEqualTo(there.first()
                        .map(first -> first.fields().stream()
                                .map(each -> new TraceDifference(
                                        each.field(), /* first= */ each.second(), /* second= */ each.first()))
                                .toList()));
        assertThat(back.flushes().same()).isEqualTo(there.flushes().same());
        TreeMap<String, Counts> mirrored = new TreeMap<>();
        there.kinds()
                .forEach((kind, counts) ->
                        mirrored.put(kind, new Counts(/* first= */ counts.second(), /* second= */ counts.first())));
        assertThat(back.kinds()).isEqualTo(mirrored);
    }
}
