package dev.semblance.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.trace.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A front-end and a back-end on a socket pair, without QEMU: what is shown, and what is recorded and replays. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ServerTests {

    private static final int INVALID_RESOURCE_ID = 0x1203;
    private static final long IMAGE = TestGuest.BASE + (8 << 20);
    private static final Rect ALL = new Rect(0, 0, 64, 48);

    private static final int CHAINS = Integer.getInteger("semblance.hostile.chains", 17_000);

    @TempDir
    private Path folder;

    private static void draw(TestGuest guest, int first, int rows, int value) {
        byte[] bytes = new byte[rows * 64 * 4];
        Arrays.fill(bytes, (byte) value);
        guest.memory.write(IMAGE + first * 256L, bytes, 0, bytes.length);
    }

    private static int show(TestGuest guest) throws IOException {
        guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
        return guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
    }

    private static DisplayMessage next(MessageSocket display) throws IOException {
        return DisplayCodec.decode(display.receive().orElseThrow());
    }

    private static MessageSocket messages(UnixSocket socket) {
        return new MessageSocket(socket, DisplayCodec.MAX_PAYLOAD, Duration.ofSeconds(20));
    }

    @Test
    void aGuestIsServedShownAndRecordedAndTheTraceReplays() throws Exception {
        for (long features : new long[] {TestGuest.FEATURES, 1L << 32 | 1L << 1, 1L << 32 | 1L << 28}) {
            try (TestServer test = new TestServer(folder)) {
                TestGuest guest = test.guest;
                guest.open();
                MessageSocket display = messages(guest.connectDisplay());
                guest.start(features);
                guest.showImage(1, 64, 48, IMAGE);
                draw(guest, 0, 48, 0x11);
                assertThat(show(guest)).isEqualTo(TestGuest.OK_NODATA);
                assertThat(next(display)).isEqualTo(new DisplayMessage.Scanout(0, 64, 48));
                assertThat(next(display)).isInstanceOfSatisfying(DisplayMessage.Update.class, update -> {
                    assertThat(update.y()).isZero();
                    assertThat(update.height()).isEqualTo(48);
                    assertThat(update.pixels()[0]).isEqualTo((byte) 0x11);
                    assertThat(update.pixels()[3]).isEqualTo((byte) 0xff);
                });
                // Only the rows that changed.
                draw(guest, 10, 2, 0x22);
                show(guest);
                assertThat(next(display)).isInstanceOfSatisfying(DisplayMessage.Update.class, update -> {
                    assertThat(update.y()).isEqualTo(10);
                    assertThat(update.height()).isEqualTo(2);
                    assertThat(update.pixels()).hasSize(2 * 256).contains((byte) 0x22);
                });
                test.server.command("snapshot drawn");
                test.server.command("snapshot drawn");
                test.server.command("snapshot a/b");
                test.server.command("frobnicate");
                test.server.command("finish");
                assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
                assertThat(test.notices)
                        .anyMatch(notice -> notice.contains("drawn taken"))
                        .anyMatch(notice -> notice.contains("already"))
                        .anyMatch(notice -> notice.contains("no label"))
                        .anyMatch(notice -> notice.contains("frobnicate"));
                assertThat(test.count(TraceEvent.Snapshot.class)).isEqualTo(2);
                assertThat(test.count(TraceEvent.Command.class)).isEqualTo(7);
                assertThat(test.replayed().divergence()).isEmpty();
            }
            Files.delete(folder.resolve("t.trace"));
        }
    }

    /** VIRTIO 1.2, 2.4: what a driver made is gone after a reset. */
    @Test
    void aDriverThatStartsAnewFindsNothingOfTheLast() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            draw(guest, 0, 48, 1);
            show(guest);
            guest.stop();
            guest.start(TestGuest.FEATURES);
            assertThat(guest.send(0, new GpuCommand.ResourceUnref(Header.NONE, 1)))
                    .isEqualTo(INVALID_RESOURCE_ID);
            guest.showImage(1, 64, 48, IMAGE);
            guest.control.close();
            assertThat(test.ending()).isEqualTo(new Server.Ending.Disconnected());
            assertThat(test.count(TraceEvent.Reset.class)).isEqualTo(2);
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    /** QEMU stops a back-end while a virtual machine is paused, and starts it where it was. */
    @Test
    void aGuestThatWasPausedGoesOnWithAllThatItHad() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            int[] next = guest.stop();
            assertThat(next).containsExactly(3, 0);
            MessageSocket display = messages(guest.connectDisplay());
            guest.start(TestGuest.FEATURES, next[0], next[1]);
            draw(guest, 0, 48, 3);
            assertThat(show(guest)).isEqualTo(TestGuest.OK_NODATA);
            assertThat(next(display)).isEqualTo(new DisplayMessage.Scanout(0, 64, 48));
            test.server.command("finish");
            test.ending();
            assertThat(test.count(TraceEvent.Reset.class)).isEqualTo(1);
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    /**
     * The driver uses descriptors and buffers again as soon as they are back, and is 16 chains ahead. A million chains in the
     * Maven profile {@code hostile}: all 16 bits of every index come around 15 times.
     */
    @Test
    void noChainAndNoKickIsLostWhileTheGuestRunsOn() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            byte[] transfer =
                    CommandCodec.encode(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 4, 1), 0, 1));
            int sent = 3;
            for (int round = 0; sent < CHAINS; round++) {
                int many = 1 + round % 16;
                for (int i = 0; i < many; i++) {
                    guest.offer(0, transfer);
                    if (round % 3 == 0) {
                        guest.publish(0, 1);
                    }
                }
                if (round % 3 != 0) {
                    guest.publish(0, many);
                }
                guest.memory.putInt(IMAGE, round);
                assertThat(guest.await(0, 20_000)).as("round " + round).isTrue();
                sent += many;
            }
            test.server.command("finish");
            test.ending();
            assertThat(test.count(TraceEvent.Command.class)).isEqualTo(sent);
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    @Test
    void aDisplayThatTakesNothingNeverMakesTheGuestWait() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            UnixSocket socket = guest.connectDisplay();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            for (int i = 0; i < 300; i++) {
                draw(guest, 0, 48, i);
                assertThat(show(guest)).isEqualTo(TestGuest.OK_NODATA);
            }
            // Of all that, it gets what was on its way and then the newest.
            MessageSocket display = messages(socket);
            int last = -1;
            int updates = 0;
            while (last != (299 & 0xff)) {
                if (next(display) instanceof DisplayMessage.Update update) {
                    last = update.pixels()[update.pixels().length - 4] & 0xff;
                    updates++;
                }
            }
            assertThat(updates).isLessThan(200);
            socket.close();
            assertThat(show(guest)).isEqualTo(TestGuest.OK_NODATA);
            test.server.command("finish");
            test.ending();
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    @Test
    void aPictureThatStandsStillIsTakenOnce() throws Exception {
        try (TestServer test = new TestServer(folder, Optional.of(Duration.ofMillis(100)))) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            draw(guest, 0, 48, 5);
            show(guest);
            while (test.count(TraceEvent.Snapshot.class) == 0) {
                Thread.sleep(5);
            }
            // The same picture again is not another.
            show(guest);
            Thread.sleep(300);
            draw(guest, 0, 1, 6);
            show(guest);
            while (test.count(TraceEvent.Snapshot.class) < 2) {
                Thread.sleep(5);
            }
            test.interrupted = true;
            test.server.wake();
            assertThat(test.ending()).isEqualTo(new Server.Ending.Interrupted());
            assertThat(test.snapshots).containsExactly("still-1", "still-2", "end");
            assertThat(test.last()).isEqualTo(new TraceEvent.End(TraceEvent.End.Reason.INTERRUPTED, 0, new byte[0]));
        }
    }

    /** VIRTIO 1.2, 2.7.13: nothing can be answered any more. The next reset helps. */
    @Test
    void aBrokenRingStopsTheDeviceUntilItsDriverResetsIt() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            guest.breakRing(0);
            assertThat(guest.await(0, 300)).isFalse();
            assertThat(guest.errors[0].drain()).isTrue();
            guest.stop();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, IMAGE);
            test.server.command("finish");
            test.ending();
            assertThat(test.notices).anyMatch(notice -> notice.contains("broke the rules of queue 0"));
            assertThat(test.count(TraceEvent.Fault.class)).isEqualTo(1);
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }
}
