package dev.semblance.gpu.protocol;

import java.util.Optional;

/**
 * The pixel formats of VIRTIO 1.2, 5.7.6.8. A name lists the four bytes of a pixel as they lie in memory, lowest address
 * first.
 */
public enum PixelFormat {
    /** VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM. */
    B8G8R8A8(1, Order.BGRA),
    /** VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM. */
    B8G8R8X8(2, Order.BGRA),
    /** VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM. */
    A8R8G8B8(3, Order.ARGB),
    /** VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM. */
    X8R8G8B8(4, Order.ARGB),
    /** VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM. */
    R8G8B8A8(67, Order.RGBA),
    /** VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM. */
    X8B8G8R8(68, Order.ABGR),
    /** VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM. */
    A8B8G8R8(121, Order.ABGR),
    /** VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM. */
    R8G8B8X8(134, Order.RGBA);

    /** Bytes in a pixel, whatever the format. */
    public static final int BYTES_PER_PIXEL = 4;

    private static final int OPAQUE = 0xff00_0000;
    private static final PixelFormat[] ALL = values();

    /** The order of the bytes in memory. */
    private enum Order {
        BGRA,
        ARGB,
        RGBA,
        ABGR
    }

    private final int number;
    private final Order order;

    PixelFormat(int number, Order order) {
        this.number = number;
        this.order = order;
    }

    /** {@return the number on the wire} */
    public int number() {
        return number;
    }

    /**
     * {@return the format with this number, or empty if there is none}
     *
     * @param number the number on the wire (5.7.6.8)
     */
    public static Optional<PixelFormat> of(long number) {
        for (PixelFormat format : ALL) {
            if (format.number == number) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }

    /**
     * Turns pixels as they lie in memory, each read as a little-endian integer, into ARGB integers with straight alpha,
     * in place. The fourth byte is taken as alpha whatever the format calls it: Linux keeps cursors in dumb buffers, which
     * it makes with an X format, and expects their alpha to count. QEMU and semu do the same.
     *
     * @param pixels as they are in memory, little-endian
     */
    public void toArgb(int[] pixels) {
        switch (order) {
            case BGRA -> {}
            case ARGB -> reverse(pixels);
            case RGBA -> swapRedAndBlue(pixels);
            case ABGR -> rotate(pixels);
        }
    }

    /**
     * Turns pixels into ARGB integers like {@link #toArgb}, but all opaque: scanouts have no alpha.
     *
     * @param pixels as they are in memory, little-endian
     */
    public void toOpaque(int[] pixels) {
        toArgb(pixels);
        makeOpaque(pixels);
    }

    // One plain loop each, over one array, with no call in it: the compiler makes vector code of these.

    private static void reverse(int[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            pixels[i] = p >>> 24 | p >>> 8 & 0xff00 | (p & 0xff00) << 8 | p << 24;
        }
    }

    private static void swapRedAndBlue(int[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            pixels[i] = p & 0xff00_ff00 | (p & 0xff) << 16 | p >>> 16 & 0xff;
        }
    }

    private static void rotate(int[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            int p = pixels[i];
            pixels[i] = p >>> 8 | p << 24;
        }
    }

    private static void makeOpaque(int[] pixels) {
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] |= OPAQUE;
        }
    }
}
