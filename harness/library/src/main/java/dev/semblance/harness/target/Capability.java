package dev.semblance.harness.target;

/**
 * What a device under test can show of itself. What it cannot show is not compared, and whoever compares says so. How its
 * pictures are had is in the type of {@link DeviceUnderTest#pictures}.
 */
public enum Capability {
    /** The pictures of its scanouts. */
    PICTURES("pictures"),
    /** The cursor in them, or beside them. */
    CURSOR("cursor"),
    /** Answers to GET_DISPLAY_INFO and GET_EDID that are its own, not those of what stands between it and the test. */
    DISPLAY_ANSWERS("display answers"),
    /** Its configuration space (VIRTIO 1.2, 5.7.4) as it keeps it itself. */
    CONFIGURATION("configuration space"),
    /** The device status (2.1), with DEVICE_NEEDS_RESET where it refuses a ring. */
    STATUS("device status"),
    /** Whether it interrupted the driver for a used buffer (2.7.7). */
    NOTIFICATIONS("notifications"),
    /** Queues that are its own: it reads the rings, and refuses those that are wrong. */
    QUEUES("queues");

    private final String words;

    Capability(String words) {
        this.words = words;
    }

    /** {@return what it is, in a sentence: {@code pictures}} */
    public String words() {
        return words;
    }
}
