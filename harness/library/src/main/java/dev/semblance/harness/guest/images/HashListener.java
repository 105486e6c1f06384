package dev.semblance.harness.guest.images;

/** Is told how far the hashing of a large image is, which takes seconds for each gigabyte. */
@FunctionalInterface
public interface HashListener {

    /** Nobody listens. */
    HashListener NONE = (image, done, total) -> {};

    /**
     * An image of 64 MiB or more is being hashed. Called before the first byte, now and then, and after the last one.
     *
     * @param image the file's name
     * @param done bytes hashed so far
     * @param total bytes in all
     */
    void hashed(String image, long done, long total);
}
