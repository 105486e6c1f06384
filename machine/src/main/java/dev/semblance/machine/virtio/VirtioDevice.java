package dev.semblance.machine.virtio;

import java.util.Optional;

/**
 * What a virtio device is to its transport (VIRTIO 1.2, chapters 2 and 5): features, configuration space, queues.
 *
 * <p>The transport owns status, feature negotiation, queue registers and the interrupt; the device sees the outcome. All
 * calls come from the one thread that runs the machine. A guest's mistake never makes a device throw: it is answered
 * with an error code, or, where nothing can be answered, with {@link DeviceContext#needsReset()}.
 *
 * <p>The default methods are notices that most devices can ignore. They exist so that a decorator of this interface
 * sees everything that happens between driver and device.
 */
public interface VirtioDevice {

    /** {@return the device type (5): 2 block, 4 entropy, 16 GPU, 18 input} */
    int deviceId();

    /** {@return the feature bits offered (2.2), {@link VirtioFeatures#VERSION_1} among them} */
    long offeredFeatures();

    /** {@return how many virtqueues there are} */
    int queueCount();

    /**
     * {@return the largest size of queue {@code queue}, in entries: QueueNumMax (4.2.2)}
     *
     * @param queue the number of the virtqueue
     */
    default int maxQueueSize(int queue) {
        return 1024;
    }

    /** {@return the size of the device configuration space (2.5), in bytes} The transport answers what lies beyond. */
    int configSize();

    /**
     * Reads the configuration space. Never changes state.
     *
     * @param offset in bytes, a multiple of {@code width}, with {@code offset + width <= configSize()}
     * @param width 1, 2 or 4 bytes
     * @return the little-endian value
     */
    int readConfig(int offset, int width);

    /**
     * Writes the configuration space; read-only fields ignore it. Arguments as for {@link #readConfig}.
     *
     * @param offset in the configuration space, in bytes
     * @param width 1, 2 or 4 bytes
     * @param value in the low bits
     */
    void writeConfig(int offset, int width, int value);

    /** Goes back to the state after power-on (2.4). The context of the last {@link #start} is dead from here on. */
    void reset();

    /**
     * Notes the features that the driver accepted, at FEATURES_OK (3.1.1 step 5).
     *
     * @param features the feature bits
     */
    default void featuresAccepted(long features) {}

    /**
     * Notes that FEATURES_OK was refused, since the driver accepted {@code features} (2.2.2).
     *
     * @param features the feature bits
     */
    default void featuresRefused(long features) {}

    /**
     * Notes that the driver set QueueReady to 1 for a queue with this layout (4.2.3.2).
     *
     * @param queue the number of the virtqueue
     * @param layout where the queue lies in guest memory
     */
    default void queueEnabled(int queue, QueueLayout layout) {}

    /**
     * Notes that the driver set QueueReady to 0.
     *
     * @param queue the number of the virtqueue
     */
    default void queueDisabled(int queue) {}

    /**
     * Notes that the driver reset a queue (2.6.1), ready or not: it is as after a reset of the device, and chains that are out
     * are given up.
     *
     * @param queue the number of the virtqueue
     */
    default void queueReset(int queue) {}

    /**
     * Starts work: the driver set DRIVER_OK (3.1.1 step 8). Queues may be used from now on.
     *
     * @param context how the device reaches its queues until the next reset
     */
    void start(DeviceContext context);

    /**
     * Goes on with the driver of a saved state in place of the one that it may have: as {@link #start}, or as {@link #reset},
     * but nothing happens now. Called before the device's own state is loaded. Devices that can be saved have it, and
     * decorators pass it on.
     *
     * @param context how the device reaches its queues until the next reset; empty if no driver has started it
     * @throws UnsupportedOperationException if the device cannot be saved
     */
    default void resume(Optional<DeviceContext> context) {
        throw new UnsupportedOperationException("this device cannot go on from a saved state");
    }

    /**
     * The driver made buffers available in a queue that is ready, and said so (2.7.13.4); also called once for every ready
     * queue right after {@link #start}. Only called between {@code start} and {@code reset}.
     *
     * @param queue the number of the virtqueue
     */
    void queueNotified(int queue);

    /**
     * Notes that the transport gave up a queue whose ring is broken. {@code NEEDS_RESET} is set already.
     *
     * @param queue the number of the virtqueue
     * @param fault what is wrong with the ring
     */
    default void ringBroken(int queue, RingFault fault) {}

    /** Notes that DEVICE_NEEDS_RESET (2.1.2) was set, for whatever reason. */
    default void resetNeeded() {}
}
