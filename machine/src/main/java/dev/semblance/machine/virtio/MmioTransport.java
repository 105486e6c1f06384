package dev.semblance.machine.virtio;

import dev.semblance.machine.bus.InterruptLine;
import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Arrays;
import java.util.Optional;

/**
 * A virtio device on the MMIO bus, register layout version 2 (VIRTIO 1.2, 4.2.2).
 *
 * <p>Control registers are 32 bits wide and aligned. Other accesses to them, unknown registers, loads of write-only
 * and stores to read-only ones read as 0 and are ignored, where semu raises an exception. No load changes state or the
 * interrupt line, and nothing a guest stores throws.
 *
 * <p>DEVICE_NEEDS_RESET (2.1.2) is set for a queue that cannot be: a ring outside memory, a bad size, ring registers
 * written while the queue is ready, or a ring that cannot be followed. No queue is served from then on until the driver
 * resets the device.
 *
 * <p>The state written is the transport's own; the device writes its state itself.
 */
public final class MmioTransport implements MmioDevice, Stateful {

    /** Size of the register window that the guest is told of, in bytes. The rest of a larger window reads as 0. */
    public static final int WINDOW_SIZE = 0x200;

    private final VirtioDevice device;
    private final GuestMemory memory;
    private final InterruptLine interrupt;
    private final long offered;
    private final FeatureNegotiation features;

    private int status;
    private int interruptStatus;
    private int configGeneration;
    private int selectedQueue;
    private Life life;
    private long ignoredAccesses;

    /**
     * Makes the transport of a device that was just powered on, with plain queues.
     *
     * @param device the device behind the registers
     * @param memory guest memory, as the device sees it
     * @param interrupt the wire to the interrupt controller
     * @throws IllegalArgumentException if the device offers what is the transport's to offer, or not VERSION_1
     */
    public MmioTransport(VirtioDevice device, GuestMemory memory, InterruptLine interrupt) {
        this(device, memory, interrupt, 0);
    }

    /**
     * Makes the transport of a device that was just powered on.
     *
     * @param device the device behind the registers
     * @param memory guest memory, as the device sees it
     * @param interrupt the wire to the interrupt controller
     * @param ofQueues what is offered besides, of {@link VirtioFeatures#OF_QUEUES}
     * @throws IllegalArgumentException if the device offers what is the transport's to offer, or not VERSION_1
     */
    public MmioTransport(VirtioDevice device, GuestMemory memory, InterruptLine interrupt, long ofQueues) {
        long byDevice = device.offeredFeatures();
        if ((byDevice & VirtioFeatures.VERSION_1) == 0 || (byDevice & VirtioFeatures.OF_QUEUES) != 0) {
            throw new IllegalArgumentException("not a device's features: 0x" + Long.toHexString(byDevice));
        }
        if ((ofQueues & ~VirtioFeatures.OF_QUEUES) != 0) {
            throw new IllegalArgumentException("not features of queues: 0x" + Long.toHexString(ofQueues));
        }
        this.offered = byDevice | ofQueues;
        this.device = device;
        this.memory = memory;
        this.interrupt = interrupt;
        this.features = new FeatureNegotiation(offered);
        this.life = new Life();
    }

    /** {@return the features offered: the device's, and those of the queues} */
    public long offeredFeatures() {
        return offered;
    }

    /** {@return how many accesses were ignored as no register answers them} Not state: the guest cannot see it. */
    public long ignoredAccesses() {
        return ignoredAccesses;
    }

    @Override
    public int load(int offset, int width) {
        if (offset >= MmioRegisters.CONFIG) {
            int place = offset - MmioRegisters.CONFIG;
            return isConfig(place, width) ? device.readConfig(place, width) : 0;
        }
        return width == 4 ? loadRegister(offset) : ignoredLoad();
    }

    private int loadRegister(int offset) {
        return switch (offset) {
            case MmioRegisters.MAGIC_VALUE -> MmioRegisters.MAGIC;
            case MmioRegisters.VERSION -> MmioRegisters.LAYOUT_VERSION;
            case MmioRegisters.DEVICE_ID -> device.deviceId();
            case MmioRegisters.VENDOR_ID -> MmioRegisters.VENDOR;
            case MmioRegisters.DEVICE_FEATURES -> features.offeredWord();
            case MmioRegisters.QUEUE_NUM_MAX -> life.hasQueue(selectedQueue) ? device.maxQueueSize(selectedQueue) : 0;
            case MmioRegisters.QUEUE_READY ->
                life.hasQueue(selectedQueue) && life.queues[selectedQueue].ring.isReady() ? 1 : 0;
            case MmioRegisters.INTERRUPT_STATUS -> interruptStatus;
            case MmioRegisters.STATUS -> status;
            // 4.2.2.1: no shared memory region exists, which reads as all ones.
            case MmioRegisters.SHM_LEN_LOW,
                    MmioRegisters.SHM_LEN_HIGH,
                    MmioRegisters.SHM_BASE_LOW,
                    MmioRegisters.SHM_BASE_HIGH -> -1;
            case MmioRegisters.CONFIG_GENERATION -> configGeneration;
            // 4.2.2.1: a reset is over before the driver can look.
            case MmioRegisters.QUEUE_RESET -> resetsQueues() ? 0 : ignoredLoad();
            default -> ignoredLoad();
        };
    }

