package dev.semblance.harness.record;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import dev.semblance.machine.virtio.DeviceContext;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.VirtioDevice;
import dev.semblance.machine.virtio.Virtqueue;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A virtio device, and an event for everything that its transport tells it and that it returns. */
final class RecordingDevice implements VirtioDevice {

    private final Recorder recorder;
    private final int number;
    private final VirtioDevice device;
    private final Function<GuestMemory, ChainCapture> captures;
    private final Runnable beforeCommand;
    private Optional<RecordingContext> started = Optional.empty();

    /**
     * Decorates a device.
     *
     * @param captures makes what notes the bytes of a chain
     * @param beforeCommand called right before a command event is emitted
     */
    RecordingDevice(
            Recorder recorder,
            int number,
            VirtioDevice device,
            Function<GuestMemory, ChainCapture> captures,
            Runnable beforeCommand) {
        this.recorder = recorder;
        this.number = number;
        this.device = device;
        this.captures = captures;
        this.beforeCommand = beforeCommand;
    }

    @Override
    public int deviceId() {
        return device.deviceId();
    }

    @Override
    public long offeredFeatures() {
        return device.offeredFeatures();
    }

    @Override
    public int queueCount() {
        return device.queueCount();
    }

    @Override
    public int maxQueueSize(int queue) {
        return device.maxQueueSize(queue);
    }

    @Override
    public int configSize() {
        return device.configSize();
    }

    @Override
    public int readConfig(int offset, int width) {
        int value = device.readConfig(offset, width);
        recorder.emit(new TraceEvent.ConfigRead(number, offset, width, value));
        return value;
    }

    @Override
    public void writeConfig(int offset, int width, int value) {
        recorder.emit(new TraceEvent.ConfigWrite(number, offset, width, value));
        device.writeConfig(offset, width, value);
    }

    @Override
    public void reset() {
        recorder.emit(new TraceEvent.Reset(number));
        device.reset();
        started = Optional.empty();
    }

    @Override
    public void featuresAccepted(long features) {
        recorder.emit(new TraceEvent.Features(number, features, true));
        device.featuresAccepted(features);
    }

    @Override
    public void featuresRefused(long features) {
        recorder.emit(new TraceEvent.Features(number, features, false));
        device.featuresRefused(features);
    }

    @Override
    public void queueEnabled(int queue, QueueLayout layout) {
        recorder.emit(new TraceEvent.QueueEnabled(number, queue, layout));
        device.queueEnabled(queue, layout);
    }

    @Override
    public void queueDisabled(int queue) {
        recorder.emit(new TraceEvent.QueueDisabled(number, queue));
        device.queueDisabled(queue);
    }

    @Override
    public void queueReset(int queue) {
        recorder.emit(new TraceEvent.QueueReset(number, queue));
        device.queueReset(queue);
        // The chains that were out are given up (2.6.1): none of them comes back.
        started.ifPresent(context -> context.queues[queue].underway.clear());
    }

    @Override
    public void start(DeviceContext context) {
        recorder.emit(new TraceEvent.DriverOk(number));
        RecordingContext watched = new RecordingContext(context);
        started = Optional.of(watched);
        device.start(watched);
    }

    @Override
    public void resume(Optional<DeviceContext> context) {
        started = context.map(RecordingContext::new);
        device.resume(started.map(watched -> watched));
    }

    @Override
    public void queueNotified(int queue) {
        recorder.emit(new TraceEvent.Notify(number, queue));
        device.queueNotified(queue);
    }

    @Override
    public void ringBroken(int queue, RingFault fault) {
        recorder.emit(new TraceEvent.Fault(
                number,
                queue,
                fault.reason(),
                fault.reads().stream()
                        .map(read -> new TraceEvent.Bytes(read.address(), read.bytes()))
                        .toList()));
        device.ringBroken(queue, fault);
    }

    @Override
    public void resetNeeded() {
        recorder.emit(new TraceEvent.NeedsReset(number));
        device.resetNeeded();
    }

    private final class RecordingContext implements DeviceContext {
        private final DeviceContext context;
        private final RecordingQueue[] queues = new RecordingQueue[queueCount()];

        RecordingContext(DeviceContext context) {
            this.context = context;
            for (int queue = 0; queue < queues.length; queue++) {
                queues[queue] = new RecordingQueue(context.queue(queue));
            }
        }

        @Override
        public long features() {
            return context.features();
        }

        @Override
        public Virtqueue queue(int queue) {
            return queues[queue];
        }

        @Override
        public void configChanged() {
            context.configChanged();
        }

        @Override
        public void needsReset() {
            context.needsReset();
        }
    }

    private final class RecordingQueue implements Virtqueue {

        /** A chain on its way through the device. */
        private record Underway(DescriptorChain original, ChainCapture capture) {}

        private final Virtqueue queue;
        private final IdentityHashMap<DescriptorChain, Underway> underway = new IdentityHashMap<>();

        RecordingQueue(Virtqueue queue) {
            this.queue = queue;
        }

        @Override
        public int index() {
            return queue.index();
        }

        @Override
        public int available() {
            return queue.available();
        }

        @Override
        public Optional<DescriptorChain> poll() {
            return queue.poll().map(this::watched);
        }

        private DescriptorChain watched(DescriptorChain chain) {
            ChainCapture capture = captures.apply(chain.memory());
            DescriptorChain watched = chain.over(capture);
            underway.put(watched, new Underway(chain, capture));
            return watched;
        }

        @Override
        public DescriptorChain recall(StateExchange s, int head, List<Descriptor> descriptors) {
            return watched(queue.recall(s, head, descriptors));
        }

        @Override
        public Notification complete(DescriptorChain chain, long written, Announce announce) {
            Underway done = underway.remove(chain);
            if (done == null) {
                throw new IllegalStateException("a chain came back that is not under way");
            }
            Notification notification = queue.complete(done.original, written, announce);
            beforeCommand.run();
            recorder.emit(new TraceEvent.Command(
                    number, index(), chain.head(), chain.descriptors(), done.capture.payload(), written, notification));
            return notification;
        }
    }
}
