package dev.semblance.gpu.display;

/**
 * One scanout's display with the one mode it offers.
 *
 * @param width in pixels, 1 to {@link #MAX_SIZE}
 * @param height in pixels, likewise
 * @param enabled whether it is connected; one that is not can still be used by the driver
 */
public record Display(int width, int height, boolean enabled) {

    /** The largest width and height: what Linux's driver takes for a mode (XRES_MAX and YRES_MAX of virtio_gpu, 8192), less one. */
    public static final int MAX_SIZE = 8191;

    /** No monitor: if the driver asks all the same, it is as one of 1024x768. */
    public static final Display OFF = new Display(1024, 768, false);

    /** Makes a display. */
    public Display {
        if (width < 1 || width > MAX_SIZE || height < 1 || height > MAX_SIZE) {
            throw new IllegalArgumentException(
                    "display mode " + width + "x" + height + ": width and height must be 1 to " + MAX_SIZE);
        }
    }

    /**
     * {@return whether its scanout has a picture: what is connected has one, black if it must be, and what is not only while
     * the driver leaves something there}
     *
     * @param shown whether the scanout shows something
     */
    public boolean hasPicture(boolean shown) {
        return enabled || shown;
    }

    /**
     * {@return a connected display of this size}
     *
     * @param width in pixels
     * @param height in pixels
     */
    public static Display of(int width, int height) {
        return new Display(width, height, true);
    }
}
