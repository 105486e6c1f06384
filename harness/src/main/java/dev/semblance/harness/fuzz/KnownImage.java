package dev.semblance.harness.fuzz;

/**
 * What the generator believes of an image that its script has made. It is mostly right.
 *
 * @param backing bytes of backing, -1 without
 */
record KnownImage(int id, int width, int height, long backing) {

    boolean isBacked() {
        return backing >= 0;
    }

    KnownImage withBacking(long bytes) {
        return new KnownImage(id, width, height, bytes);
    }

    long byteSize() {
        return 4L * width * height;
    }
}
