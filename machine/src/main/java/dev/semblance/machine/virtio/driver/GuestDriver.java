package dev.semblance.machine.virtio.driver;

import dev.semblance.machine.bus.MmioDevice;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DeviceStatus;
import dev.semblance.machine.virtio.MmioRegisters;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a guest's driver does with a virtio-mmio device (VIRTIO 1.2, 3.1 and 4.2.3), step by step. No step is forced into an
 * order: a test may take the wrong one.
 *
 * <p>The usual life: {@link #reset}, {@link #negotiate}, {@link #enableQueue} for each queue, {@link #driverOk}; or
 * {@link #begin} for the first two.
 */
public final class GuestDriver {

    private final MmioDevice device;
    private final GuestMemory memory;
    private final GuestArena arena;
    private final TreeMap<Integer, GuestQueue> queues = new TreeMap<>();
    private long accepted;

    /**
     * Makes a driver.
     *
     * @param device the transport's registers
     * @param memory where rings and buffers lie
     * @param arena where rings and buffers go that are not given an address
     */
    public GuestDriver(MmioDevice device, GuestMemory memory, GuestArena arena) {
        this.device = device;
        this.memory = memory;
        this.arena = arena;
    }

    /** {@return the memory that rings and buffers lie in} */
    public GuestMemory memory() {
        return memory;
    }

    /**
     * Loads a control register ({@link MmioRegisters}).
     *
     * @param register the offset of a register (4.2.2)
     * @return the value of the register
     */
    public int read(int register) {
        return device.load(register, 4);
    }

    /**
     * Stores to a control register ({@link MmioRegisters}).
     *
     * @param register the offset of a register (4.2.2)
     * @param value what is written
     */
    public void write(int register, int value) {
        device.store(register, 4, value);
    }

    /**
     * Loads from the configuration space.
     *
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @return the value, in the low bits
     */
    public int readConfig(int offset, int width) {
        return device.load(MmioRegisters.CONFIG + offset, width);
    }

    /**
     * Stores to the configuration space.
     *
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @param value what is written
     */
    public void writeConfig(int offset, int width, int value) {
        device.store(MmioRegisters.CONFIG + offset, width, value);
    }

    /** {@return the device status ({@link DeviceStatus})} */
    public int status() {
        return read(MmioRegisters.STATUS);
    }

    /**
     * Adds bits to the device status.
     *
     * @param bits bits of the device status (2.1) to set besides
     */
    public void addStatus(int bits) {
        write(MmioRegisters.STATUS, status() | bits);
    }

    /** Resets the device (2.4). Its queues are gone. */
    public void reset() {
        write(MmioRegisters.STATUS, 0);
        queues.clear();
        accepted = 0;
    }

    /** {@return the features that the device offers} */
    public long offeredFeatures() {
        write(MmioRegisters.DEVICE_FEATURES_SEL, 1);
        long high = read(MmioRegisters.DEVICE_FEATURES);
        write(MmioRegisters.DEVICE_FEATURES_SEL, 0);
        return high << 32 | read(MmioRegisters.DEVICE_FEATURES) & 0xffff_ffffL;
    }

    /**
     * Says which features the driver accepts.
     *
     * @param features the feature bits
     */
    public void acceptFeatures(long features) {
        write(MmioRegisters.DRIVER_FEATURES_SEL, 1);
        write(MmioRegisters.DRIVER_FEATURES, (int) (features >>> 32));
        write(MmioRegisters.DRIVER_FEATURES_SEL, 0);
        write(MmioRegisters.DRIVER_FEATURES, (int) features);
        accepted = features;
    }

    /**
     * Takes steps 2 to 6 of 3.1.1; returns whether the device agreed to the features.
     *
     * @param features the feature bits
     * @return whether the device took the features
     */
    public boolean negotiate(long features) {
        addStatus(DeviceStatus.ACKNOWLEDGE);
        addStatus(DeviceStatus.DRIVER);
        acceptFeatures(features);
        addStatus(DeviceStatus.FEATURES_OK);
        return (status() & DeviceStatus.FEATURES_OK) != 0;
    }

    /**
     * Resets the device and accepts all that it offers; returns whether it agreed.
     *
     * @return whether the device took the features
     */
    public boolean begin() {
        reset();
        return negotiate(offeredFeatures());
    }

    /** Sets DRIVER_OK: the device is live. */
    public void driverOk() {
        addStatus(DeviceStatus.DRIVER_OK);
    }

    /**
     * Sets up a queue of this size, with its rings in the arena; returns it if the device took it.
     *
     * @param queue the number of the virtqueue
     * @param size entries of the rings, a power of two
     * @return the queue, or empty if the device has none of that number and size
     */
    public Optional<GuestQueue> enableQueue(int queue, int size) {
        int event = hasEventIndex() ? Short.BYTES : 0;
        QueueLayout layout = new QueueLayout(
                size,
                arena.allocate((long) Descriptor.SIZE * size, 16),
                arena.allocate(4 + 2L * size + event, 2),
                arena.allocate(4 + 8L * size + event, 4));
        return enableQueue(queue, layout);
    }

    /**
     * Sets up a queue (4.2.3.2); returns it if the device took it, its rings then empty. A queue that was disabled since the
     * last reset goes on with the ring positions it had.
     *
     * @param queue the number of the virtqueue
     * @param layout where the queue lies in guest memory
     * @return the queue, or empty if the device has none of that number and size
     */
    public Optional<GuestQueue> enableQueue(int queue, QueueLayout layout) {
        write(MmioRegisters.QUEUE_SEL, queue);
        write(MmioRegisters.QUEUE_NUM, layout.size());
        writeAddress(MmioRegisters.QUEUE_DESC_LOW, layout.descriptorTable());
        writeAddress(MmioRegisters.QUEUE_DRIVER_LOW, layout.availableRing());
        writeAddress(MmioRegisters.QUEUE_DEVICE_LOW, layout.usedRing());
        write(MmioRegisters.QUEUE_READY, 1);
        if (read(MmioRegisters.QUEUE_READY) != 1) {
            return Optional.empty();
        }
        Optional<GuestQueue> earlier = Optional.ofNullable(queues.get(queue));
        GuestQueue enabled = new GuestQueue(
                memory,
                arena,
                queue,
                layout,
                earlier.map(GuestQueue::availableIndex).orElse(0),
                earlier.map(GuestQueue::usedIndex).orElse(0),
                hasEventIndex());
        queues.put(queue, enabled);
        return Optional.of(enabled);
    }

    /** {@return whether rings end with an event index (2.7.6, 2.7.8): it was accepted, and the device agreed} */
    public boolean hasEventIndex() {
        return (accepted & VirtioFeatures.EVENT_IDX) != 0 && (status() & DeviceStatus.FEATURES_OK) != 0;
    }

    private void writeAddress(int lowRegister, long address) {
        write(lowRegister, (int) address);
        write(lowRegister + 4, (int) (address >>> 32));
    }

    /**
     * Takes a queue out of use.
     *
     * @param queue the number of the virtqueue
     */
    public void disableQueue(int queue) {
        write(MmioRegisters.QUEUE_SEL, queue);
        write(MmioRegisters.QUEUE_READY, 0);
    }

    /**
     * Resets a queue (2.6.1); it begins anew when it is enabled the next time.
     *
     * @param queue the number of the virtqueue
     */
    public void resetQueue(int queue) {
        write(MmioRegisters.QUEUE_SEL, queue);
        write(MmioRegisters.QUEUE_RESET, 1);
        queues.remove(queue);
    }

    /**
     * Tells the device that a queue has new buffers.
     *
     * @param queue the number of the virtqueue
     */
    public void notifyQueue(int queue) {
        write(MmioRegisters.QUEUE_NOTIFY, queue);
    }

    /**
     * Publishes what was offered and notifies the device.
     *
     * @param queue the number of the virtqueue
     */
    public void kick(GuestQueue queue) {
        queue.publish();
        notifyQueue(queue.index());
    }

    /**
     * Publishes what was offered, and notifies the device if that asks for it (2.7.10).
     *
     * @param queue the number of the virtqueue
     * @return whether it was notified
     */
    public boolean kickIfAsked(GuestQueue queue) {
        boolean asked = queue.publishAndAsk();
        if (asked) {
            notifyQueue(queue.index());
        }
        return asked;
    }

    /** {@return why the device interrupts, and acknowledges all of it} */
    public int takeInterrupts() {
        int causes = read(MmioRegisters.INTERRUPT_STATUS);
        write(MmioRegisters.INTERRUPT_ACK, causes);
        return causes;
    }
}
