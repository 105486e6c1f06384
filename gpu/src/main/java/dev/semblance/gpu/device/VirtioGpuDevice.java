package dev.semblance.gpu.device;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.Virtqueue.Announce;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The virtio-gpu device without 3D (VIRTIO 1.2, 5.7): a control queue and a cursor queue, both served at once and in
 * order, and a configuration space.
 *
 * <p>Every request is answered, with an error code if it is no good, as far as the chain has room; it is executed even
 * where there is none. The used length is what was really written.
 */
public final class VirtioGpuDevice implements VirtioDevice, Stateful, ResourceUsage.Meter, DisplayControl {

    /** The device type (VIRTIO 1.2, 5.7.1). */
    public static final int DEVICE_ID = 16;

    /** The queue of all commands but the cursor's (5.7.2). */
    public static final int CONTROL_QUEUE = 0;

    /** The queue of the cursor's commands (5.7.2). */
    public static final int CURSOR_QUEUE = 1;

    /** VIRTIO_GPU_F_EDID (5.7.3), as a mask. */
    public static final long FEATURE_EDID = 1L << 1;

    /** VIRTIO_GPU_EVENT_DISPLAY (5.7.4.1): display information has changed. */
    public static final int EVENT_DISPLAY = 1;

    private static final int CONFIG_EVENTS_READ = 0;
    private static final int CONFIG_EVENTS_CLEAR = 4;
    private static final int CONFIG_NUM_SCANOUTS = 8;
    private static final int CONFIG_NUM_CAPSETS = 12;
    private static final int CONFIG_SIZE = 16;

    private final Gpu2d gpu;
    private @Nullable DeviceContext context;
    private int eventsRead;

    /**
     * Makes a device as after power-on.
     *
     * @param memory what the backing of resources points to
     * @param displays what it offers to the driver
     * @param sink takes the pictures, before the command that made them is answered
     */
    public VirtioGpuDevice(GuestMemory memory, DisplayConfig displays, FrameSink sink) {
        this.gpu = new Gpu2d(memory, displays, sink);
    }

    @Override
    public DisplayConfig displays() {
        return gpu.displays();
    }

    @Override
    public ResourceUsage resourceUsage() {
        return new ResourceUsage(gpu.imageBytes(), gpu.resourceCount(), gpu.backingStretches());
    }

    @Override
    public void changeDisplays(DisplayConfig displays) {
        gpu.setDisplays(displays);
        eventsRead |= EVENT_DISPLAY;
        DeviceContext started = context;
        if (started != null) {
            started.configChanged();
        }
    }

    @Override
    public int deviceId() {
        return DEVICE_ID;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1 | FEATURE_EDID;
    }

    @Override
    public int queueCount() {
        return 2;
    }

    @Override
    public int configSize() {
        return CONFIG_SIZE;
    }

    @Override
    public int readConfig(int offset, int width) {
        int word = switch (offset & ~3) {
            case CONFIG_EVENTS_READ -> eventsRead;
            case CONFIG_NUM_SCANOUTS -> gpu.displays().count();
            case CONFIG_EVENTS_CLEAR, CONFIG_NUM_CAPSETS -> 0;
            default -> 0;
        };
        return word >>> shift(offset) & mask(width);
    }

    /** 5.7.4: a bit written to events_clear clears the one in events_read. Nothing else can be written. */
    @Override
    public void writeConfig(int offset, int width, int value) {
        if ((offset & ~3) == CONFIG_EVENTS_CLEAR) {
            eventsRead &= ~((value & mask(width)) << shift(offset));
        }
    }

    private static int shift(int offset) {
        return (offset & 3) * Byte.SIZE;
    }

    private static int mask(int width) {
        return -1 >>> (Integer.BYTES - width) * Byte.SIZE;
    }

    @Override
    public void reset() {
        context = null;
        eventsRead = 0;
        gpu.reset();
    }

    @Override
    public void start(DeviceContext newContext) {
        context = newContext;
    }

    @Override
    public void resume(Optional<DeviceContext> running) {
        context = running.orElse(null);
    }

    @Override
    public void queueNotified(int queue) {
        DeviceContext started = context;
        if (started == null || queue < 0 || queue >= queueCount()) {
            return;
        }
        Virtqueue virtqueue = started.queue(queue);
        for (Optional<DescriptorChain> next = virtqueue.poll(); next.isPresent(); next = virtqueue.poll()) {
            DescriptorChain chain = next.get();
            GpuCommand command = CommandCodec.decode(chain.reader(), gpu.maxBackingEntries());
            GpuResponse response = execute(command, queue, started.features());
            int written = chain.writer().write(ResponseCodec.encode(response));
            virtqueue.complete(chain, written, Announce.NOW);
        }
    }

    /**
     * {@return the answer to a request} Its command is executed if the driver may use it on its queue (5.7.6.6) and with the features that it
     * accepted. Who plays recorded requests again without queues calls this for each; of a device on a transport, the queues do.
     *
     * @param request what the device reads of it
     * @param queue the number of the queue that it came on
     * @param features what the driver accepted, as masks
     */
    public GpuResponse execute(byte[] request, int queue, long features) {
        return execute(CommandCodec.decode(request, gpu.maxBackingEntries()), queue, features);
    }

    private GpuResponse execute(GpuCommand command, int queue, long features) {
        Optional<CommandType> type = CommandCodec.typeOf(command);
        boolean supported = type.isPresent()
                && type.get().isForCursorQueue() == (queue == CURSOR_QUEUE)
                && (type.get() != CommandType.GET_EDID || (features & FEATURE_EDID) != 0);
        return supported ? gpu.execute(command) : Gpu2d.error(command, ErrorCode.UNSPEC);
    }

    /** {@return the numbers of the resources that there are, in order} */
    public List<Long> resources() {
        return gpu.resources();
    }

    /**
     * {@return the image of a resource as it is on the host, with its alpha; nothing, if there is no such resource}
     *
     * @param resourceId its number
     */
    public Optional<Frame> image(long resourceId) {
        return gpu.image(resourceId);
    }

    /** The model and the configuration space. Queues and features are the transport's. */
    @Override
    public void state(StateExchange s) {
        s.part("VGPU", 1);
        eventsRead = s.digested(eventsRead, 0, EVENT_DISPLAY);
        gpu.state(s);
    }
}
