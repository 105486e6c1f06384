package dev.semblance.gpu.testing;

import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Queues without rings: chains go in by {@link #offer} and come back in {@link #used}. They lie in a RAM of their own. */
public final class FakeTransport implements DeviceContext {

    /** What response buffers hold before the device writes to them. */
    public static final byte UNTOUCHED = (byte) 0xa5;

    /** A used element, with all bytes of the chain's writable part. */
    public record Used(int head, long length, byte[] writable) {}

    private final VirtioDevice device;
    private final long features;
    private final Ram ram = new Ram(8 << 20);
    private final List<FakeQueue> queues = List.of(new FakeQueue(0), new FakeQueue(1));
    private long nextAddress;
    private int configChanges;

    /** Makes a transport over which the driver has accepted {@code features}, and starts the device. */
    public FakeTransport(VirtioDevice device, long features) {
        this.device = device;
        this.features = features;
        device.start(this);
    }

    /** Puts a chain on a queue without telling the device; the parts are sizes of buffers to cut into. */
    public void offer(int queue, byte[] request, List<Integer> requestCuts, int room, List<Integer> roomCuts) {
        List<Descriptor> descriptors = new ArrayList<>();
        int at = 0;
        for (int size : cut(request.length, requestCuts)) {
            long address = allocate(size);
            ram.write(address, request, at, size);
            at += size;
            descriptors.add(new Descriptor(descriptors.size(), address, size, 0));
        }
        for (int size : cut(room, roomCuts)) {
            long address = allocate(size);
            byte[] fill = new byte[size];
            Arrays.fill(fill, UNTOUCHED);
            ram.write(address, fill, 0, size);
            descriptors.add(new Descriptor(descriptors.size(), address, size, Descriptor.WRITE));
        }
        queues.get(queue).offered.add(new DescriptorChain(ram, queues.get(queue).heads++, descriptors));
    }

    /** Tells the device of new chains. */
    public void kick(int queue) {
        device.queueNotified(queue);
    }

    /** Sends one request and returns what came of it. */
    public Used exchange(int queue, byte[] request, List<Integer> requestCuts, int room, List<Integer> roomCuts) {
        nextAddress = 1;
        offer(queue, request, requestCuts, room, roomCuts);
        kick(queue);
        List<Used> used = used(queue);
        if (used.size() != 1) {
            throw new AssertionError("one request, " + used.size() + " used elements");
        }
        return used.get(0);
    }

    /** Sends one request in one buffer with another for the answer. */
    public Used exchange(int queue, byte[] request, int room) {
        return exchange(queue, request, List.of(), room, List.of());
    }

    /** Returns the chains that came back since this was last called. */
    public List<Used> used(int queue) {
        List<Used> taken = List.copyOf(queues.get(queue).used);
        queues.get(queue).used.clear();
        return taken;
    }

    /** Returns how often the device told of a configuration change. */
    public int configChanges() {
        return configChanges;
    }

    @Override
    public long features() {
        return features;
    }

    @Override
    public Virtqueue queue(int queue) {
        return queues.get(queue);
    }

    @Override
    public void configChanged() {
        configChanges++;
    }

    @Override
    public void needsReset() {
        throw new AssertionError("this device never needs a reset");
    }

    /** Buffers lie apart and at odd addresses. */
    private long allocate(int size) {
        long address = nextAddress;
        nextAddress += size + 3;
        return address;
    }

    private static List<Integer> cut(int total, List<Integer> sizes) {
        List<Integer> cuts = new ArrayList<>();
        int left = total;
        for (int size : sizes) {
            int part = Math.min(size, left);
            cuts.add(part);
            left -= part;
        }
        if (left > 0) {
            cuts.add(left);
        }
        return cuts;
    }

    private final class FakeQueue implements Virtqueue {
        final int index;
        final Deque<DescriptorChain> offered = new ArrayDeque<>();
        final List<Used> used = new ArrayList<>();
        int heads;

        FakeQueue(int index) {
            this.index = index;
        }

        @Override
        public int index() {
            return index;
        }

        @Override
        public int available() {
            return offered.size();
        }

        @Override
        public Optional<DescriptorChain> poll() {
            return Optional.ofNullable(offered.poll());
        }

        @Override
        public Notification complete(DescriptorChain chain, long written, Announce announce) {
            if (announce != Announce.NOW) {
                throw new AssertionError("every command is announced at once");
            }
            int room = (int) chain.descriptors().stream()
                    .filter(Descriptor::isWritable)
                    .mapToLong(Descriptor::length)
                    .sum();
            byte[] writable = new byte[room];
            int at = 0;
            for (Descriptor descriptor : chain.descriptors()) {
                if (descriptor.isWritable()) {
                    ram.read(descriptor.address(), writable, at, (int) descriptor.length());
                    at += (int) descriptor.length();
                }
            }
            used.add(new Used(chain.head(), written, writable));
            return Notification.SENT;
        }
    }
}
