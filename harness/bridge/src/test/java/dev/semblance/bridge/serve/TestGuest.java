package dev.semblance.bridge.serve;

import dev.semblance.bridge.memory.RegionMemory;
import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.Fd;
import dev.semblance.bridge.posix.Mapping;
import dev.semblance.bridge.posix.Poller;
import dev.semblance.bridge.posix.SharedMemory;
import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.MemoryRegion;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.bridge.vhost.VhostCodec;
import dev.semblance.bridge.vhost.VhostRequest;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A front-end and the guest behind it, in this process: says what QEMU says, and has a driver of two queues. */
public final class TestGuest implements AutoCloseable {

    public static final long BASE = 0x8000_0000L;
    public static final long SIZE = 16 << 20;
    static final long USER = 0x7f12_0000_0000L;
    static final int QUEUE_SIZE = 64;

    /** Features: VERSION_1, EDID, INDIRECT_DESC, EVENT_IDX. */
    public static final long FEATURES = 1L << 32 | 1L << 1 | 1L << 28 | 1L << 29;

    /** The answer to what is done. */
    public static final int OK_NODATA = 0x1100;

    private static final int X8R8G8B8 = 2;
    private static final long QUEUE_BYTES = 0x4000;
    private static final long BUFFERS = BASE + 0x10000;

    final SharedMemory file = SharedMemory.create("guest", SIZE);
    public final RegionMemory memory =
            new RegionMemory(List.of(new RegionMemory.Region(BASE, Mapping.map(file, 0, SIZE))));
    public final MessageSocket control;

    /** What is told of memory; each region is of the one file. */
    List<MemoryRegion> regions = List.of(new MemoryRegion(BASE, SIZE, USER, 0));

    final EventFd[] kicks = {EventFd.create(), EventFd.create()};
    final EventFd[] calls = {EventFd.create(), EventFd.create()};
    final EventFd[] errors = {EventFd.create(), EventFd.create()};
    private final List<UnixSocket> display = new ArrayList<>();
    private final int[] available = new int[2];
    private final int[] used = new int[2];
    private boolean eventIndex;
    private boolean indirect;

    public TestGuest(UnixSocket socket) throws IOException {
        control = new MessageSocket(socket, VhostCodec.MAX_PAYLOAD, Duration.ofSeconds(20));
    }

    void tell(VhostRequest request, List<? extends Fd> fds) throws IOException {
        control.send(new Message(
                VhostCodec.number(request), Message.VERSION, VhostCodec.payload(request), List.copyOf(fds)));
    }

    Message ask(VhostRequest request, List<? extends Fd> fds, int flags) throws IOException {
        control.send(new Message(
                VhostCodec.number(request), Message.VERSION | flags, VhostCodec.payload(request), List.copyOf(fds)));
        return control.receive().orElseThrow();
    }

    long ask(VhostRequest request) throws IOException {
        return Replies.readU64(ask(request, List.of(), 0));
    }

    /** Says all that comes before a driver. */
    public void open() throws IOException {
        ask(new VhostRequest.GetFeatures());
        ask(new VhostRequest.GetProtocolFeatures());
        tell(new VhostRequest.SetProtocolFeatures(0x209), List.of());
        ask(new VhostRequest.GetQueueCount());
        tell(new VhostRequest.SetOwner(), List.of());
        for (int queue = 0; queue < 2; queue++) {
            tell(new VhostRequest.SetQueueCall(queue, true), List.of(calls[queue]));
            tell(new VhostRequest.SetQueueError(queue, true), List.of(errors[queue]));
        }
        Replies.readConfig(ask(new VhostRequest.GetConfig(0, 16, 0), List.of(), 0));
    }

    /** Returns the display socket's other end. */
    public UnixSocket connectDisplay() throws IOException {
        List<UnixSocket> ends = UnixSocket.pair();
        tell(new VhostRequest.SetDisplaySocket(), List.of(ends.get(1)));
        ends.get(1).close();
        display.add(ends.get(0));
        return ends.get(0);
    }

    /** Starts a driver as after a reset. */
    public void start(long features) throws IOException {
        memory.write(BASE, new byte[(int) (2 * QUEUE_BYTES)], 0, (int) (2 * QUEUE_BYTES));
        available[0] = 0;
        available[1] = 0;
        used[0] = 0;
        used[1] = 0;
        start(features, 0, 0);
    }

    /** Lets a driver go on, or start, at these indexes. */
    void start(long features, int base0, int base1) throws IOException {
        eventIndex = (features & 1L << 29) != 0;
        indirect = (features & 1L << 28) != 0;
        tell(new VhostRequest.SetFeatures(features | VhostCodec.F_PROTOCOL_FEATURES), List.of());
        tellMemory();
        for (int queue = 0; queue < 2; queue++) {
            tell(new VhostRequest.SetQueueSize(queue, QUEUE_SIZE), List.of());
            tell(new VhostRequest.SetQueueBase(queue, queue == 0 ? base0 : base1), List.of());
            tell(rings(queue), List.of());
            tell(new VhostRequest.SetQueueKick(queue, true), List.of(kicks[queue]));
        }
        for (int queue = 0; queue < 2; queue++) {
            ask(new VhostRequest.SetQueueEnabled(queue, true), List.of(), Message.NEED_REPLY);
        }
    }

    void tellMemory() throws IOException {
        ask(new VhostRequest.SetMemoryTable(regions), Collections.nCopies(regions.size(), file), Message.NEED_REPLY);
    }

