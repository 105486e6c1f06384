package dev.semblance.machine.virtio;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A device that answers each request with the request, and writes down what happens to it. */
final class EchoDevice implements VirtioDevice {

    static final long FEATURE = 1L << 5;

    final List<String> notices = new ArrayList<>();
    final List<RingFault> faults = new ArrayList<>();
    final List<DescriptorChain> held = new ArrayList<>();
    final byte[] config = {1, 2, 3, 4, 5, 6, 7, 8};
    long offered = VirtioFeatures.VERSION_1 | FEATURE;
    /** Whether chains are kept instead of answered. */
    boolean holding;

    /** Whether chains are left on the ring. */
    boolean deaf;

    Optional<DeviceContext> context = Optional.empty();

    DeviceContext context() {
        return context.orElseThrow();
    }

    @Override
    public int deviceId() {
        return 42;
    }

    @Override
    public long offeredFeatures() {
        return offered;
    }

    @Override
    public int queueCount() {
        return 2;
    }

    @Override
    public int maxQueueSize(int queue) {
        return queue == 0 ? 1024 : 64;
    }

    @Override
    public int configSize() {
        return config.length;
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | config[offset + i] & 0xff;
        }
        return value;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        notices.add(String.format(Locale.ROOT, "config %d/%d=%x", offset, width, value));
        for (int i = 0; i < width; i++) {
            config[offset + i] = (byte) (value >> 8 * i);
        }
    }

    @Override
    public void reset() {
        notices.add("reset");
    }

    @Override
    public void featuresAccepted(long features) {
        notices.add(String.format(Locale.ROOT, "accepted %x", features));
    }

    @Override
    public void featuresRefused(long features) {
        notices.add(String.format(Locale.ROOT, "refused %x", features));
    }

    @Override
    public void queueEnabled(int queue, QueueLayout layout) {
        notices.add("enabled " + queue + " size " + layout.size());
    }

    @Override
    public void queueDisabled(int queue) {
        notices.add("disabled " + queue);
    }

    @Override
    public void queueReset(int queue) {
        notices.add("queue reset " + queue);
    }

    @Override
    public void start(DeviceContext newContext) {
        notices.add("start");
        context = Optional.of(newContext);
    }

    @Override
    public void queueNotified(int queue) {
        notices.add("notified " + queue);
        if (deaf) {
            return;
        }
        Virtqueue ring = context().queue(queue);
        for (Optional<DescriptorChain> chain = ring.poll(); chain.isPresent(); chain = ring.poll()) {
            if (holding) {
                held.add(chain.get());
            } else {
                notices.add("answered " + answer(ring, chain.get()));
            }
        }
    }

    static Virtqueue.Notification answer(Virtqueue ring, DescriptorChain chain) {
        byte[] request = chain.reader().readUpTo(1 << 20);
        int written = chain.writer().write(request);
        return ring.complete(chain, written, Virtqueue.Announce.NOW);
    }

    @Override
    public void ringBroken(int queue, RingFault fault) {
        notices.add("broken " + queue + " " + fault.reason());
        faults.add(fault);
    }

    @Override
    public void resetNeeded() {
        notices.add("reset needed");
    }
}
