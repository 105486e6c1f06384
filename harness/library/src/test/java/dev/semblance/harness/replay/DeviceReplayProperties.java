package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** docs/ARCHITECTURE.md, "Backwards": whatever a driver did, the device replay does again. */
class DeviceReplayProperties {

    @Property(tries = 300, shrinking = ShrinkingMode.BOUNDED)
    void theDeviceReplayOfAnySessionAgreesEventByEvent(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 80) int steps) throws IOException {
        assertAgrees(seed, steps);
    }

    /**
     * Nothing keeps a driver from putting buffers where its rings are (VIRTIO 1.2, 2.7). Where an answer changes the ring
     * that is being followed, the trace does not always tell how, and the replay may differ; it never fails.
     */
    @Property(tries = 200, shrinking = ShrinkingMode.BOUNDED)
    void buffersOverTheRingsNeverBreakTheReplay(@ForAll long seed, @ForAll @IntRange(min = 0, max = 80) int steps)
            throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        try {
            SyntheticGuest.record(trace, seed, true, steps);
            assertThat(replay(trace).status().orElseThrow()).isInstanceOf(TraceStatus.Complete.class);
        } finally {
            Files.deleteIfExists(trace);
            Files.delete(folder);
        }
    }

    private static void assertAgrees(long seed, int steps) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        try {
            SyntheticGuest.record(trace, seed, false, steps);
            ReplayOutcome outcome = replay(trace);
            assertThat(outcome.divergence()).isEmpty();
            assertThat(outcome.status().orElseThrow())
                    .isInstanceOfSatisfying(
                            TraceStatus.Complete.class,
                            complete -> assertThat(outcome.events())
                                    .isEqualTo(complete.totals().events()));
        } finally {
            Files.deleteIfExists(trace);
            Files.delete(folder);
        }
    }

    private static ReplayOutcome replay(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE).run(cycle -> {});
        }
    }
}
