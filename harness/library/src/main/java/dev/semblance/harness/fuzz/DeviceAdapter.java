package dev.semblance.harness.fuzz;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceMaker;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.Virtqueue.Announce;
import java.util.Optional;

/**
 * Makes a virtio-gpu device of something that answers requests, such as a model of another project or a process at the end
 * of a pipe: its queues and its configuration space are done here.
 */
public final class DeviceAdapter implements VirtioDevice {

    private static final int GPU = 16;
    private static final int QUEUES = 2;
    private static final int CONFIG_SIZE = 16;
    private static final int NUM_SCANOUTS = 8;
    private static final long EDID = 1L << 1;

    /** How much of a request is handed over: more than one with as many entries as any RAM of a rig allows. */
    private static final int MOST_REQUEST_BYTES = 16 << 20;

    /** What a device does, without its queues. */
    public interface Answering {

        /**
         * Executes a request.
         *
         * @param queue 0 control, 1 cursor
         * @param request all of its bytes, however the driver has cut it
         * @param room bytes that there are for the response; it is executed even if there are none
         * @return the response; what there is no room for is left out
         */
        byte[] answer(int queue, byte[] request, int room);

        /** Goes back to the state after power-on. */
        void reset();

        /**
         * Notes that the driver is ready.
         *
         * @param features what it has accepted; without VIRTIO_GPU_F_EDID (5.7.3, mask 2) GET_EDID is refused
         */
        void start(long features);
    }

    private final Answering answering;
    private final int scanouts;
    private Optional<DeviceContext> context = Optional.empty();

    private DeviceAdapter(Answering answering, int scanouts) {
        this.answering = answering;
        this.scanouts = scanouts;
    }

    /** Makes an answering device over a rig's memory, which is to offer the rig's displays. */
    @FunctionalInterface
    public interface Maker {

        /**
         * Makes one as after power-on; arguments as for {@link DeviceMaker#make}.
         *
         * @param memory guest memory, with what backing points to
         * @param displays the displays that the device is to offer
         * @param sink takes what scanouts show
         * @return a device as after power-on
         */
        Answering make(GuestMemory memory, DisplayConfig displays, FrameSink sink);
    }

    /**
     * {@return what {@link DifferentialRun} and {@link Fuzzer} take}
     *
     * @param maker makes what answers
     */
    public static DeviceUnderTest.Factory of(Maker maker) {
        return BuiltinDevice.of(
                (memory, displays, sink) -> new DeviceAdapter(maker.make(memory, displays, sink), displays.count()));
    }

    @Override
    public int deviceId() {
        return GPU;
    }

    @Override
    public long offeredFeatures() {
        return VirtioFeatures.VERSION_1 | EDID;
    }

    @Override
    public int queueCount() {
        return QUEUES;
    }

    @Override
    public int configSize() {
        return CONFIG_SIZE;
    }

    @Override
    public int readConfig(int offset, int width) {
        return offset == NUM_SCANOUTS ? scanouts : 0;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {}

    @Override
    public void reset() {
        context = Optional.empty();
        answering.reset();
    }

    @Override
    public void start(DeviceContext started) {
        context = Optional.of(started);
        answering.start(started.features());
    }

    @Override
    public void queueNotified(int number) {
        if (context.isEmpty()) {
            return;
        }
        Virtqueue queue = context.get().queue(number);
        for (Optional<DescriptorChain> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            DescriptorChain chain = next.get();
            byte[] request = chain.reader().readUpTo(MOST_REQUEST_BYTES);
            int room = (int) Math.min(chain.writer().remaining(), Integer.MAX_VALUE);
            int written = chain.writer().write(answering.answer(number, request, room));
            queue.complete(chain, written, Announce.NOW);
        }
    }
}
