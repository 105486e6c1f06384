package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Where the writer ends chunks, which decides what a killed recording loses. */
class ChunkCuttingProperties {

    private static List<Step> steps(List<Integer> deltas) {
        List<Step> steps = new ArrayList<>();
        deltas.forEach(delta -> steps.add(new Step(delta, new ConsoleOutput((byte) 'x'))));
        steps.add(new Step(1, new End(End.Reason.SCRIPT, 0, new byte[0])));
        return steps;
    }

    /** Returns the index of each chunk's first event, by the rule alone. */
    private static List<Integer> starts(List<Stamped> events, long chunkCycles) {
        List<Integer> starts = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            if (i == 0 || events.get(i).cycle() - events.get(starts.getLast()).cycle() >= chunkCycles) {
                starts.add(i);
            }
        }
        return starts;
    }

    @Property(tries = 60)
    void aChunkEndsBeforeTheFirstEventThatComesTooLateForIt(
            @ForAll @Size(max = 60) List<@IntRange(min = 0, max = 100) Integer> deltas,
            @ForAll @LongRange(min = 1, max = 500) long chunkCycles) {
        TraceWriter.Options options =
                new TraceWriter.Options(ChunkCodec.STORED, ChunkHeader.MAX_CHUNK_BYTES, chunkCycles);
        List<Step> steps = steps(deltas);
        TraceFiles.Reading reading = TraceFiles.read(TraceFiles.bytes(steps, options));
        assertThat(reading.status().orElseThrow().totals().chunks())
                .isEqualTo(starts(TraceFiles.stamped(steps), chunkCycles).size());
    }

    /** Without a flush, a close or an end: what a killed process leaves. */
    @Property(tries = 10)
    void allButTheLastChunkIsInTheFileWhileTheRecordingGoesOn(
            @ForAll @Size(min = 1, max = 60) List<@IntRange(min = 0, max = 30_000_000) Integer> deltas)
            throws IOException, InterruptedException {
        List<Stamped> events = TraceFiles.stamped(steps(deltas));
        Path trace = Files.createTempDirectory("semblance").resolve("t.trace");
        Path part = TraceWriter.partOf(trace);
        try (TraceWriter writer = TraceWriter.create(trace, TraceFiles.MANIFEST)) {
            for (Stamped event : events.subList(0, deltas.size())) {
                writer.accept(event.cycle(), event.event());
            }
            int kept = starts(events.subList(0, deltas.size()), 65_000_000).getLast();
            // The thread that writes needs its time; it cannot be waited for without the flush that this is about.
            for (int waited = 0; kept(part).size() < kept && waited < 1_000; waited++) {
                Thread.sleep(5);
            }
            assertThat(kept(part)).isEqualTo(events.subList(0, kept));
        } finally {
            Files.deleteIfExists(part);
            Files.delete(trace.resolveSibling(""));
        }
    }

    private static List<Stamped> kept(Path part) throws IOException {
        return TraceFiles.read(Files.readAllBytes(part)).events();
    }
}
