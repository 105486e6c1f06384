package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceReplayTests {

    @TempDir
    private Path folder = Path.of("");

    private static ReplayOutcome replay(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE).run(cycle -> {});
        }
    }

    /** What {@link DeviceReplayProperties} hold for would hold for nothing, if the sessions were empty. */
    @Test
    void theSessionsThatArePutToTheReplayHaveEverythingInThem() {
        TreeSet<String> seen = new TreeSet<>();
        for (int seed = 0; seed < 20; seed++) {
            Path trace = folder.resolve(seed + ".trace");
            SyntheticGuest.record(trace, seed, false, 80);
            for (Stamped event : Recordings.events(trace)) {
                seen.add(event.event().getClass().getSimpleName());
                switch (event.event()) {
                    case Command command -> seen.add(command.notification().name());
                    case TraceEvent.Fault fault -> seen.add(fault.reason().name());
                    case TraceEvent.Features features -> seen.add("agreed " + features.agreed());
                    default -> {}
                }
            }
        }
        assertThat(seen)
                .contains("Reset", "Features", "QueueEnabled", "QueueDisabled", "DriverOk", "NeedsReset", "Notify")
                .contains("ConfigRead", "ConfigWrite", "Memory", "Command", "Fault")
                .contains("Flush", "ScanoutDisabled", "Cursor", "Snapshot", "End")
                .contains("SENT", "SUPPRESSED", "agreed true", "agreed false")
                .contains("AVAILABLE_INDEX_JUMPED", "INDEX_OUT_OF_RANGE", "CHAIN_TOO_LONG")
                .contains("READABLE_AFTER_WRITABLE", "BUFFER_OUTSIDE_MEMORY", "INDIRECT_NOT_NEGOTIATED");
    }

    /** A recording can be killed between any two events, also within a command. */
    @Test
    void everyPrefixOfASessionAgrees() throws IOException {
        Path whole = folder.resolve("whole.trace");
        SyntheticGuest.record(whole, 11, false, 60);
        List<Stamped> events = Recordings.events(whole);
        // Of none there is nothing to replay: the reader refuses such a file.
        for (int length = 1; length < events.size(); length++) {
            Path trace = folder.resolve("t.trace");
            try (TraceWriter writer = TraceWriter.create(trace, SyntheticGuest.manifest())) {
                events.subList(0, length).forEach(event -> writer.accept(event.cycle(), event.event()));
            }
            ReplayOutcome outcome = replay(TraceWriter.partOf(trace));
            assertThat(outcome.divergence()).as("%d events", length).isEmpty();
            assertThat(outcome.events()).isEqualTo(length);
            assertThat(outcome.status().orElseThrow()).isInstanceOf(TraceStatus.Torn.class);
        }
    }

    /** docs/TRACE_FORMAT.md, RequestPart: a request of more than 256 KiB comes in parts. */
    @Test
    void aRequestInPartsIsPutTogether() throws IOException {
        Path trace = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(trace, LongRequest.manifest())) {
            LongRequest.record(
                    writer,
                    new GpuCommand.ResourceAttachBacking(
                            Header.NONE, 1, 40_000, Collections.nCopies(40_000, new MemoryEntry(0x8000, 4))));
            writer.complete();
        }
        assertThat(Recordings.events(trace))
                .extracting(Stamped::event)
                .hasAtLeastOneElementOfType(TraceEvent.RequestPart.class);
        try (TraceReader reader = TraceReader.open(trace)) {
            ReplayOutcome outcome = new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {});
            assertThat(outcome.divergence()).isEmpty();
        }
    }
}
