package dev.semblance.machine.virtio;

/** What a device may ask of its transport between {@link VirtioDevice#start} and {@link VirtioDevice#reset}. */
public interface DeviceContext {

    /** {@return the negotiated features} */
    long features();

    /**
     * {@return a queue by number} A queue that is not ready has no buffers.
     *
     * @param queue the number of the virtqueue
     */
    Virtqueue queue(int queue);

    /** Sends a configuration change notification (2.3) and changes ConfigGeneration. */
    void configChanged();

    /** Sets DEVICE_NEEDS_RESET (2.1.2): no queue is served any more until the driver resets the device. */
    void needsReset();
}
