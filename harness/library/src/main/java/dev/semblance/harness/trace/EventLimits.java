package dev.semblance.harness.trace;

/** The largest value of each field of an event, the same for writing and for reading. */
final class EventLimits {

    static final int DEVICE = 255;
    static final int QUEUE = 0xffff;
    static final int QUEUE_SIZE = 0xffff;
    static final int DESCRIPTOR_INDEX = 0xffff;
    static final int DESCRIPTOR_FLAGS = 0xffff;
    static final int CONFIG_WIDTH = 8;
    static final int INPUT_CODE = 0xffff;
    static final int DISK_HEADER_BYTES = 16;
    static final int STATUS = 0xff;
    /** VIRTIO_GPU_MAX_SCANOUTS is 16. */
    static final int SCANOUT = 15;

    static final int DISPLAY_SIZE = 0xffff;

    static final int STATE_DIGEST_BYTES = 64;
    static final long U32 = 0xffff_ffffL;

    private EventLimits() {}
}
