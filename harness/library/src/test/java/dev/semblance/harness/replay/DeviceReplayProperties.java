package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.machine.virtio.VirtioFeatures;
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

    /** VIRTIO 1.2, 2.7.5.3, 2.7.7, 2.6.1: what a driver with features of queues did, it does again in the same places. */
    @Property(tries = 150, shrinking = ShrinkingMode.BOUNDED)
    void whatWasDoneOnQueuesWithFeaturesIsDoneAgain(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 80) int steps,
            @ForAll @IntRange(min = 1, max = 7) int words)
            throws IOException {
        QueueFeatures queues = new QueueFeatures(((words & 1) != 0 ? VirtioFeatures.INDIRECT_DESC : 0)
                | ((words & 2) != 0 ? VirtioFeatures.EVENT_IDX : 0)
                | ((words & 4) != 0 ? VirtioFeatures.RING_RESET : 0));
        assertAgrees(seed, steps, queues);
    }

    private static void assertAgrees(long seed, int steps) throws IOException {
        assertAgrees(seed, steps, QueueFeatures.NONE);
    }

    private static void assertAgrees(long seed, int steps, QueueFeatures queues) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        try {
            SyntheticGuest.record(trace, seed, false, queues, steps);
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