    VhostRequest rings(int queue) {
        long at = USER + queue * QUEUE_BYTES;
        return new VhostRequest.SetQueueAddresses(queue, 0, at, at + 0x2000, at + 0x1000, 0);
    }

    /** Stops the driver, as a reset and a pause do. Returns the indexes of the next available chains. */
    public int[] stop() throws IOException {
        for (int queue = 0; queue < 2; queue++) {
            ask(new VhostRequest.SetQueueEnabled(queue, false), List.of(), Message.NEED_REPLY);
        }
        int[] next = new int[2];
        for (int queue = 0; queue < 2; queue++) {
            next[queue] = Replies.readQueueState(ask(new VhostRequest.GetQueueBase(queue), List.of(), 0))
                    .value();
        }
        return next;
    }

    // ---- the driver ---------------------------------------------------------------------------------------------

    private long ring(int queue, long offset) {
        return BASE + queue * QUEUE_BYTES + offset;
    }

    /** Puts a command on a queue. */
    public long offer(int queue, GpuCommand command) {
        return offer(queue, CommandCodec.encode(command));
    }

    /** Puts a request on a queue, in descriptors that are used again for every 16th. Returns where its answer will be. */
    public long offer(int queue, byte[] request) {
        int slot = available[queue] % (QUEUE_SIZE / 4);
        long buffer = BUFFERS + (queue * 64L + slot) * 0x2000;
        long answer = buffer + 0x1000;
        memory.write(buffer, request, 0, request.length);
        long table = ring(queue, 0);
        int head = 2 * slot;
        if (indirect) {
            long inside = buffer + 0x1f00;
            descriptor(inside, buffer, request.length, 1, 1);
            descriptor(inside + 16, answer, 0xe00, 2, 0);
            descriptor(table + 16L * head, inside, 32, 4, 0);
        } else {
            descriptor(table + 16L * head, buffer, request.length, 1, head + 1);
            descriptor(table + 16L * (head + 1), answer, 0xe00, 2, 0);
        }
        memory.putShort(ring(queue, 0x1000 + 4 + 2L * (available[queue] % QUEUE_SIZE)), (short) head);
        available[queue] = available[queue] + 1 & 0xffff;
        if (eventIndex) {
            // Interrupt for the last of them.
            memory.putShort(ring(queue, 0x1000 + 4 + 2L * QUEUE_SIZE), (short) (available[queue] - 1));
        }
        return answer;
    }

    void descriptor(long at, long address, int length, int flags, int next) {
        memory.putLong(at, address);
        memory.putLong(at + 8, length | (long) flags << 32 | (long) next << 48);
    }

    /** Lets the device see what was offered, and notifies it if it wants that (VIRTIO 1.2, 2.7.10.1). */
    public void publish(int queue, int count) {
        memory.putShortRelease(ring(queue, 0x1000 + 2), (short) available[queue]);
        memory.fence();
        boolean wanted = true;
        if (eventIndex) {
            int event = memory.getShort(ring(queue, 0x2000 + 4 + 8L * QUEUE_SIZE));
            wanted = (available[queue] - event - 1 & 0xffff) < count;
        }
        if (wanted) {
            kicks[queue].signal();
        }
    }

    /** Waits until the device has used all that was offered. */
    public boolean await(int queue, int milliseconds) throws IOException {
        long end = System.nanoTime() + milliseconds * 1_000_000L;
        while ((memory.getShortAcquire(ring(queue, 0x2000 + 2)) & 0xffff) != available[queue]) {
            int left = (int) ((end - System.nanoTime()) / 1_000_000);
            if (left <= 0) {
                return false;
            }
            Poller.await(List.of(new Poller.Interest(calls[queue], Poller.READABLE)), left);
            calls[queue].drain();
        }
        used[queue] = available[queue];
        return true;
    }

    /** Sends a request and returns the type of the response. */
    public int send(int queue, GpuCommand command) throws IOException {
        return send(queue, CommandCodec.encode(command));
    }

    int send(int queue, byte[] request) throws IOException {
        long answer = offer(queue, request);
        publish(queue, 1);
        if (!await(queue, 20_000)) {
            throw new AssertionError("no answer");
        }
        return memory.getInt(answer);
    }

    /** Makes an image of B8G8R8X8 with its backing at an address, and shows it on scanout 0. All of it must be answered well. */
    public void showImage(int id, int width, int height, long address) throws IOException {
        List<GpuCommand> commands = List.of(
                new GpuCommand.ResourceCreate2d(Header.NONE, id, X8R8G8B8, width, height),
                new GpuCommand.ResourceAttachBacking(
                        Header.NONE, id, 1, List.of(new MemoryEntry(address, 4L * width * height))),
                new GpuCommand.SetScanout(Header.NONE, new Rect(0, 0, width, height), 0, id));
        for (GpuCommand command : commands) {
            int answer = send(0, command);
            if (answer != OK_NODATA) {
                throw new AssertionError(command + " is answered with 0x" + Integer.toHexString(answer));
            }
        }
    }

    void breakRing(int queue) {
        memory.putShort(ring(queue, 0x1000 + 4 + 2L * (available[queue] % QUEUE_SIZE)), (short) 0x7777);
        available[queue] = available[queue] + 1 & 0xffff;
        publish(queue, 1);
    }

    @Override
    public void close() {
        control.close();
        display.forEach(UnixSocket::close);
        for (int queue = 0; queue < 2; queue++) {
            kicks[queue].close();
            calls[queue].close();
            errors[queue].close();
        }
        memory.close();
        file.close();
    }
}
