package dev.semblance.gpu.device;

/**
 * What a device holds for its driver, as it counts that itself to keep its limits. A device that counts wrongly refuses what it
 * has room for, sooner or later, or does not refuse what it has none for.
 *
 * @param imageBytes bytes of all images, four a pixel
 * @param resources how many resources there are
 * @param backingStretches how many stretches of guest memory back them, where entries that touch are one
 */
public record ResourceUsage(long imageBytes, int resources, int backingStretches) {

    /** A device that says what it holds. */
    @FunctionalInterface
    public interface Meter {

        /** {@return what the device holds now} */
        ResourceUsage resourceUsage();
    }
}
