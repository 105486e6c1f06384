package dev.semblance.gpu.device;

import dev.semblance.gpu.display.DisplayConfig;

/**
 * The monitors' side of a GPU: they come, go, and change their modes while a driver runs. A device that a tester makes
 * implements it if it can do that.
 *
 * @since 0.1.0
 */
public interface DisplayControl {

    /** {@return the displays that it offers now} */
    DisplayConfig displays();

    /**
     * Changes what the displays offer, as when a monitor is plugged in or a window resized, and tells the driver:
     * VIRTIO_GPU_EVENT_DISPLAY in {@code events_read}, and a configuration change (VIRTIO 1.2, 5.7.4). What is shown stays until
     * the driver changes it. A reset of the device does not undo it.
     *
     * @param displays as many as before
     */
    void changeDisplays(DisplayConfig displays);
}
