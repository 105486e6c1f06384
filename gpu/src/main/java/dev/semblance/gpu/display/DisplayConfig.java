package dev.semblance.gpu.display;

import dev.semblance.gpu.protocol.ResponseCodec;
import java.util.ArrayList;
import java.util.List;

/**
 * The displays of a device, one for each scanout.
 *
 * @param displays 1 to {@link #MAX_SCANOUTS}, by scanout number
 * @param largerViews whether SET_SCANOUT may show more pixels than the display's mode has, as a window that grows;
 *     otherwise that is refused, as by a monitor
 */
public record DisplayConfig(List<Display> displays, boolean largerViews) {

    /** VIRTIO_GPU_MAX_SCANOUTS (VIRTIO 1.2, 5.7.4). */
    public static final int MAX_SCANOUTS = ResponseCodec.MAX_SCANOUTS;

    /** One connected display, 1024x768. */
    public static final DisplayConfig DEFAULT = single(1024, 768);

    /** Makes a configuration with a copy of the list. */
    public DisplayConfig {
        displays = List.copyOf(displays);
        if (displays.isEmpty() || displays.size() > MAX_SCANOUTS) {
            throw new IllegalArgumentException(displays.size() + " displays: there must be 1 to " + MAX_SCANOUTS);
        }
    }

    /**
     * {@return a configuration that refuses larger views}
     *
     * @param displays one for each scanout, in the order of their numbers
     */
    public static DisplayConfig of(Display... displays) {
        return new DisplayConfig(List.of(displays), false);
    }

    /**
     * {@return a configuration with one connected display of this size}
     *
     * @param width in pixels
     * @param height in pixels
     */
    public static DisplayConfig single(int width, int height) {
        return new DisplayConfig(List.of(Display.of(width, height)), false);
    }

    /**
     * {@return these displays with another one at a scanout}
     *
     * @param scanout the number of the scanout, from 0
     * @param display what it offers from then on
     */
    public DisplayConfig with(int scanout, Display display) {
        List<Display> changed = new ArrayList<>(displays);
        changed.set(scanout, display);
        return new DisplayConfig(changed, largerViews);
    }

    /** {@return the number of scanouts} */
    public int count() {
        return displays.size();
    }

    /**
     * {@return the display of scanout number {@code scanout}}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Display display(int scanout) {
        return displays.get(scanout);
    }
}
