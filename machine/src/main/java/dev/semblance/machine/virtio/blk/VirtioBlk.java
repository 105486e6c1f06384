package dev.semblance.machine.virtio.blk;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.time.Timeline;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A block device (VIRTIO 1.2, 5.2): one request queue, served in order, each request a fixed number of cycles after it was
 * made available. Data is moved at that moment too.
 *
 * <p>A request that lacks a whole header or the room for a status byte cannot be answered and sets DEVICE_NEEDS_RESET;
 * everything else gets a status, written last, into the last writable byte. The used length counts the bytes written from
 * the start of the writable part without a gap (2.7.8.2), thus not a status byte behind data that stayed untouched.
 */
public final class VirtioBlk implements VirtioDevice, Stateful {

    /** VIRTIO_BLK_F_RO, as a mask. */
    public static final long READ_ONLY = 1L << 5;

    /** VIRTIO_BLK_F_FLUSH, as a mask. */
    public static final long FLUSH = 1L << 9;

    /** What a guest may learn of a disk, and how fast it is. */
    public record Options(String id, boolean readOnly, long delayCycles) {

        /** Bytes in the device id string (5.2.6). */
        public static final int ID_SIZE = 20;

        /**
         * Checks the options.
         *
         * @param id the serial number, at most 20 ASCII characters
         * @param readOnly whether writes are refused
         * @param delayCycles from available to used, 0 or more
         */
        public Options {
            if (id.length() > ID_SIZE || !StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
                throw new IllegalArgumentException("a disk id has at most 20 ASCII characters: " + id);
            }
            if (delayCycles < 0) {
                throw new IllegalArgumentException("a disk cannot answer before it is asked: " + delayCycles);
            }
        }

        /** {@return semu's disk: writable, and instantaneous} */
        public static Options semu() {
            return new Options("semu-vda", false, 0);
        }
    }

    private static final int REQUESTQ = 0;
    private static final int HEADER_SIZE = 16;

    private static final int TYPE_IN = 0;
    private static final int TYPE_OUT = 1;
    private static final int TYPE_FLUSH = 4;
    private static final int TYPE_GET_ID = 8;

    private static final int STATUS_OK = 0;
    private static final int STATUS_IO_ERROR = 1;
    private static final int STATUS_UNSUPPORTED = 2;

    private static final int SECTORS_AT_ONCE = 128;

    /** No chain is longer than the largest virtqueue (2.7) and a table of indirect descriptors. */
    private static final int MAX_DESCRIPTORS = 2 * 32768;

    private final BlockBackend disk;
    private final Timeline timeline;
    private final Options options;
    private final byte[] buffer = new byte[SECTORS_AT_ONCE * BlockBackend.SECTOR_SIZE];
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private Optional<DeviceContext> context = Optional.empty();

    private record Pending(DescriptorChain chain, Timeline.Deadline deadline) {}

    /** Makes a device. */
    public VirtioBlk(BlockBackend disk, Timeline timeline, Options options) {
        this.disk = disk;
        this.timeline = timeline;
        this.options = options;
    }

    @Override
    public int deviceId() {
        return 2;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1 | FLUSH | (options.readOnly() ? READ_ONLY : 0);
    }

    @Override
    public int queueCount() {
        return 1;
    }

    /** The capacity field alone: no feature that adds another is offered (5.2.4). */
    @Override
    public int configSize() {
        return Long.BYTES;
    }

    @Override
    public int readConfig(int offset, int width) {
        return (int) (disk.sectors() >>> 8 * offset);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        // The capacity is the device's to say.
    }

    @Override
    public void reset() {
        forgetPending();
        context = Optional.empty();
    }

    @Override
    public void queueDisabled(int queue) {
        forgetPending();
    }

    @Override
    public void queueReset(int queue) {
        forgetPending();
    }

    @Override
    public void resetNeeded() {
        forgetPending();
    }

    private void forgetPending() {
        pending.forEach(request -> request.deadline().cancel());
        pending.clear();
    }

    @Override
    public void start(DeviceContext newContext) {
        context = Optional.of(newContext);
    }

    @Override
    public void resume(Optional<DeviceContext> running) {
        context = running;
    }

    @Override
    public void queueNotified(int queue) {
        context.ifPresent(this::takeAll);
    }

    private void takeAll(DeviceContext running) {
        Virtqueue queue = running.queue(REQUESTQ);
        for (Optional<DescriptorChain> chain = queue.poll(); chain.isPresent(); chain = queue.poll()) {
            DescriptorChain request = chain.get();
            if (options.delayCycles() == 0) {
                serve(running, request);
            } else {
                long cycle = Math.addExact(timeline.now(), options.delayCycles());
                pending.add(new Pending(request, timeline.schedule(cycle, () -> serveFirst(running))));
            }
        }
    }

    /** Serves the oldest request: all wait equally long, so it is the one that is due. */
    private void serveFirst(DeviceContext running) {
        serve(running, pending.remove().chain());
    }

