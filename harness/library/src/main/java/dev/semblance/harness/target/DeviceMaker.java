package dev.semblance.harness.target;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.machine.memory.GuestMemory;
import dev.semblance.machine.virtio.VirtioDevice;

/** Makes a device that {@link BuiltinDevice} puts on its transport. */
@FunctionalInterface
public interface DeviceMaker {

    /**
     * Makes a device as after power-on.
     *
     * @param memory what the backing of resources points to
     * @param displays what it offers to the driver
     * @param sink takes the pictures
     * @return a device as after power-on
     */
    VirtioDevice make(GuestMemory memory, DisplayConfig displays, FrameSink sink);
}
