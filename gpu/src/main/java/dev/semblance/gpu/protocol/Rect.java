package dev.semblance.gpu.protocol;

/**
 * A rectangle in pixels, {@code struct virtio_gpu_rect} (VIRTIO 1.2, 5.7.6.8): four unsigned 32-bit numbers. They are
 * kept in 64 bits, so that no sum of two of them can overflow.
 *
 * @param x left edge
 * @param y top edge
 * @param width in pixels
 * @param height in pixels
 */
public record Rect(long x, long y, long width, long height) {

    /** Makes a rectangle of numbers between 0 and 2^32 - 1. */
    public Rect {
        Wire.requireU32(x);
        Wire.requireU32(y);
        Wire.requireU32(width);
        Wire.requireU32(height);
    }

    /** {@return whether there is no pixel in it} */
    public boolean isEmpty() {
        return width == 0 || height == 0;
    }

    /**
     * {@return whether it lies wholly within a picture of this size, edges included}
     *
     * @param pictureWidth in pixels, unsigned
     * @param pictureHeight in pixels, unsigned
     */
    public boolean fitsIn(long pictureWidth, long pictureHeight) {
        return x + width <= pictureWidth && y + height <= pictureHeight;
    }
}
