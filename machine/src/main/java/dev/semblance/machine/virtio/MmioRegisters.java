package dev.semblance.machine.virtio;

/** The control registers of a virtio-mmio device, version 2 (VIRTIO 1.2, 4.2.2): offsets in bytes, and fixed values. */
public final class MmioRegisters {

    /** "virt" in little-endian order: {@link #MAGIC}. */
    public static final int MAGIC_VALUE = 0x000;

    /** The register layout: {@link #LAYOUT_VERSION}. */
    public static final int VERSION = 0x004;

    /** The device type (5), or 0 for a slot without a device. */
    public static final int DEVICE_ID = 0x008;

    /** {@link #VENDOR}. */
    public static final int VENDOR_ID = 0x00c;

    /** 32 of the features offered, chosen by {@link #DEVICE_FEATURES_SEL}. */
    public static final int DEVICE_FEATURES = 0x010;

    /** Chooses the word of {@link #DEVICE_FEATURES}. */
    public static final int DEVICE_FEATURES_SEL = 0x014;

    /** 32 of the features accepted, chosen by {@link #DRIVER_FEATURES_SEL}. */
    public static final int DRIVER_FEATURES = 0x020;

    /** Chooses the word of {@link #DRIVER_FEATURES}. */
    public static final int DRIVER_FEATURES_SEL = 0x024;

    /** Chooses the queue that the queue registers speak of. */
    public static final int QUEUE_SEL = 0x030;

    /** The largest size of the chosen queue; 0 if there is no such queue. */
    public static final int QUEUE_NUM_MAX = 0x034;

    /** The size of the chosen queue, in entries. */
    public static final int QUEUE_NUM = 0x038;

    /** Whether the chosen queue is in use. */
    public static final int QUEUE_READY = 0x044;

    /** Takes the number of a queue with new buffers. */
    public static final int QUEUE_NOTIFY = 0x050;

    /** Why the interrupt is raised: {@link #USED_BUFFER}, {@link #CONFIG_CHANGE}. */
    public static final int INTERRUPT_STATUS = 0x060;

    /** Takes the bits of {@link #INTERRUPT_STATUS} that were handled. */
    public static final int INTERRUPT_ACK = 0x064;

    /** The device status (2.1); storing 0 resets the device. */
    public static final int STATUS = 0x070;

    /** Address of the descriptor table, low half. */
    public static final int QUEUE_DESC_LOW = 0x080;

    /** Address of the descriptor table, high half. */
    public static final int QUEUE_DESC_HIGH = 0x084;

    /** Address of the available ring, low half. */
    public static final int QUEUE_DRIVER_LOW = 0x090;

    /** Address of the available ring, high half. */
    public static final int QUEUE_DRIVER_HIGH = 0x094;

    /** Address of the used ring, low half. */
    public static final int QUEUE_DEVICE_LOW = 0x0a0;

    /** Address of the used ring, high half. */
    public static final int QUEUE_DEVICE_HIGH = 0x0a4;

    /** Length of the chosen shared memory region, low half; all ones without one, as always here. */
    public static final int SHM_LEN_LOW = 0x0b0;

    /** Length of the chosen shared memory region, high half. */
    public static final int SHM_LEN_HIGH = 0x0b4;

    /** Base of the chosen shared memory region, low half. */
    public static final int SHM_BASE_LOW = 0x0b8;

    /** Base of the chosen shared memory region, high half. */
    public static final int SHM_BASE_HIGH = 0x0bc;

    /** Resets a queue (2.6.1) when 1 is written; reads as 0, since it is done at once. Only with VIRTIO_F_RING_RESET. */
    public static final int QUEUE_RESET = 0x0c0;

    /** Changes whenever the configuration space may have changed. */
    public static final int CONFIG_GENERATION = 0x0fc;

    /** Where the device configuration space (2.5) begins. */
    public static final int CONFIG = 0x100;

    /** What {@link #MAGIC_VALUE} reads as. */
    public static final int MAGIC = 0x74726976;

    /** What {@link #VERSION} reads as. */
    public static final int LAYOUT_VERSION = 2;

    /** What {@link #VENDOR_ID} reads as: semu's. */
    public static final int VENDOR = 0x12345678;

    /** In {@link #INTERRUPT_STATUS}: the device used a buffer. */
    public static final int USED_BUFFER = 1;

    /** In {@link #INTERRUPT_STATUS}: the configuration changed. */
    public static final int CONFIG_CHANGE = 2;

    private MmioRegisters() {}
}
