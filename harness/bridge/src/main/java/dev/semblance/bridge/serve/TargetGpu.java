package dev.semblance.bridge.serve;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import dev.semblance.machine.virtio.Virtqueue.Announce;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestQueue;
import dev.semblance.machine.virtio.driver.UsedElement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A target as the GPU of a guest. Each chain is put into the target's own memory, at the same addresses and in the same rings as in
 * the guest's, and what comes back goes to the guest: so a replay does to a target what is done here.
 *
 * <p>This project's model has each command first, and its answers go nowhere. It reads what a trace has to tell of guest memory,
 * and the target then finds what the model found, though the guest runs on; it tells when there is a new picture, and that is the
 * target's. So a trace has the same kinds of events in the same places as any other, and a replay on the model says where the
 * two part.
 */
final class TargetGpu implements VirtioDevice {

    /** How much of a request is handed over: more than one with as many entries as any RAM allows. */
    private static final int MOST_REQUEST_BYTES = 16 << 20;

    private final DeviceUnderTest target;
    private final GuestMemory memory;
    private final FrameSink sink;
    private final VirtioGpuDevice model;
    private final TreeMap<Integer, GuestQueue> queues = new TreeMap<>();
    private final BitSet visibleCursors = new BitSet();

    /** What the model has shown for the command at hand, to be told with the target's pictures. */
    private final List<Runnable> shown = new ArrayList<>();

    private Optional<DeviceContext> context = Optional.empty();

    /**
     * Makes a GPU as after power-on.
     *
     * @param target the device, as after power-on; the caller closes it
     * @param memory guest memory, where requests are
     * @param recorded the same where what the model reads is recorded
     * @param displays what is offered to the driver
     * @param sink takes the target's pictures
     */
    TargetGpu(
            DeviceUnderTest target, GuestMemory memory, GuestMemory recorded, DisplayConfig displays, FrameSink sink) {
        this.target = target;
        this.memory = memory;
        this.sink = sink;
        model = new VirtioGpuDevice(recorded, displays, new Noted());
    }

    /** {@return whether the target can show what its scanouts show; where it cannot, the model's pictures are shown} */
    static boolean showsPictures(DeviceUnderTest target) {
        return target.capabilities().contains(Capability.PICTURES);
    }

    // ---- the device ---------------------------------------------------------------------------------------------

    @Override
    public int deviceId() {
        return model.deviceId();
    }

    @Override
    public long offeredFeatures() {
        return model.offeredFeatures();
    }

    @Override
    public int queueCount() {
        return model.queueCount();
    }

    @Override
    public int configSize() {
        return model.configSize();
    }

    @Override
    public int readConfig(int offset, int width) {
        return model.readConfig(offset, width);
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        model.writeConfig(offset, width, value);
    }

    @Override
    public void reset() {
        context = Optional.empty();
        queues.clear();
        target.driver().reset();
        model.reset();
        tellShown();
    }

    /** A target that offers less is used as by a driver that has accepted less: the guest has been offered what ours has. */
    @Override
    public void featuresAccepted(long features) {
        target.driver().negotiate(features & target.driver().offeredFeatures());
    }

    @Override
    public void queueEnabled(int number, QueueLayout layout) {
        target.driver().enableQueue(number, layout).ifPresent(queue -> queues.put(number, queue));
    }

    @Override
    public void start(DeviceContext started) {
        context = Optional.of(started);
        queues.values().forEach(GuestQueue::publish);
        target.driver().driverOk();
        check();
    }

    @Override
    public void queueNotified(int number) {
        if (context.isEmpty()) {
            return;
        }
        DeviceContext started = context.get();
        Virtqueue queue = started.queue(number);
        for (Optional<DescriptorChain> next = queue.poll(); next.isPresent(); next = queue.poll()) {
            DescriptorChain chain = next.get();
            byte[] request = execute(number, chain);
            UsedElement used = submit(number, chain, request);
            tellShown();
            GuestChain placed = new GuestChain(chain.descriptors());
            int written = (int) Math.min(Math.min(used.length(), placed.writableSize()), Integer.MAX_VALUE);
            chain.writer().write(placed.readWritable(target.memory(), 0, written));
            queue.complete(chain, used.length(), Announce.NOW);
            if ((target.driver().status() & DeviceStatus.DEVICE_NEEDS_RESET) != 0) {
                started.needsReset();
                return;
            }
        }
    }

