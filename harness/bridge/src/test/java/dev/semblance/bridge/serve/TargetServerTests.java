package dev.semblance.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/BRIDGES.md, "Another device under your guest": what is recorded of a target, and what a replay of that finds. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class TargetServerTests {

    private static final long IMAGE = TestGuest.BASE + (8 << 20);
    private static final Rect ALL = new Rect(0, 0, 64, 48);
    private static final Rect MIDDLE = new Rect(3, 5, 40, 20);

    @TempDir
    private Path folder;

    private TestServer server(DeviceUnderTest.Factory target) throws IOException {
        return new TestServer(folder, Optional.empty(), Optional.of(target));
    }

    private static void draw(TestGuest guest, int value) {
        byte[] bytes = new byte[64 * 48 * 4];
        Arrays.fill(bytes, (byte) value);
        guest.memory.write(IMAGE, bytes, 0, bytes.length);
    }

    private static void show(TestGuest guest, Rect rect) throws IOException {
        long offset = 4 * (64 * rect.y() + rect.x());
        guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, rect, offset, 1));
        guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, rect, 1));
    }

    /** Something of everything, right and wrong, in two lives of a driver. */
    private static void use(TestGuest guest) throws IOException {
        guest.open();
        for (long features : new long[] {TestGuest.FEATURES, 1L << 32 | 1L << 1}) {
            guest.start(features);
            guest.send(0, new GpuCommand.GetDisplayInfo(Header.NONE));
            guest.send(0, new GpuCommand.GetEdid(Header.NONE, 0));
            guest.showImage(1, 64, 48, IMAGE);
            draw(guest, 0x35);
            show(guest, ALL);
            draw(guest, 0x47);
            show(guest, MIDDLE);
            guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 2, 1, 64, 64));
            guest.send(
                    0,
                    new GpuCommand.ResourceAttachBacking(
                            Header.NONE, 2, 1, List.of(new MemoryEntry(IMAGE, 64 * 64 * 4))));
            guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 64, 64), 0, 2));
            guest.send(1, new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 5, 6), 2, 1, 1));
            guest.send(1, new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 7, 8), 0, 0, 0));
            guest.send(0, new GpuCommand.ResourceUnref(Header.NONE, 9));
            guest.send(0, new byte[] {1, 2, 3});
            guest.send(0, new GpuCommand.SetScanout(Header.NONE, ALL, 0, 0));
            guest.stop();
        }
    }

    private List<TraceEvent> events(Path trace) throws IOException {
        List<TraceEvent> events = new ArrayList<>();
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                // How often a queue is looked at in vain depends on who is faster.
                if (!(next.get().event() instanceof TraceEvent.Notify)) {
                    events.add(next.get().event());
                }
            }
        }
        Files.delete(trace);
        return events;
    }

    @Test
    void aTraceOfTheBuiltInDeviceAsATargetIsTheSameAsWithoutButForTime() throws Exception {
        List<List<TraceEvent>> both = new ArrayList<>();
        for (Optional<DeviceUnderTest.Factory> target :
                List.of(Optional.<DeviceUnderTest.Factory>empty(), Optional.of(BuiltinDevice.ours()))) {
            try (TestServer test = new TestServer(folder, Optional.empty(), target)) {
                use(test.guest);
                test.server.command("snapshot used");
                test.server.command("finish");
                assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
                assertThat(test.replayed().divergence()).isEmpty();
            }
            both.add(events(folder.resolve("t.trace")));
        }
        assertThat(both.getFirst()).hasSizeGreaterThan(60);
        assertThat(both.getLast()).isEqualTo(both.getFirst());
    }

    /** A GPU whose pictures have red and blue exchanged, which is what a wrong format comes to. */
    private static DeviceUnderTest.Factory exchangingColours() {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                int[] row = new int[frame.width()];
                int[] argb = new int[frame.width() * frame.height()];
                for (int y = 0; y < frame.height(); y++) {
                    frame.copyRow(y, row, 0);
                    for (int x = 0; x < row.length; x++) {
                        int p = row[x];
                        argb[y * row.length + x] = p & 0xff00_ff00 | (p & 0xff) << 16 | p >>> 16 & 0xff;
                    }
                }
                sink.flushed(scanout, Frame.ofPixels(frame.width(), frame.height(), argb));
            }

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                sink.cursorChanged(scanout, cursor);
            }
        }));
    }

    @Test
    void thePicturesOfTheTargetAreShownAndRecordedAndAReplayFindsTheFirstThatIsOtherwise() throws Exception {
        try (TestServer test = server(exchangingColours())) {
            TestGuest guest = test.guest;
            guest.open();
            UnixSocket socket = guest.connectDisplay();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            // Grey is the same either way.
            draw(guest, 0x11);
            show(guest, ALL);
            guest.memory.putInt(IMAGE, 0x00ff_0000);
            show(guest, ALL);
            MessageSocket display = new MessageSocket(socket, DisplayCodec.MAX_PAYLOAD, Duration.ofSeconds(20));
            int blue = 0;
            while (blue != 0xff) {
                if (DisplayCodec.decode(display.receive().orElseThrow()) instanceof DisplayMessage.Update update
                        && update.y() == 0) {
                    blue = update.pixels()[0] & 0xff;
                }
            }
            // So do those who watch.
            int[] row = new int[64];
            test.server.guest().shown(0).picture().orElseThrow().copyRow(0, row, 0);
            assertThat(row[0] & 0xff_ffff).isEqualTo(0x0000_00ff);
            test.server.command("finish");
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            Divergence divergence = test.replayed().divergence().orElseThrow();
            assertThat(divergence).isInstanceOf(Divergence.Different.class);
            assertThat(divergence.toString()).contains("Flush");
        }
    }

    /** The guest draws while the device works: what the target finds is what the trace tells, or no replay could agree. */
    @Test
    void aTargetFindsInMemoryWhatTheTraceTellsThoughTheGuestRunsOn() throws Exception {
        try (TestServer test = server(BuiltinDevice.ours())) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            byte[] transfer = CommandCodec.encode(new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
            byte[] flush = CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
            for (int round = 0; round < 400; round++) {
                for (int i = 0; i < 6; i++) {
                    guest.offer(0, transfer);
                    guest.offer(0, flush);
                }
                guest.publish(0, 12);
                for (int i = 0; i < 64 * 48; i += 7) {
                    guest.memory.putInt(IMAGE + 4L * i, round * 31 + i);
                }
                assertThat(guest.await(0, 20_000)).isTrue();
            }
            test.server.command("finish");
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    /** A virtual machine that is paused goes on, and its target with it. */
    @Test
    void aGuestThatWasPausedGoesOnWithItsTarget() throws Exception {
        try (TestServer test = server(BuiltinDevice.ours())) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            int[] next = guest.stop();
            guest.start(TestGuest.FEATURES, next[0], next[1]);
            draw(guest, 3);
            show(guest, ALL);
            test.server.command("finish");
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            assertThat(test.count(TraceEvent.Reset.class)).isEqualTo(1);
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }
}
