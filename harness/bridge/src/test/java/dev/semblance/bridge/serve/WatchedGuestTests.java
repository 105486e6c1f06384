package dev.semblance.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.record.live.LiveCommand;
import dev.semblance.harness.record.live.LiveStatus;
import dev.semblance.harness.record.live.LiveStatus.Phase;
import dev.semblance.harness.record.live.Shown;
import dev.semblance.harness.record.live.Watchable;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/LIVE.md, "A guest on QEMU": what there is to see of a guest that is served, and what can be asked for. */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class WatchedGuestTests {

    private static final long IMAGE = TestGuest.BASE + (8 << 20);
    private static final Rect ALL = new Rect(0, 0, 64, 48);

    @TempDir
    private Path folder;

    private static void show(TestGuest guest, int value) throws IOException {
        byte[] bytes = new byte[64 * 48 * 4];
        Arrays.fill(bytes, (byte) value);
        guest.memory.write(IMAGE, bytes, 0, bytes.length);
        guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
        guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static long lastFlush(Path trace) throws IOException {
        long digest = 0;
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().event() instanceof TraceEvent.Flush flush) {
                    digest = flush.digest();
                }
            }
        }
        return digest;
    }

    @Test
    void whatIsSeenIsWhatIsRecorded() throws Exception {
        Path trace;
        Shown seen;
        LiveStatus status;
        try (TestServer test = new TestServer(folder)) {
            Watchable watched = test.server.guest();
            TestGuest guest = test.guest;
            trace = test.trace;
            guest.open();
            await(() -> watched.status().phase() == Phase.NO_DRIVER);
            assertThat(watched.shown(0).picture()).isEmpty();
            guest.start(TestGuest.FEATURES);
            await(() -> watched.status().phase() == Phase.RUNNING);
            guest.showImage(1, 64, 48, IMAGE);
            guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 2, 1, 64, 64));
            guest.send(
                    0,
                    new GpuCommand.ResourceAttachBacking(
                            Header.NONE, 2, 1, List.of(new MemoryEntry(IMAGE, 64 * 64 * 4))));
            guest.send(1, new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 5, 6), 2, 1, 1));
            show(guest, 0x11);
            show(guest, 0x22);
            guest.send(1, new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 7, 8), 2, 0, 0));
            seen = watched.shown(0);
            assertThat(seen.cursor().image()).isPresent();
            assertThat(List.of(seen.cursor().x(), seen.cursor().y())).containsExactly(7, 8);
            assertThat(seen.clears()).isZero();
            guest.send(0, new GpuCommand.SetScanout(Header.NONE, ALL, 0, 0));
            assertThat(watched.shown(0).picture()).isEmpty();
            assertThat(watched.shown(0).clears()).isEqualTo(1);
            assertThat(watched.shown(0).cursor()).isEqualTo(seen.cursor());
            // A pause, a reboot.
            guest.stop();
            await(() -> watched.status().phase() == Phase.NO_DRIVER);
            test.server.command("snapshot last");
            test.server.command("finish");
            test.ending();
            status = watched.status();
            assertThat(status.snapshots()).isEqualTo(2);
            assertThat(test.replayed().divergence()).isEmpty();
        }
        assertThat(seen.picture().map(Frame::digest)).contains(lastFlush(trace));
        assertThat(status.phase()).isEqualTo(Phase.ENDED);
        assertThat(status.flushes()).isEqualTo(2);
        assertThat(status.displays()).containsExactly(new DisplayMode(64, 48));
        try (TraceReader reader = TraceReader.open(trace)) {
            long events = 0;
            while (reader.next().isPresent()) {
                events++;
            }
            assertThat(status.events()).hasValue(events);
        }
    }

    @Test
    void aSnapshotThatIsAskedForIsTakenOnceUnderALabelThatNobodyElseHas() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            Watchable watched = test.server.guest();
            TestGuest guest = test.guest;
            assertThat(watched.submit(new LiveCommand.Snapshot("early")).orElseThrow())
                    .contains("no driver has started");
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            show(guest, 0x11);
            assertThat(watched.submit(new LiveCommand.Snapshot("../../etc")).orElseThrow())
                    .contains("a label is ");
            assertThat(watched.submit(new LiveCommand.Snapshot("end")).orElseThrow())
                    .contains("already");
            long taken = IntStream.range(0, 20)
                    .parallel()
                    .filter(i ->
                            watched.submit(new LiveCommand.Snapshot("mine")).isEmpty())
                    .count();
            assertThat(taken).isEqualTo(1);
            test.server.command("snapshot mine");
            assertThat(watched.submit(new LiveCommand.Finish())).isEmpty();
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            assertThat(test.snapshots).containsExactly("mine", "end");
            assertThat(test.replayed().divergence()).isEmpty();
            assertThat(watched.submit(new LiveCommand.Snapshot("late")).orElseThrow())
                    .contains("over");
        }
    }

    @Test
    void whatQemuHasIsRefusedAndNotRecorded() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            Watchable watched = test.server.guest();
            test.guest.open();
            test.guest.start(TestGuest.FEATURES);
            for (LiveCommand command : List.of(
                    new LiveCommand.Key(30, true),
                    new LiveCommand.Move(1, 1),
                    new LiveCommand.MoveTo(1, 1),
                    new LiveCommand.Scroll(1),
                    new LiveCommand.Type(new byte[] {'x'}),
                    new LiveCommand.ChangeDisplay(0, DisplayMode.OFF),
                    new LiveCommand.Pause(),
                    new LiveCommand.Resume(),
                    new LiveCommand.StepToFlush(),
                    new LiveCommand.PowerOff())) {
                assertThat(watched.submit(command).orElseThrow()).contains("QEMU has");
            }
            assertThat(watched.submit(new LiveCommand.ReleaseAll())).isEmpty();
            assertThat(watched.controls().pointer()).isEmpty();
            assertThat(watched.console()).isEmpty();
            test.server.command("finish");
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            assertThat(test.count(TraceEvent.Input.class)).isZero();
            assertThat(test.count(TraceEvent.DisplayChange.class)).isZero();
        }
    }
}
