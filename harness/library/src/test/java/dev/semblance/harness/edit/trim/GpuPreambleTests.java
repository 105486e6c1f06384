package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/TRACE_FORMAT.md, "Children": what a preamble is made of. */
class GpuPreambleTests {

    private static final TraceManifest MANIFEST = RigSettings.EXEC.manifest("test");

    @TempDir
    private Path folder = Path.of("");

    private Path trace(List<TraceEvent> events) {
        List<Stamped> stamped = new ArrayList<>();
        for (TraceEvent event : events) {
            stamped.add(new Stamped(stamped.size(), 10L * stamped.size(), event));
        }
        TraceEvent end = new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0]);
        stamped.add(new Stamped(stamped.size(), 10L * stamped.size(), end));
        return Recordings.write(folder.resolve("t.trace"), MANIFEST, stamped);
    }

    private static List<Stamped> preamble(Path trace, long passed, long cycle) throws Exception {
        GpuPreamble preamble = GpuPreamble.of(trace, ReplayableGpu.of(MANIFEST), passed, cycle);
        List<Stamped> events = new ArrayList<>();
        preamble.write((at, event) -> events.add(new Stamped(events.size(), at, event)));
        assertThat(events).hasSize((int) preamble.events());
        return events;
    }

    /** No command leads to a device that needs a reset: then all that happened to it stands there, at its cycles. */
    @Test
    void whereNoCommandsLeadAllThatHappenedIsThere() throws Exception {
        int gpu = ReplayableGpu.of(MANIFEST).device();
        List<TraceEvent> life = List.of(
                new TraceEvent.Reset(gpu),
                new TraceEvent.Features(gpu, 1L << 32, true),
                new TraceEvent.DriverOk(gpu),
                new TraceEvent.ConsoleOutput((byte) 1),
                new TraceEvent.Notify(gpu, 0),
                new TraceEvent.NeedsReset(gpu),
                new TraceEvent.ConfigRead(gpu, 0, 4, 0));
        List<Stamped> events = preamble(trace(life), 6, 61);
        assertThat(events.stream().map(Stamped::event))
                .containsExactly(life.get(0), life.get(1), life.get(2), life.get(4), life.get(5));
        assertThat(events.stream().map(Stamped::cycle)).containsExactly(0L, 10L, 20L, 40L, 50L);
    }

    /** The manifest of a child says what its parent offered at power-on, so what the host changed since is in the preamble. */
    @Test
    void displaysThatChangedBeforeTheLastResetAreChangedFirst() throws Exception {
        int gpu = ReplayableGpu.of(MANIFEST).device();
        TraceEvent before = new TraceEvent.DisplayChange(gpu, 0, new DisplayMode(300, 200));
        TraceEvent after = new TraceEvent.DisplayChange(gpu, 0, new DisplayMode(320, 240));
        Path trace = trace(List.of(new TraceEvent.Reset(gpu), before, new TraceEvent.Reset(gpu), after));
        List<Stamped> events = preamble(trace, 4, 31);
        assertThat(events.stream().map(Stamped::event)).containsExactly(before, new TraceEvent.Reset(gpu), after);
        assertThat(events).allMatch(event -> event.cycle() == 31);

        List<Stamped> child = new ArrayList<>(events);
        // VIRTIO 1.2, 5.7.4: the display has changed since the reset, and the driver has not cleared it.
        child.add(new Stamped(3, 40, new TraceEvent.ConfigRead(gpu, 0, 4, 1)));
        child.add(new Stamped(4, 40, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0])));
        Path written = Recordings.write(folder.resolve("child.trace"), MANIFEST, child);
        try (TraceReader reader = TraceReader.open(written)) {
            assertThat(new DeviceReplayer(reader, ReplayableGpu.of(MANIFEST), FrameObserver.NONE)
                            .run(cycle -> {})
                            .divergence())
                    .isEmpty();
        }
    }

    @Test
    void beforeTheDriverHasDoneAnythingThereIsNothing() throws Exception {
        int gpu = ReplayableGpu.of(MANIFEST).device();
        assertThat(preamble(trace(List.of(new TraceEvent.Reset(gpu))), 0, 0)).isEmpty();
    }
}
