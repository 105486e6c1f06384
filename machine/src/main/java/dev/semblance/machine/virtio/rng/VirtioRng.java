package dev.semblance.machine.virtio.rng;

import dev.semblance.machine.random.SplitMix64;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import java.util.Optional;

/**
 * An entropy device (VIRTIO 1.2, 5.4) whose entropy follows from a seed: the stream "virtio-rng" of {@link SplitMix64}.
 * The generator goes on over resets, so a guest never sees the same bytes twice.
 */
public final class VirtioRng implements VirtioDevice, Stateful {

    /** The most that one request gets, in bytes; a device need not fill the buffer (5.4.6.2). */
    public static final int MAX_BYTES = 64 * 1024;

    private static final int REQUESTQ = 0;

    private final SplitMix64 generator;
    private Optional<DeviceContext> context = Optional.empty();

    /** Makes a device. */
    public VirtioRng(long seed) {
        this.generator = SplitMix64.stream(seed, "virtio-rng");
    }

    @Override
    public int deviceId() {
        return 4;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1;
    }

    @Override
    public int queueCount() {
        return 1;
    }

    @Override
    public int configSize() {
        return 0;
    }

    @Override
    public int readConfig(int offset, int width) {
        return 0;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        // There is no configuration.
    }

    @Override
    public void reset() {
        context = Optional.empty();
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
        context.map(running -> running.queue(REQUESTQ)).ifPresent(this::serve);
    }

    private void serve(Virtqueue queue) {
        for (Optional<DescriptorChain> chain = queue.poll(); chain.isPresent(); chain = queue.poll()) {
            int length = (int) Math.min(MAX_BYTES, chain.get().writer().size());
            int written = chain.get().writer().write(generator.nextBytes(length));
            queue.complete(chain.get(), written, Virtqueue.Announce.NOW);
        }
    }

    @Override
    public void state(StateExchange s) {
        s.part("RNG ", 1);
        generator.state(s);
    }
}
