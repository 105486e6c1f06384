package dev.semblance.bridge.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.SharedMemory;
import dev.semblance.bridge.posix.UnixListener;
import dev.semblance.bridge.vhost.MemoryRegion;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.VhostRequest;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.trace.TraceEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Front-ends that lie, break off, or take back what they gave: a sentence, and a trace that is whole. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class HostilePeerTests {

    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    /** Something that a front-end does. */
    @FunctionalInterface
    private interface Deed {
        void of(TestGuest guest) throws IOException;
    }

    private String refusal(Deed deed) throws Exception {
        try (TestServer test = new TestServer(folder)) {
            test.guest.open();
            try {
                deed.of(test.guest);
            } catch (IOException | RuntimeException closed) {
                // It is the server that says what was wrong.
            }
            Server.Ending ending = test.ending();
            Files.deleteIfExists(test.trace);
            return ending instanceof Server.Ending.Unusable unusable ? unusable.reason() : ending.toString();
        }
    }

    private static Deed memory(List<? extends Fd> fds, MemoryRegion... regions) {
        return guest -> guest.ask(new VhostRequest.SetMemoryTable(List.of(regions)), fds, Message.NEED_REPLY);
    }

    @Test
    void memoryThatLiesIsRefused() throws Exception {
        try (SharedMemory file = SharedMemory.create("test", MIB);
                EventFd event = EventFd.create()) {
            MemoryRegion sound = new MemoryRegion(0, MIB, 1L << 40, 0);
            assertThat(refusal(memory(List.of()))).contains("no memory");
            assertThat(refusal(memory(List.of(), sound))).contains("came with 0 file descriptors, and has 1");
            assertThat(refusal(memory(List.of(file, file), sound))).contains("came with 2 file descriptors, and has 1");
            assertThat(refusal(memory(List.of(file), new MemoryRegion(0, 2 * MIB, 1L << 40, 0))))
                    .contains("is shorter than that");
            assertThat(refusal(memory(List.of(file), new MemoryRegion(0, MIB, 1L << 40, 4096))))
                    .contains("is shorter than that");
            assertThat(refusal(memory(List.of(event), sound))).contains("or no file");
            assertThat(refusal(memory(List.of(file), new MemoryRegion(0, -4096, 1L << 40, 0))))
                    .contains("not of whole pages, or too large");
            assertThat(refusal(memory(List.of(file), new MemoryRegion((1L << 40) - 4096, MIB, 1L << 40, 0))))
                    .contains("memory beyond 1 TiB");
            assertThat(refusal(memory(List.of(file), new MemoryRegion(100, MIB, 1L << 40, 0))))
                    .contains("not of whole pages, or too large");
            assertThat(refusal(memory(List.of(file), new MemoryRegion(0, MIB, 1L << 40, Long.MAX_VALUE - 4095))))
                    .contains("not of whole pages, or too large");
            assertThat(refusal(memory(List.of(file, file), sound, new MemoryRegion(MIB - 4096, MIB, 1L << 41, 0))))
                    .contains("regions 0 and 1 of guest memory overlap");
        }
    }

    @Test
    void ringsThatAreNotInMemoryAreRefused() throws Exception {
        assertThat(refusal(guest -> {
                    guest.tell(guest.rings(0), List.of());
                    guest.start(TestGuest.FEATURES);
                    guest.tell(new VhostRequest.SetQueueAddresses(0, 0, 0x10000, 0x20000, 0x30000, 0), List.of());
                    guest.control.receive();
                }))
                .contains("a ring of queue 0 is not in guest memory");
        assertThat(refusal(guest -> startWith(guest, TestGuest.USER + TestGuest.SIZE - 16)))
                .contains("not inside guest memory, or not aligned");
        assertThat(refusal(guest -> startWith(guest, TestGuest.USER + 2)))
                .contains("not inside guest memory, or not aligned");
        assertThat(refusal(guest -> {
                    guest.start(TestGuest.FEATURES);
                    guest.tell(
                            new VhostRequest.SetQueueAddresses(
                                    0, 0, TestGuest.USER, TestGuest.USER + 0x100000, TestGuest.USER + 0x1000, 0),
                            List.of());
                    guest.control.receive();
                }))
                .contains("moved while they were served");
    }

    private static void startWith(TestGuest guest, long descriptors) throws IOException {
        guest.tell(new VhostRequest.SetFeatures(TestGuest.FEATURES), List.of());
        guest.tellMemory();
        guest.tell(new VhostRequest.SetQueueSize(0, 64), List.of());
        guest.tell(
                new VhostRequest.SetQueueAddresses(
                        0, 0, descriptors, TestGuest.USER + 0x2000, TestGuest.USER + 0x1000, 0),
                List.of());
        guest.tell(new VhostRequest.SetQueueKick(0, true), List.of(guest.kicks[0]));
        for (int queue = 0; queue < 2; queue++) {
            guest.ask(new VhostRequest.SetQueueEnabled(queue, true), List.of(), Message.NEED_REPLY);
        }
    }

    @Test
    void queuesAndFeaturesThatAreNotThereAreRefused() throws Exception {
        assertThat(refusal(guest -> {
                    guest.tell(new VhostRequest.SetQueueSize(2, 64), List.of());
                    guest.control.receive();
                }))
                .contains("there is no queue 2");
        assertThat(refusal(guest -> {
                    guest.tell(new VhostRequest.SetQueueSize(-1, 64), List.of());
                    guest.control.receive();
                }))
                .contains("there is no queue 4294967295");
        for (int size : new int[] {0, -1, 1025, 0x8000}) {
            assertThat(refusal(guest -> {
                        guest.tell(new VhostRequest.SetQueueSize(0, size), List.of());
                        guest.control.receive();
                    }))
                    .contains("1 to 1024 are taken");
        }
        assertThat(refusal(guest -> {
                    guest.tell(new VhostRequest.SetQueueBase(0, 0x10000), List.of());
                    guest.control.receive();
                }))
                .contains("an index has 16 bits");
        assertThat(refusal(guest -> guest.start(TestGuest.FEATURES & ~(1L << 32))))
                .contains("before VIRTIO 1.0");
        assertThat(refusal(guest -> guest.start(TestGuest.FEATURES | 1L << 34)))
                .contains("features that are not here (0x400000000)");
        assertThat(refusal(guest -> guest.start(TestGuest.FEATURES | 1L << 63))).contains("0x8000000000000000");
        assertThat(refusal(guest -> {
                    guest.control.send(new Message(26, Message.VERSION, new byte[0], List.of()));
                    guest.control.receive();
                }))
                .contains("request 26 is of a feature of vhost-user that was not offered");
        assertThat(refusal(guest -> {
                    for (int queue = 0; queue < 2; queue++) {
                        guest.ask(new VhostRequest.SetQueueEnabled(queue, true), List.of(), Message.NEED_REPLY);
                    }
                }))
                .contains("before VIRTIO 1.0");
    }

    @Test
    void aMessageThatBreaksOffIsABreachAndOneThatNeverEndsToo() throws Exception {
        byte[] half = MessageSocket.encode(new Message(2, Message.VERSION, new byte[8], List.of()));
        assertThat(refusal(guest -> {
                    guest.control.socket().send(half, 0, 15, List.of());
                    guest.control.close();
                }))
                .contains("ended in the middle of a message");
        assertThat(refusal(guest -> {
                    guest.control.socket().send(half, 0, 15, List.of());
                    guest.control.receive();
                }))
                .contains("within 3000 ms");
        assertThat(refusal(guest -> guest.control.close())).isEqualTo("Disconnected[]");
    }

    /** What was answered is in the trace, and of the command that found no memory there is nothing. */
    @Test
    void memoryThatIsTakenAwayUnderLoadEndsTheRecordingAndTheTraceReplays() throws Exception {
        byte[] transfer =
                CommandCodec.encode(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 64, 48), 0, 1));
        byte[] flush = CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 0, 64, 48), 1));
        for (long left : new long[] {0, 8 * MIB}) {
            for (int round = 0; round < 8; round++) {
                try (TestServer test = new TestServer(folder)) {
                    TestGuest guest = test.guest;
                    guest.open();
                    guest.start(TestGuest.FEATURES);
                    guest.showImage(1, 64, 48, TestGuest.BASE + 12 * MIB);
                    for (int i = 0; i < 14; i += 2) {
                        guest.memory.putInt(TestGuest.BASE + 12 * MIB, i);
                        guest.offer(0, transfer);
                        guest.offer(0, flush);
                    }
                    guest.publish(0, 14);
                    Thread.sleep(Duration.ofNanos(200_000L * round));
                    guest.file.resize(left);
                    guest.kicks[0].signal();
                    if (left > 0) {
                        // The rings are there still, and the image is not.
                        guest.offer(0, transfer);
                        guest.publish(0, 1);
                    }
                    assertThat(test.ending())
                            .isInstanceOfSatisfying(
                                    Server.Ending.Unusable.class,
                                    unusable -> assertThat(unusable.reason()).contains("taken away"));
                    assertThat(test.last()).isInstanceOf(TraceEvent.End.class);
                    assertThat(test.replayed().divergence()).isEmpty();
                    Files.delete(test.trace);
                }
            }
        }
    }

    /** The PC has a hole below 4 GiB; QEMU gives two regions of one file. */
    @Test
    void memoryWithAHoleAndAbove4GibIsServedAndReplays() throws Exception {
        long high = 4L << 30;
        long half = TestGuest.SIZE / 2;
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            // The driver's memory at its usual place, and the second half of the file above 4 GiB.
            MemoryRegion low = new MemoryRegion(TestGuest.BASE, half, TestGuest.USER, 0);
            MemoryRegion above = new MemoryRegion(high, half, TestGuest.USER + half, half);
            guest.regions = List.of(above, low);
            guest.start(TestGuest.FEATURES);
            guest.memory.putInt(TestGuest.BASE + half, 0x123456);
            guest.showImage(1, 64, 48, high);
            int transferred = guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 64, 48), 0, 1));
            assertThat(transferred).isEqualTo(0x1100);
            guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 0, 64, 48), 1));
            guest.send(0, new GpuCommand.ResourceDetachBacking(Header.NONE, 1));
            // In the hole, and over its edge.
            for (long address : new long[] {TestGuest.BASE + half, high - 4096, TestGuest.BASE + half - 4096}) {
                int refused = guest.send(
                        0,
                        new GpuCommand.ResourceAttachBacking(
                                Header.NONE, 1, 1, List.of(new MemoryEntry(address, 64 * 48 * 4))));
                assertThat(refused).isNotEqualTo(0x1100);
            }
            // Told anew while it is served, as when a device is plugged in.
            guest.tellMemory();
            guest.send(0, new GpuCommand.GetDisplayInfo(Header.NONE));
            test.server.command("finish");
            assertThat(test.ending()).isEqualTo(new Server.Ending.Finished());
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    @Test
    void aGuestThatLosesMemoryIsRecordedUpToThere() throws Exception {
        try (TestServer test = new TestServer(folder)) {
            TestGuest guest = test.guest;
            guest.open();
            guest.start(TestGuest.FEATURES);
            guest.showImage(1, 64, 48, TestGuest.BASE + 12 * MIB);
            guest.regions = List.of(new MemoryRegion(TestGuest.BASE, 8 * MIB, TestGuest.USER, 0));
            assertThatThrownBy(guest::tellMemory).isInstanceOf(Exception.class);
            assertThat(test.ending().toString()).contains("no longer has the memory");
            assertThat(test.replayed().divergence()).isEmpty();
        }
    }

    @Test
    void aSocketIsMadeForItsUserAloneAndNothingIsReplacedButASocketThatNobodyHas() throws Exception {
        Path path = folder.resolve("gpu.sock");
        UnixListener.listen(path).close();
        ServeSocket socket = ServeSocket.listen(path);
        try {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                    .isEqualTo("rw-------");
            assertThatThrownBy(() -> ServeSocket.listen(path))
                    .isInstanceOf(UnusableInputException.class)
                    .hasMessageContaining("somebody listens");
        } finally {
            socket.close();
        }
        assertThat(path).doesNotExist();
        Files.writeString(path, "mine");
        assertThatThrownBy(() -> ServeSocket.listen(path)).hasMessageContaining("is no socket");
        assertThat(path).hasContent("mine");
        assertThatThrownBy(() -> ServeSocket.listen(folder.resolve("none/gpu.sock")))
                .hasMessageContaining("no folder");
        Path open = Files.createDirectory(folder.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> ServeSocket.listen(open.resolve("gpu.sock")))
                .hasMessageContaining("others can replace");
    }
}
