package dev.semblance.harness.fuzz;

/**
 * What the generator believes of an image that its script has made. It is mostly right.
 *
 * @param backing bytes of backing, -1 without
 */
record KnownResource(int id, int width, int height, long backing) {

    /** VIRTIO 1.2, 5.7.6.10: a cursor is that wide and that high. */
    static final int CURSOR_SIZE = 64;

    boolean isBacked() {
        return backing >= 0;
    }

    KnownResource withBacking(long bytes) {
        return new KnownResource(id, width, height, bytes);
    }

    /** {@return whether it can be a cursor} */
    boolean isCursor() {
        return width == CURSOR_SIZE && height == CURSOR_SIZE;
    }

    long byteSize() {
        return 4L * width * height;
    }
}