    // ---- the model ----------------------------------------------------------------------------------------------

    /** Has the model do a command, and returns all bytes of the request, each of them read once. */
    private byte[] execute(int number, DescriptorChain chain) {
        Overheard overheard = new Overheard(chain.memory());
        OneChain alone = new OneChain(number, chain.over(overheard));
        model.start(new Alone(context.orElseThrow().features(), alone));
        model.queueNotified(number);
        byte[] request = chain.over(memory).reader().readUpTo(MOST_REQUEST_BYTES);
        overheard.copyTo(request);
        return request;
    }

    /** What the model is told of its driver: one queue, with one chain in it. */
    private record Alone(long features, Virtqueue only) implements DeviceContext {

        @Override
        public Virtqueue queue(int queue) {
            return only;
        }

        @Override
        public void configChanged() {
            throw new IllegalStateException("the displays are fixed");
        }

        @Override
        public void needsReset() {
            throw new IllegalStateException("a GPU that is a model can always go on");
        }
    }

    /** A queue with one chain, whose answer goes nowhere. */
    private static final class OneChain implements Virtqueue {

        private final int number;
        private Optional<DescriptorChain> chain;

        OneChain(int number, DescriptorChain chain) {
            this.number = number;
            this.chain = Optional.of(chain);
        }

        @Override
        public int index() {
            return number;
        }

        @Override
        public int available() {
            return chain.isPresent() ? 1 : 0;
        }

        @Override
        public Optional<DescriptorChain> poll() {
            Optional<DescriptorChain> next = chain;
            chain = Optional.empty();
            return next;
        }

        @Override
        public Notification complete(DescriptorChain done, long written, Announce announce) {
            return Notification.SUPPRESSED;
        }
    }

    /** What the model shows is told when the target has shown it. */
    private final class Noted implements FrameSink {

        @Override
        public void flushed(int scanout, Frame frame) {
            shown.add(() -> sink.flushed(scanout, picture(scanout, frame)));
        }

        @Override
        public void disabled(int scanout) {
            shown.add(() -> sink.disabled(scanout));
        }

        @Override
        public void cursorChanged(int scanout, CursorPlane cursor) {
            shown.add(() -> {
                visibleCursors.set(scanout, cursor.image().isPresent());
                sink.cursorChanged(scanout, cursor);
            });
        }
    }

    private void tellShown() {
        List<Runnable> now = List.copyOf(shown);
        shown.clear();
        now.forEach(Runnable::run);
        check();
    }

    /** {@return what the target shows where the model shows a picture, without a cursor} */
    private Frame picture(int scanout, Frame ours) {
        boolean mixed = target.pictures() instanceof Pictures.Screendump dump
                && dump.hasCursorInPrimary()
                && visibleCursors.get(scanout);
        if (mixed || !showsPictures(target)) {
            return ours;
        }
        return target.pictures()
                .primary(scanout)
                .orElseGet(() -> Frame.solid(ours.width(), ours.height(), Pictures.BLACK));
    }

    // ---- the target ---------------------------------------------------------------------------------------------

    /** Puts a chain on the target's ring, waits until it has come back, and returns what the target says of it. */
    private UsedElement submit(int number, DescriptorChain chain, byte[] request) {
        GuestQueue queue = Optional.ofNullable(queues.get(number))
                .orElseThrow(() -> failed("does not take queue " + number + " as the guest has set it up"));
        GuestChain placed = new GuestChain(chain.descriptors());
        queue.place(placed);
        if (queue.hasEventIndex()) {
            queue.setUsedEvent(queue.usedIndex());
        }
        queue.offer(placed.head());
        queue.publish();
        placed.writeReadable(target.memory(), 0, request);
        target.notifyAndWait(queue);
        List<UsedElement> used = queue.takeUsed();
        check();
        if (used.size() != 1 || used.getFirst().head() != placed.head()) {
            throw failed("did not give back a chain of queue " + number + ", and the guest would wait for it for ever");
        }
        return used.getFirst();
    }

    private void check() {
        Optional<TargetFailure> failure = target.failure();
        if (failure.isPresent()) {
            throw new TargetFailedException(failure.get());
        }
    }

    private static TargetFailedException failed(String how) {
        return new TargetFailedException(new TargetFailure(new Cause.BrokeProtocol(how), List.of()));
    }
}
