package dev.semblance.machine.virtio;

/** Device-independent feature bits (VIRTIO 1.2, chapter 6), as masks. */
public final class VirtioFeatures {

    /** VIRTIO_F_INDIRECT_DESC. */
    public static final long INDIRECT_DESC = 1L << 28;

    /** VIRTIO_F_EVENT_IDX. */
    public static final long EVENT_IDX = 1L << 29;

    /** VIRTIO_F_VERSION_1: the device follows this specification, not a legacy draft. Always offered, must be accepted. */
    public static final long VERSION_1 = 1L << 32;

    private VirtioFeatures() {}
}
