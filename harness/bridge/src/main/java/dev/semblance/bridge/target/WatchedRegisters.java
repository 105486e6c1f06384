package dev.semblance.bridge.target;

import dev.semblance.harness.target.TargetConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The registers of a device that lies elsewhere, as its driver has them: with the features that the test is about and no others,
 * and with an event for everything that the driver does, as of a device that is recorded.
 */
final class WatchedRegisters implements MmioDevice {

    /** What the driver wrote for a queue. */
    private static final class Queue {
        private final TreeMap<Integer, Integer> written = new TreeMap<>();
        private boolean ready;

        private long address(int low) {
            return (long) written.getOrDefault(low + 4, 0) << 32 | written.getOrDefault(low, 0) & 0xffff_ffffL;
        }

        QueueLayout layout() {
            return new QueueLayout(
                    written.getOrDefault(MmioRegisters.QUEUE_NUM, 0),
                    address(MmioRegisters.QUEUE_DESC_LOW),
                    address(MmioRegisters.QUEUE_DRIVER_LOW),
                    address(MmioRegisters.QUEUE_DEVICE_LOW));
        }
    }

    private final MmioDevice registers;
    private final long features;
    private final RingWatch rings;
    private final Optional<TargetConfig.Recording> recording;
    private final TreeMap<Integer, Queue> queues = new TreeMap<>();
    private int deviceWord;
    private int driverWord;
    private int selected;
    private int status;
    private long accepted;
    private boolean needsReset;

    /**
     * Watches registers.
     *
     * @param registers of the device, all 32 bits wide and those of the configuration space
     * @param features the most that is offered to the driver
     * @param rings told of queues that come and go
     * @param recording told of everything, if anything is
     */
    WatchedRegisters(MmioDevice registers, long features, RingWatch rings, Optional<TargetConfig.Recording> recording) {
        this.registers = registers;
        this.features = features;
        this.rings = rings;
        this.recording = recording;
    }

    /** {@return the features that the driver and the device have agreed upon} */
    long agreed() {
        return (status & DeviceStatus.FEATURES_OK) != 0 ? accepted : 0;
    }

    @Override
    public int load(int offset, int width) {
        int value = registers.load(offset, width);
        if (offset >= MmioRegisters.CONFIG) {
            emit(device -> new TraceEvent.ConfigRead(device, offset - MmioRegisters.CONFIG, width, value));
        }
        return offset == MmioRegisters.DEVICE_FEATURES ? value & word(features, deviceWord) : value;
    }

    private static int word(long bits, int word) {
        return switch (word) {
            case 0 -> (int) bits;
            case 1 -> (int) (bits >>> 32);
            default -> 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        if (offset >= MmioRegisters.CONFIG) {
            emit(device -> new TraceEvent.ConfigWrite(device, offset - MmioRegisters.CONFIG, width, value));
            registers.store(offset, width, value);
            return;
        }
        switch (offset) {
            case MmioRegisters.QUEUE_NOTIFY -> {
                emit(device -> new TraceEvent.Notify(device, value));
                rings.notifying(value);
                registers.store(offset, width, value);
            }
            case MmioRegisters.STATUS -> storeStatus(value);
            case MmioRegisters.QUEUE_READY -> storeReady(value);
            case MmioRegisters.QUEUE_RESET -> storeQueueReset(value);
            default -> {
                note(offset, value);
                registers.store(offset, width, value);
            }
        }
    }

    private void note(int offset, int value) {
        switch (offset) {
            case MmioRegisters.DEVICE_FEATURES_SEL -> deviceWord = value;
            case MmioRegisters.DRIVER_FEATURES_SEL -> driverWord = value;
            case MmioRegisters.DRIVER_FEATURES -> acceptWord(value);
            case MmioRegisters.QUEUE_SEL -> selected = value;
            default -> selected().written.put(offset, value);
        }
    }

    private void acceptWord(int value) {
        switch (driverWord) {
            case 0 -> accepted = accepted & ~0xffff_ffffL | value & 0xffff_ffffL;
            case 1 -> accepted = accepted & 0xffff_ffffL | (long) value << 32;
            default -> {
                // Beyond what an event tells of.
            }
        }
    }

    private Queue selected() {
        return queues.computeIfAbsent(selected, number -> new Queue());
    }

    private void storeStatus(int value) {
        registers.store(MmioRegisters.STATUS, 4, value);
        if (value == 0) {
            emit(TraceEvent.Reset::new);
            status = 0;
            accepted = 0;
            needsReset = false;
            queues.clear();
            rings.reset();
            return;
        }
        int before = status;
        status = registers.load(MmioRegisters.STATUS, 4);
        if ((value & ~before & DeviceStatus.FEATURES_OK) != 0) {
            boolean agreed = (status & DeviceStatus.FEATURES_OK) != 0;
            long said = accepted;
            emit(device -> new TraceEvent.Features(device, said, agreed));
        }
        if ((status & ~before & DeviceStatus.DRIVER_OK) != 0) {
            emit(TraceEvent.DriverOk::new);
        }
    }

    private void storeReady(int value) {
        registers.store(MmioRegisters.QUEUE_READY, 4, value);
        Queue queue = selected();
        boolean ready = registers.load(MmioRegisters.QUEUE_READY, 4) == 1;
        if (ready == queue.ready) {
            return;
        }
        queue.ready = ready;
        int number = selected;
        if (ready) {
            QueueLayout layout = queue.layout();
            rings.enabled(number, layout, (agreed() & VirtioFeatures.EVENT_IDX) != 0);
            emit(device -> new TraceEvent.QueueEnabled(device, number, layout));
        } else {
            emit(device -> new TraceEvent.QueueDisabled(device, number));
        }
    }

    private void storeQueueReset(int value) {
        registers.store(MmioRegisters.QUEUE_RESET, 4, value);
        if (value == 1 && (agreed() & VirtioFeatures.RING_RESET) != 0) {
            int number = selected;
            queues.remove(number);
            rings.queueReset(number);
            emit(device -> new TraceEvent.QueueReset(device, number));
        }
    }

    /** Looks whether the device asks for a reset, once it is done with a notification. */
    void settled() {
        status |= registers.load(MmioRegisters.STATUS, 4) & DeviceStatus.DEVICE_NEEDS_RESET;
        if (!needsReset && (status & DeviceStatus.DEVICE_NEEDS_RESET) != 0) {
            needsReset = true;
            emit(TraceEvent.NeedsReset::new);
        }
    }

    /** Makes an event of a device. */
    @FunctionalInterface
    private interface Maker {
        TraceEvent of(int device);
    }

    private void emit(Maker maker) {
        recording.ifPresent(to -> to.recorder().emit(maker.of(to.device())));
    }
}
