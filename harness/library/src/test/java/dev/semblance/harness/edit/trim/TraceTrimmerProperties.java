package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.edit.trim.TraceTrimmer.Beginning;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.fuzz.minimize.Sessions;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** docs/MINIMIZING.md, "trim": what is cut out replays as it did in its place. */
class TraceTrimmerProperties {

    @Property(tries = 60)
    void theRangeOfAnySessionKeepsItsAnswersPicturesAndCycles(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int lines) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        Path output = folder.resolve("o.trace");
        try {
            Sessions.record(trace, Sessions.session(seed, lines), new NoFrames());
            List<Stamped> whole = read(trace);
            Random random = new Random(seed);
            long from = random.nextInt(whole.size());
            long to = from + random.nextInt(whole.size() - (int) from);
            Trimmed trimmed = TraceTrimmer.trim(trace, range("event:" + from, "event:" + to), output);
            assertThat(trimmed.divergence()).isEmpty();
            assertThat(trimmed.reason()).doesNotContain("does not replay");
            assertThat(trimmed.first()).isLessThanOrEqualTo(from);
            assertThat(trimmed.last()).isGreaterThanOrEqualTo(to);
            List<Stamped> cut = read(output);
            int start = (int) trimmed.before();
            for (long sequence = trimmed.first(); sequence <= trimmed.last(); sequence++) {
                Stamped kept = cut.get(start + (int) (sequence - trimmed.first()));
                assertThat(kept.event()).isEqualTo(whole.get((int) sequence).event());
                assertThat(kept.cycle()).isEqualTo(whole.get((int) sequence).cycle());
            }
        } finally {
            Files.deleteIfExists(trace);
            Files.deleteIfExists(output);
            Files.delete(folder);
        }
    }

    @Property(tries = 25)
    void trimmingWhatWasTrimmedChangesNothing(@ForAll long seed, @ForAll @IntRange(min = 60, max = 200) int lines)
            throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        Path once = folder.resolve("once.trace");
        Path twice = folder.resolve("twice.trace");
        try {
            Sessions.record(trace, Sessions.session(seed, lines), new NoFrames());
            int size = read(trace).size();
            Random random = new Random(seed);
            long from = size / 2L + random.nextInt(size / 3);
            Trimmed first = TraceTrimmer.trim(trace, range("event:" + from, "end"), once);
            List<Stamped> events = read(once);
            TraceTrimmer.trim(once, PositionRange.WHOLE, twice);
            assertThat(read(twice)).isEqualTo(events);
            Trimmed second = TraceTrimmer.trim(once, range("event:" + first.before(), "end"), twice);
            assertThat(second.divergence()).isEmpty();
            assertThat(second.first()).isEqualTo(first.before());
            assertThat(second.last()).isEqualTo(events.size() - 1L);
            // Only where both ways are about as long can the other one be taken now.
            if (second.beginning() == first.beginning() || second.beginning() == Beginning.PREFIX) {
                assertThat(read(twice)).isEqualTo(events);
            }
        } finally {
            for (Path file : List.of(trace, once, twice)) {
                Files.deleteIfExists(file);
            }
            Files.delete(folder);
        }
    }

    @Example
    void bothBeginningsComeUp() throws IOException {
        EnumSet<Beginning> seen = EnumSet.noneOf(Beginning.class);
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        Path output = folder.resolve("o.trace");
        Sessions.record(trace, Sessions.session(3, 400), new NoFrames());
        long last = read(trace).size() - 1L;
        for (long from : new long[] {0, 4, 8, 12, 16, 20, 24, 28, 32, last - 3}) {
            seen.add(TraceTrimmer.trim(trace, range("event:" + from, "end"), output)
                    .beginning());
        }
        assertThat(seen).containsExactly(Beginning.values());
        try (var left = Files.list(folder)) {
            assertThat(left).containsExactlyInAnyOrder(trace, output);
        }
        Files.delete(trace);
        Files.delete(output);
        Files.delete(folder);
    }

    @Example
    void boundsAreFoundByFlushAndByCycle() throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        Path output = folder.resolve("o.trace");
        Sessions.record(trace, Sessions.session(5, 300), new NoFrames());
        List<Stamped> flushes = read(trace).stream()
                .filter(event -> event.event() instanceof TraceEvent.Flush)
                .toList();
        Trimmed trimmed = TraceTrimmer.trim(trace, range("flush:2", "flush:4"), output);
        List<Stamped> cut = read(output);
        assertThat(cut.subList((int) trimmed.before(), cut.size()).stream()
                        .filter(event -> event.event() instanceof TraceEvent.Flush)
                        .map(Stamped::event))
                .isEqualTo(flushes.subList(2, 5).stream().map(Stamped::event).toList());
        long cycle = flushes.get(3).cycle();
        Trimmed byCycle = TraceTrimmer.trim(trace, range("cycle:" + cycle, "cycle:" + cycle), output);
        assertThat(byCycle.first()).isLessThan(flushes.get(3).sequence());
        assertThat(byCycle.last()).isGreaterThan(flushes.get(3).sequence());
        Files.delete(trace);
        Files.delete(output);
        Files.delete(folder);
    }

    private static PositionRange range(String from, String to) {
        return new PositionRange(Position.parse(from), Position.parse(to));
    }

    private static List<Stamped> read(Path trace) throws IOException {
        List<Stamped> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events.add(next.get());
            }
        }
        return events;
    }
}
