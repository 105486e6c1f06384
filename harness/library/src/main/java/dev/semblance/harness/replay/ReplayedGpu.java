package dev.semblance.harness.replay;

import dev.semblance.gpu.device.DisplayControl;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.record.Recorder;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.time.CycleTimeline;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import dev.semblance.machine.virtio.driver.GuestChain;
import dev.semblance.machine.virtio.driver.GuestDriver;
import dev.semblance.machine.virtio.driver.GuestQueue;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A GPU under test, and a driver that does to it what a trace says: same rings, same descriptors, same addresses, in a
 * scratch memory as large as the guest's. Image data comes from a memory apart, which holds what the
 * trace told and nothing else.
 */
final class ReplayedGpu implements AutoCloseable {

    /** The most chains that a queue can hold. */
    static final int MAX_QUEUE_SIZE = 1024;

    /**
     * A chain to submit.
     *
     * @param request the bytes that the device read
     * @param memory what it read of guest memory besides, as far as that was news
     * @param outputs what the device is expected to do for it; last, to return it
     */
    record Chain(Command command, byte[] request, List<TraceEvent.Bytes> memory, List<Stamped> outputs) {}

    private final ReplayMemoryLimit limit = ReplayMemoryLimit.ofProcess();
    private final CycleTimeline timeline = new CycleTimeline();
    private final Recorder recorder;
    private final DeviceUnderTest device;
    private final GuestMemory scratch;
    private final ReplayMemory images;
    private final GuestDriver driver;
    private final long offered;
    private final TreeMap<Integer, GuestQueue> queues = new TreeMap<>();

    ReplayedGpu(
            ReplayableGpu recorded,
            DeviceUnderTest.Factory factory,
            EventSink sink,
            ReplayMemory.UnknownRead unknownRead) {
        images = new ReplayMemory(recorded.memory(), unknownRead);
        recorder = new Recorder(timeline, sink);
        device = factory.make(new TargetConfig(
                recorded.memory(),
                recorded.displays(),
                recorded.queues(),
                Optional.of(images),
                new NoFrames(),
                Optional.of(new TargetConfig.Recording(recorder, recorded.device()))));
        try {
            scratch = device.memory();
            driver = device.driver();
            offered = driver.offeredFeatures();
        } catch (RuntimeException | Error e) {
            device.close();
            throw e;
        }
    }

    @Override
    public void close() {
        device.close();
    }

    /** {@return how its pictures are had} */
    Pictures pictures() {
        return device.pictures();
    }

    /** {@return what it offers to the driver from power-on, which need not be what was recorded} */
    DisplayConfig displays() {
        return device.displays();
    }

    /** {@return what it can show of itself} */
    Set<Capability> capabilities() {
        return device.capabilities();
    }

    /** {@return what it did so far that no device may do} */
    Optional<TargetFailure> failure() {
        return device.failure();
    }

    /** {@return the same once it was told to end} */
    Optional<TargetFailure> finish() {
        return device.finish();
    }

    void setTime(long cycle) {
        timeline.setNow(cycle);
    }

    /** {@return whether RAM has all these addresses} */
    boolean hasMemory(TraceEvent.Bytes run) {
        return scratch.contains(run.address(), run.bytes().length);
    }

    void learn(TraceEvent.Bytes run) {
        images.learn(run.address(), run.bytes());
        limit.check(held());
    }

    private long held() {
        return images.heldBytes() + device.heldBytes();
    }