    private int ignoredLoad() {
        ignoredAccesses++;
        return 0;
    }

    @Override
    public void store(int offset, int width, int value) {
        if (offset >= MmioRegisters.CONFIG) {
            int place = offset - MmioRegisters.CONFIG;
            if (isConfig(place, width)) {
                device.writeConfig(place, width, value);
            }
        } else if (width == 4) {
            storeRegister(offset, value);
        } else {
            ignoredAccesses++;
        }
    }

    private void storeRegister(int offset, int value) {
        switch (offset) {
            case MmioRegisters.DEVICE_FEATURES_SEL -> features.selectDeviceWord(value);
            case MmioRegisters.DRIVER_FEATURES_SEL -> features.selectDriverWord(value);
            case MmioRegisters.DRIVER_FEATURES -> features.accept(value);
            case MmioRegisters.QUEUE_SEL -> selectedQueue = value;
            case MmioRegisters.QUEUE_NOTIFY -> notifyQueue(value);
            case MmioRegisters.INTERRUPT_ACK -> {
                interruptStatus &= ~value;
                driveInterrupt();
            }
            case MmioRegisters.STATUS -> storeStatus(value);
            case MmioRegisters.QUEUE_NUM,
                    MmioRegisters.QUEUE_READY,
                    MmioRegisters.QUEUE_DESC_LOW,
                    MmioRegisters.QUEUE_DESC_HIGH,
                    MmioRegisters.QUEUE_DRIVER_LOW,
                    MmioRegisters.QUEUE_DRIVER_HIGH,
                    MmioRegisters.QUEUE_DEVICE_LOW,
                    MmioRegisters.QUEUE_DEVICE_HIGH -> {
                if (life.hasQueue(selectedQueue)) {
                    storeQueueRegister(life.queues[selectedQueue], offset, value);
                }
            }
            case MmioRegisters.QUEUE_RESET -> {
                if (!resetsQueues()) {
                    ignoredAccesses++;
                } else if (value == 1 && life.hasQueue(selectedQueue)) {
                    resetQueue(life.queues[selectedQueue]);
                }
            }
            default -> ignoredAccesses++;
        }
    }

    private boolean resetsQueues() {
        return (features.negotiated() & VirtioFeatures.RING_RESET) != 0;
    }

    private void resetQueue(QueueRegisters queue) {
        queue.reset();
        device.queueReset(selectedQueue);
    }

    private void storeQueueRegister(QueueRegisters queue, int offset, int value) {
        if (offset == MmioRegisters.QUEUE_READY) {
            storeQueueReady(queue, value != 0);
        } else if (queue.ring.isReady()) {
            // 4.2.2.2: the driver must not touch these while the queue is ready. A live ring never changes.
            needsReset();
        } else if (offset != MmioRegisters.QUEUE_NUM) {
            queue.setAddressHalf(offset, value);
        } else if (value >= 1 && value <= device.maxQueueSize(selectedQueue)) {
            queue.setSize(value);
        } else {
            needsReset();
        }
    }

    private void storeQueueReady(QueueRegisters queue, boolean ready) {
        if (ready == queue.ring.isReady()) {
            return;
        }
        if (!ready) {
            queue.ring.disable();
            device.queueDisabled(selectedQueue);
            return;
        }
        QueueLayout layout = queue.layout();
        if (SplitVirtqueue.fits(layout, memory, features.negotiated())) {
            queue.ring.enable(layout);
            device.queueEnabled(selectedQueue, layout);
        } else {
            needsReset();
        }
    }

    private void notifyQueue(int queue) {
        if (life.hasQueue(queue) && life.queues[queue].ring.isReady() && life.serving()) {
            device.queueNotified(queue);
        }
    }

