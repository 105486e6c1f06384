package dev.semblance.machine.virtio;

/** Device-independent feature bits (VIRTIO 1.2, chapter 6), as masks. */
public final class VirtioFeatures {

    /** VIRTIO_F_INDIRECT_DESC. */
    public static final long INDIRECT_DESC = 1L << 28;

    /** VIRTIO_F_EVENT_IDX. */
    public static final long EVENT_IDX = 1L << 29;

    /** VIRTIO_F_VERSION_1: the device follows this specification, not a legacy draft. Always offered, must be accepted. */
    public static final long VERSION_1 = 1L << 32;

    /** VIRTIO_F_RING_RESET: the driver may reset one queue by itself (2.6.1). */
    public static final long RING_RESET = 1L << 40;

    /** What the transport does by itself, whatever the device behind it: it offers these where it is told to. */
    public static final long OF_QUEUES = INDIRECT_DESC | EVENT_IDX | RING_RESET;

    private VirtioFeatures() {}
}
