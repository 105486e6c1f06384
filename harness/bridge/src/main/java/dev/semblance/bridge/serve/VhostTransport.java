package dev.semblance.bridge.serve;

import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.SplitVirtqueue;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import java.util.List;
import java.util.Optional;

/**
 * What a device has of its driver from DRIVER_OK to the next reset, where the registers are another process's: its queues, served
 * one chain at a time. One is made for each life of a driver.
 *
 * <p>The guest runs on while the device works, and uses descriptors and buffers again as soon as they are given back. So the
 * device is notified for each chain by itself: then a trace has a moment for each, and what a chain found in memory is
 * told behind it and before the next.
 */
final class VhostTransport implements DeviceContext, SplitVirtqueue.Owner {

    /** What the front-end is told. */
    interface Signals {

        /** The driver is to be interrupted for a queue. */
        void used(int queue);

        /** A ring cannot be followed; nothing is served until the driver resets the device. */
        void broken(int queue, RingFault.Reason reason);
    }

    /**
     * A queue that the driver has set up.
     *
     * @param layout where its rings are; they fit
     * @param base index of the next available chain
     */
    record Ring(QueueLayout layout, int base) {}

    private final VirtioDevice device;
    private final GuestMemory memory;
    private final long features;
    private final Signals signals;
    private final OneChain[] queues;
    private final List<Optional<Ring>> rings;
    private boolean broken;

    /** The queue that is being served. */
    private int current;

    /** Whether its one chain was taken. */
    private boolean taken;

    VhostTransport(
            VirtioDevice device, GuestMemory memory, long features, List<Optional<Ring>> rings, Signals signals) {
        this.device = device;
        this.memory = memory;
        this.features = features;
        this.rings = List.copyOf(rings);
        this.signals = signals;
        queues = new OneChain[device.queueCount()];
        for (int queue = 0; queue < queues.length; queue++) {
            queues[queue] = new OneChain(new SplitVirtqueue(queue, memory, this));
        }
    }

    /** Tells the device of its driver's features and queues, and starts it. */
    void start() {
        device.reset();
        device.featuresAccepted(features);
        for (int queue = 0; queue < queues.length; queue++) {
            Optional<Ring> ring = rings.get(queue);
            if (ring.isPresent()) {
                QueueLayout layout = ring.get().layout();
                SplitVirtqueue virtqueue = queues[queue].queue;
                virtqueue.begin(ring.get().base(), memory.getShort(layout.usedRing() + 2));
                virtqueue.enable(layout);
                device.queueEnabled(queue, layout);
            }
        }
        device.start(this);
    }

    /**
     * {@return whether a driver that was stopped goes on, rather than one that has reset the device} A virtual machine that is
     * paused looks like a reset to a back-end. But only one that goes on does so where it was.
     */
    boolean goesOn(long newFeatures, List<Optional<Ring>> newRings) {
        boolean moved = false;
        for (int queue = 0; queue < queues.length; queue++) {
            Optional<QueueLayout> layout = newRings.get(queue).map(Ring::layout);
            int base = newRings.get(queue).map(Ring::base).orElse(0);
            if (!layout.equals(rings.get(queue).map(Ring::layout)) || base != nextAvailable(queue)) {
                return false;
            }
            moved |= base != 0;
        }
        return moved && newFeatures == features;
    }

    /** {@return the index of a queue's next available chain} */
    int nextAvailable(int queue) {
        return queues[queue].queue.nextAvailable();
    }

    /** {@return where the driver has set up its queues} */
    List<Optional<Ring>> rings() {
        return rings;
    }

    boolean isServed(int queue) {
        return !broken && queues[queue].queue.isReady();
    }

    /**
     * Notifies the device of a queue, and lets it take one chain at most.
     *
     * @return whether it took one: there may be more
     */
    boolean serve(int queue) {
        if (!isServed(queue)) {
            return false;
        }
        current = queue;
        taken = false;
        device.queueNotified(queue);
        return taken;
    }

    @Override
    public long features() {
        return features;
    }

    @Override
    public Virtqueue queue(int queue) {
        return queues[queue];
    }

    /** The displays are fixed, and nothing else in the configuration changes by itself. */
    @Override
    public void configChanged() {
        throw new IllegalStateException("vhost-user has no way to tell of that without a channel back");
    }

    @Override
    public void needsReset() {
        broken = true;
        device.resetNeeded();
    }

    @Override
    public boolean serving() {
        return !broken;
    }

    @Override
    public void usedBuffer() {
        signals.used(current);
    }

    @Override
    public void broken(int queue, RingFault fault) {
        broken = true;
        device.ringBroken(queue, fault);
        device.resetNeeded();
        signals.broken(queue, fault.reason());
    }

    /** A queue that gives one chain in each notification. */
    private final class OneChain implements Virtqueue {

        private final SplitVirtqueue queue;

        OneChain(SplitVirtqueue queue) {
            this.queue = queue;
        }

        @Override
        public int index() {
            return queue.index();
        }

        @Override
        public int available() {
            return taken ? 0 : Math.min(1, queue.available());
        }

        @Override
        public Optional<DescriptorChain> poll() {
            if (taken) {
                return Optional.empty();
            }
            Optional<DescriptorChain> chain = queue.poll();
            taken = chain.isPresent();
            return chain;
        }

        @Override
        public Notification complete(DescriptorChain chain, long written, Announce announce) {
            return queue.complete(chain, written, announce);
        }
    }
}
