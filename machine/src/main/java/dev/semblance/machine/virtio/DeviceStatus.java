package dev.semblance.machine.virtio;

/** Bits of the device status field (VIRTIO 1.2, 2.1). */
public final class DeviceStatus {

    /** The guest has found the device. */
    public static final int ACKNOWLEDGE = 1;

    /** The guest knows how to drive it. */
    public static final int DRIVER = 2;

    /** The driver is set up. */
    public static final int DRIVER_OK = 4;

    /** Features are agreed upon. */
    public static final int FEATURES_OK = 8;

    /** The device cannot go on without a reset. Only the device sets it. */
    public static final int DEVICE_NEEDS_RESET = 64;

    /** The guest has given up the device; no effect here. */
    public static final int FAILED = 128;

    private DeviceStatus() {}
}