    /**
     * Does what a driver did outside of its queues.
     *
     * @throws ImpossibleEventException if no driver can
     */
    void drive(TraceEvent event) {
        switch (event) {
            case TraceEvent.Reset reset -> {
                driver.reset();
                queues.clear();
            }
            case TraceEvent.Features features -> negotiate(features);
            case TraceEvent.QueueEnabled enabled -> enable(enabled);
            case TraceEvent.QueueDisabled disabled -> driver.disableQueue(disabled.queue());
            case TraceEvent.QueueReset reset -> {
                driver.resetQueue(reset.queue());
                queues.remove(reset.queue());
            }
            case TraceEvent.DisplayChange change -> {
                DisplayControl control = device.displayControl().orElseThrow(ReplayedGpu::noChoice);
                DisplayConfig changed = change.appliedTo(control.displays())
                        .orElseThrow(() -> new ImpossibleEventException(
                                ImpossibleEventException.noDisplay(change, control.displays())));
                recorder.emit(change);
                control.changeDisplays(changed);
            }
            case TraceEvent.DriverOk driverOk -> {
                // The device looks at all its queues now. What is found there comes with the notices that follow.
                queues.values().forEach(GuestQueue::publish);
                driver.driverOk();
            }
            case TraceEvent.ConfigRead read -> driver.readConfig(read.offset(), read.width());
            case TraceEvent.ConfigWrite write -> driver.writeConfig(write.offset(), write.width(), write.value());
            // By itself it came from a register that the transport refused; any such register will do.
            case TraceEvent.NeedsReset needsReset -> {
                driver.write(MmioRegisters.QUEUE_SEL, 0);
                driver.write(MmioRegisters.QUEUE_NUM, -1);
            }
            default -> {
                // Something of the device's own, without a cause in the trace. It will be missed.
            }
        }
    }

    private static IncompatibleException noChoice() {
        return new IncompatibleException("the trace changes the displays, and the device has no way to do that");
    }

    private void negotiate(TraceEvent.Features features) {
        long accepted = features.features();
        boolean sound = (accepted & ~offered) == 0 && (accepted & VirtioFeatures.VERSION_1) != 0;
        if (sound && !features.agreed()) {
            // The driver had accepted a feature beyond the 64 that the event tells of.
            driver.write(MmioRegisters.DRIVER_FEATURES_SEL, 2);
            driver.write(MmioRegisters.DRIVER_FEATURES, 1);
        }
        driver.negotiate(accepted);
    }

    private void enable(TraceEvent.QueueEnabled enabled) {
        QueueLayout layout = enabled.layout();
        long size = layout.size();
        long event = driver.hasEventIndex() ? Short.BYTES : 0;
        boolean inside = scratch.contains(layout.descriptorTable(), Descriptor.SIZE * size)
                && scratch.contains(layout.availableRing(), 4 + 2 * size + event)
                && scratch.contains(layout.usedRing(), 4 + 8 * size + event);
        if (!inside || size == 0) {
            throw new ImpossibleEventException(
                    Text.format("the rings of queue %d are not inside RAM", enabled.queue()));
        }
        driver.enableQueue(enabled.queue(), layout).ifPresent(queue -> queues.put(enabled.queue(), queue));
    }

    /**
     * Puts chains on a queue's ring together, and behind them perhaps one that the transport refused, and notifies the
     * device.
     *
     * <p>Whatever a driver does, requests may overlap each other, the rings, and the device's answers. So what the device
     * had read goes into memory backwards: where two reads overlap, the earlier one counts, and what was written in
     * between the device writes again.
     *
     * @throws ImpossibleEventException if no driver can; nothing has happened then
     */
    void submit(int number, List<Chain> chains, Optional<TraceEvent.Fault> fault) {
        GuestQueue queue = queues.get(number);
        if (queue == null) {
            throw new ImpossibleEventException("queue " + number + " is not set up");
        }
        fault.ifPresent(this::check);
        chains.forEach(chain -> check(queue, chain));
        limit.check(held());
        fault.ifPresent(this::layOut);
        for (Chain chain : chains.reversed()) {
            queue.place(new GuestChain(chain.command().descriptors()));
        }
        askForInterrupts(queue, chains);
        chains.forEach(chain -> queue.offer(chain.command().head()));
        queue.publish();
        for (Chain chain : chains.reversed()) {
            new GuestChain(chain.command().descriptors()).writeReadable(scratch, 0, chain.request());
        }
        if (!chains.isEmpty()) {
            device.notifyAndWait(queue);
        }
        if (fault.isPresent()) {
            // Now with the index that the transport had found.
            layOut(fault.get());
            device.notifyAndWait(queue);
        }
        queue.takeUsed();
    }