    private void storeStatus(int value) {
        if (value == 0) {
            reset();
            return;
        }
        // DEVICE_NEEDS_RESET is the device's to set; a driver that reads, adds a bit and writes back does no harm.
        int added = value & 0xff & ~status & ~DeviceStatus.DEVICE_NEEDS_RESET;
        if ((added & DeviceStatus.FEATURES_OK) != 0) {
            added = settleFeatures(added);
        }
        status |= added;
        if ((added & DeviceStatus.DRIVER_OK) != 0) {
            start();
        }
    }

    private int settleFeatures(int added) {
        if (features.agree()) {
            device.featuresAccepted(features.accepted());
            return added;
        }
        device.featuresRefused(features.accepted());
        return added & ~DeviceStatus.FEATURES_OK;
    }

    private void start() {
        device.start(life);
        for (int queue = 0; queue < life.queues.length; queue++) {
            notifyQueue(queue);
        }
    }

    private void endLife() {
        life.alive = false;
        life = new Life();
    }

    private void reset() {
        endLife();
        status = 0;
        interruptStatus = 0;
        selectedQueue = 0;
        features.reset();
        driveInterrupt();
        device.reset();
    }

    private void needsReset() {
        if (setNeedsReset()) {
            device.resetNeeded();
        }
    }

    private boolean setNeedsReset() {
        boolean first = (status & DeviceStatus.DEVICE_NEEDS_RESET) == 0;
        if (first) {
            status |= DeviceStatus.DEVICE_NEEDS_RESET;
            if ((status & DeviceStatus.DRIVER_OK) != 0) {
                raise(MmioRegisters.CONFIG_CHANGE);
            }
        }
        return first;
    }

    private void raise(int cause) {
        interruptStatus |= cause;
        driveInterrupt();
    }

    private void driveInterrupt() {
        interrupt.set(interruptStatus != 0);
    }

    private boolean isConfig(int place, int width) {
        boolean wellFormed = (width == 1 || width == 2 || width == 4) && (place & (width - 1)) == 0;
        return wellFormed && place <= device.configSize() - width;
    }

    /** The queues and the device's context from one reset to the next; what is left of an earlier life is without effect. */
    private final class Life implements DeviceContext, SplitVirtqueue.Owner {

        final QueueRegisters[] queues = new QueueRegisters[device.queueCount()];
        boolean alive = true;

        Life() {
            Arrays.setAll(queues, queue -> new QueueRegisters(new SplitVirtqueue(queue, memory, this)));
        }

        boolean hasQueue(int queue) {
            return queue >= 0 && queue < queues.length;
        }

        @Override
        public long features() {
            return features.negotiated();
        }

        @Override
        public Virtqueue queue(int queue) {
            return queues[queue].ring;
        }

        @Override
        public void configChanged() {
            if (alive) {
                configGeneration++;
                raise(MmioRegisters.CONFIG_CHANGE);
            }
        }

        @Override
        public void needsReset() {
            if (alive) {
                MmioTransport.this.needsReset();
            }
        }

        @Override
        public boolean serving() {
            int relevant = status & (DeviceStatus.DRIVER_OK | DeviceStatus.DEVICE_NEEDS_RESET);
            return alive && relevant == DeviceStatus.DRIVER_OK;
        }

        @Override
        public void usedBuffer() {
            raise(MmioRegisters.USED_BUFFER);
        }

        @Override
        public void broken(int queue, RingFault fault) {
            setNeedsReset();
            device.ringBroken(queue, fault);
            device.resetNeeded();
        }
    }

    /** The level of the interrupt line is the interrupt controller's state; whether the device was started is in the status. */
    @Override
    public void state(StateExchange s) {
        s.part("VIRT", 1);
        s.savedConstant(device.deviceId(), "device in a slot");
        if (s.isLoading()) {
            endLife();
        }
        status = s.digested(status, 0, 0xff);
        interruptStatus = s.digested(interruptStatus, 0, MmioRegisters.USED_BUFFER | MmioRegisters.CONFIG_CHANGE);
        configGeneration = s.digested(configGeneration);
        selectedQueue = s.digested(selectedQueue);
        features.state(s);
        s.require(
                features.isAgreed() == ((status & DeviceStatus.FEATURES_OK) != 0),
                "its status does not tell of its features");
        s.digestedConstant(life.queues.length, "number of queues");
        for (int number = 0; number < life.queues.length; number++) {
            life.queues[number].state(s, device.maxQueueSize(number), features.negotiated());
        }
        if (s.isLoading()) {
            device.resume((status & DeviceStatus.DRIVER_OK) != 0 ? Optional.of(life) : Optional.empty());
        }
    }
}
