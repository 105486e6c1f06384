package dev.semblance.harness.fuzz.reference;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.device.ResourceUsage;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.Virtqueue.Announce;
import java.util.Optional;

/**
 * The 2D device of VIRTIO 1.2, 5.7, as the fuzzer expects it. It works straight on the bytes of requests and shares no code
 * with the device that this project tests, but sits on the same transport and publishes the same frames, so that it can be
 * recorded: such a trace holds the answers that a device should give.
 *
 * <p>Where the specification leaves a choice it takes the one that this project's device documents.
 */
public final class ReferenceDevice implements VirtioDevice, ResourceUsage.Meter, DisplayControl {

    private static final int HEADER = 24;

    /** How much of a request of unknown type is looked at. A trace holds what was read, so both devices read alike. */
    private static final int UNKNOWN_BODY = 256;

    private static final int ATTACH = 0x106;
    private static final int ENTRY = 16;
    private static final long EDID_FEATURE = 2;
    private static final long VERSION_1 = 1L << 32;

    private final ReferenceGpu gpu;
    private final int scanouts;
    private final long mostEntries;
    private boolean displaysChanged;
    private Optional<DeviceContext> context = Optional.empty();

    /**
     * Makes a device as after power-on.
     *
     * @param memory what the backing of resources points to
     * @param displays what it offers to the driver
     * @param sink takes the pictures, before the command that made them is answered
     */
    public ReferenceDevice(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
        gpu = new ReferenceGpu(memory, displays, sink);
        scanouts = displays.count();
        mostEntries = memory.size() / 4096 + 1;
    }

    @Override
    public int deviceId() {
        return 16;
    }

    @Override
    public long offeredFeatures() {
        return VERSION_1 | EDID_FEATURE;
    }

    @Override
    public int queueCount() {
        return 2;
    }

    @Override
    public int configSize() {
        return 16;
    }

    /** 5.7.4: events at offset 0, num_scanouts at 8, which is at most 16; no capability sets. One byte of each counts. */
    @Override
    public int readConfig(int offset, int width) {
        return switch (offset) {
            case 0 -> displaysChanged ? 1 : 0;
            case 8 -> scanouts;
            default -> 0;
        };
    }

    /** 5.7.4: what is written to events_clear is cleared. */
    @Override
    public void writeConfig(int offset, int width, int value) {
        if (offset == 4 && (value & 1) == 1) {
            displaysChanged = false;
        }
    }

    @Override
    public DisplayConfig displays() {
        return gpu.displays();
    }

    @Override
    public void changeDisplays(DisplayConfig displays) {
        gpu.change(displays);
        displaysChanged = true;
        context.ifPresent(DeviceContext::configChanged);
    }

    @Override
    public void reset() {
        displaysChanged = false;
        context = Optional.empty();
        gpu.reset();
    }

    @Override
    public void start(DeviceContext started) {
        context = Optional.of(started);
    }

    @Override
    public void queueNotified(int number) {
        if (context.isEmpty()) {
            return;
        }
        Virtqueue queue = context.get().queue(number);
        boolean edid = (context.get().features() & EDID_FEATURE) != 0;
        for (Optional<DescriptorChain> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            DescriptorChain chain = next.get();
            byte[] answer = gpu.answer(number == 1, edid, fetch(chain));
            int written = chain.writer().write(answer);
            queue.complete(chain, written, Announce.NOW);
        }
    }

    @Override
    public ResourceUsage resourceUsage() {
        return gpu.resourceUsage();
    }

    /** Reads a request as far as it means something. */
    private byte[] fetch(DescriptorChain chain) {
        byte[] header = chain.reader().readUpTo(HEADER);
        if (header.length < HEADER) {
            return header;
        }
        int type = LittleEndian.int32(header, 0);
        int size = ReferenceGpu.sizeOf(type);
        byte[] body = chain.reader().readUpTo(size == 0 ? UNKNOWN_BODY : size - HEADER);
        byte[] request = LittleEndian.join(header, body);
        if (type != ATTACH || request.length < size) {
            return request;
        }
        long count = LittleEndian.unsigned(request, 28);
        return count > mostEntries
                ? request
                : LittleEndian.join(request, chain.reader().readUpTo((int) count * ENTRY));
    }
}