    /**
     * Asks for the interrupts that there were. What the driver had written for that is not in the trace, since it follows: the
     * guest did not run while a batch was served, so that it asked for all of it, for none, or with event indices for that
     * of one used element (VIRTIO 1.2, 2.7.7).
     */
    private static void askForInterrupts(GuestQueue queue, List<Chain> chains) {
        if (queue.hasEventIndex()) {
            int sent = 0;
            while (sent < chains.size() && chains.get(sent).command().notification() != Notification.SENT) {
                sent++;
            }
            // The element before is not used again before all indices have been.
            queue.setUsedEvent(sent < chains.size() ? queue.usedIndex() + sent : queue.usedIndex() - 1);
        } else {
            boolean suppressed =
                    !chains.isEmpty() && chains.getFirst().command().notification() == Notification.SUPPRESSED;
            queue.setAvailableFlags(suppressed ? 1 : 0);
        }
    }

    private void layOut(TraceEvent.Fault fault) {
        for (TraceEvent.Bytes read : fault.reads()) {
            scratch.write(read.address(), read.bytes(), 0, read.bytes().length);
        }
    }

    private void check(TraceEvent.Fault fault) {
        for (TraceEvent.Bytes read : fault.reads()) {
            if (!hasMemory(read)) {
                throw new ImpossibleEventException(
                        Text.format("%d bytes at 0x%x are outside RAM", read.bytes().length, read.address()));
            }
        }
    }

    private void check(GuestQueue queue, Chain chain) {
        List<Descriptor> descriptors = chain.command().descriptors();
        if (descriptors.isEmpty()) {
            throw impossible(chain, "a chain without descriptors");
        }
        long readable = 0;
        long entries = queue.layout().size();
        boolean inTable = false;
        for (Descriptor descriptor : descriptors) {
            if (descriptor.index() >= entries) {
                throw impossible(
                        chain,
                        Text.format(
                                "descriptor %d in a %s of %d",
                                descriptor.index(), inTable ? "table" : "queue", entries));
            }
            if (descriptor.isIndirect()) {
                checkTable(chain, descriptor, inTable);
                inTable = true;
                entries = descriptor.length() / Descriptor.SIZE;
                continue;
            }
            if (descriptor.length() > 0 && !scratch.contains(descriptor.address(), descriptor.length())) {
                throw impossible(
                        chain,
                        Text.format(
                                "a buffer of %d bytes at 0x%x is outside RAM",
                                descriptor.length(), descriptor.address()));
            }
            readable += descriptor.isWritable() ? 0 : descriptor.length();
        }
        if (chain.request().length > readable) {
            throw impossible(
                    chain, Text.format("a request of %d bytes in buffers of %d", chain.request().length, readable));
        }
    }

    /** A device follows no other (VIRTIO 1.2, 2.7.5.3); one that had to refuse such a chain has a Fault in the trace. */
    private void checkTable(Chain chain, Descriptor pointer, boolean inTable) {
        boolean sound = !inTable
                && (pointer.flags() & Descriptor.NEXT) == 0
                && pointer.length() > 0
                && pointer.length() % Descriptor.SIZE == 0
                && scratch.contains(pointer.address(), pointer.length());
        List<Descriptor> descriptors = chain.command().descriptors();
        int first = descriptors.indexOf(pointer) + 1;
        if (!sound || first == descriptors.size() || descriptors.get(first).index() != 0) {
            throw impossible(
                    chain,
                    Text.format("no table of descriptors: %d bytes at 0x%x", pointer.length(), pointer.address()));
        }
    }

    private static ImpossibleEventException impossible(Chain chain, String reason) {
        return new ImpossibleEventException(reason, Optional.of(chain.outputs().getLast()));
    }
}