    private void serve(DeviceContext running, DescriptorChain chain) {
        byte[] header = chain.reader().readUpTo(HEADER_SIZE);
        if (header.length < HEADER_SIZE || chain.writer().size() == 0) {
            running.needsReset();
            return;
        }
        int status = execute(littleEndian(header, 0, 4), littleEndian(header, 8, 8), chain);
        boolean gapless = chain.writer().remaining() == 1;
        long dataWritten = chain.writer().position();
        chain.writer().skip(chain.writer().remaining() - 1);
        chain.writer().write(new byte[] {(byte) status});
        running.queue(REQUESTQ).complete(chain, gapless ? dataWritten + 1 : dataWritten, Virtqueue.Announce.NOW);
    }

    private int execute(long type, long sector, DescriptorChain chain) {
        return switch ((int) type) {
            case TYPE_IN -> read(sector, chain);
            case TYPE_OUT -> options.readOnly() ? STATUS_IO_ERROR : write(sector, chain);
            case TYPE_FLUSH -> STATUS_OK;
            case TYPE_GET_ID -> writeId(chain);
            default -> STATUS_UNSUPPORTED;
        };
    }

    private int read(long sector, DescriptorChain chain) {
        long length = chain.writer().remaining() - 1;
        if (!isInside(sector, length)) {
            return STATUS_IO_ERROR;
        }
        long next = sector;
        for (long left = length / BlockBackend.SECTOR_SIZE; left > 0; ) {
            int count = (int) Math.min(left, SECTORS_AT_ONCE);
            disk.read(next, buffer, 0, count);
            chain.writer().write(buffer, 0, count * BlockBackend.SECTOR_SIZE);
            next += count;
            left -= count;
        }
        return STATUS_OK;
    }

    private int write(long sector, DescriptorChain chain) {
        long length = chain.reader().remaining();
        if (!isInside(sector, length)) {
            return STATUS_IO_ERROR;
        }
        long next = sector;
        for (long left = length / BlockBackend.SECTOR_SIZE; left > 0; ) {
            int count = (int) Math.min(left, SECTORS_AT_ONCE);
            chain.reader().read(buffer, 0, count * BlockBackend.SECTOR_SIZE);
            disk.write(next, buffer, 0, count);
            next += count;
            left -= count;
        }
        return STATUS_OK;
    }

    /** {@return whether whole sectors are asked for, all of them on the disk; {@code sector} is unsigned} */
    private boolean isInside(long sector, long length) {
        long count = length / BlockBackend.SECTOR_SIZE;
        return length % BlockBackend.SECTOR_SIZE == 0 && sector >= 0 && sector <= disk.sectors() - count;
    }

    private int writeId(DescriptorChain chain) {
        byte[] id = Arrays.copyOf(options.id().getBytes(StandardCharsets.US_ASCII), Options.ID_SIZE);
        int room = (int) Math.min(id.length, chain.writer().remaining() - 1);
        chain.writer().write(id, 0, room);
        return STATUS_OK;
    }

    private static long littleEndian(byte[] bytes, int offset, int length) {
        long value = 0;
        for (int i = length - 1; i >= 0; i--) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
    }

    @Override
    public void state(StateExchange s) {
        s.part("BLK ", 1);
        disk.state(s);
        s.savedConstant(options.delayCycles(), "speed of the disk");
        if (s.isLoading()) {
            forgetPending();
        }
        int count = s.digestedCount(pending.size(), maxQueueSize(REQUESTQ));
        List<Optional<Pending>> requests =
                new ArrayList<>(pending.stream().map(Optional::of).toList());
        s.items(requests, count, Optional.empty(), request -> exchange(s, request));
        if (s.isLoading()) {
            long before = 0;
            for (Optional<Pending> request : requests) {
                pending.add(request.orElseThrow());
                s.require(pending.getLast().deadline().cycle() >= before, "its requests are in no order");
                before = pending.getLast().deadline().cycle();
            }
        }
    }

    private Optional<Pending> exchange(StateExchange s, Optional<Pending> request) {
        int head = s.digested(request.map(pending -> pending.chain().head()).orElse(0), 0, 0xffff);
        long cycle =
                s.digested(request.map(pending -> pending.deadline().cycle()).orElse(0L));
        List<Descriptor> descriptors = new ArrayList<>(
                request.map(pending -> pending.chain().descriptors()).orElse(List.of()));
        int count = s.savedCount(descriptors.size(), MAX_DESCRIPTORS);
        s.items(descriptors, count, Descriptor.NONE, descriptor -> descriptor.exchanged(s));
        if (s.isLoading()) {
            s.require(context.isPresent(), "a request of it came from nobody");
        }
        Optional<DeviceContext> running = context;
        Optional<Timeline.Deadline> deadline =
                timeline.exchange(s, request.map(Pending::deadline), () -> running.ifPresent(this::serveFirst));
        if (!s.isLoading()) {
            return request;
        }
        s.require(deadline.isPresent() && deadline.get().cycle() == cycle, "a request of it is never served");
        s.require(cycle - timeline.now() <= options.delayCycles(), "a request of it has yet to come");
        DescriptorChain chain = running.orElseThrow().queue(REQUESTQ).recall(s, head, descriptors);
        return Optional.of(new Pending(chain, deadline.orElseThrow()));
    }
}
