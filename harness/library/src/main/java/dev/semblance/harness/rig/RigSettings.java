package dev.semblance.harness.rig;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.List;

/**
 * What a {@link DeviceRig} is made of.
 *
 * @param ramBytes bytes of RAM, from address 0; a multiple of the page size, with room for rings and buffers
 * @param displays what the device offers to the driver
 * @param queues what its queues have besides
 */
public record RigSettings(long ramBytes, DisplayConfig displays, QueueFeatures queues) {

    /** The GPU's number in the manifest. */
    public static final int GPU = 0;

    /** What {@code exec} offers: 512 MiB, and one display of 1024x768. */
    public static final RigSettings EXEC = new RigSettings(512L << 20, DisplayConfig.of(Display.of(1024, 768)));

    /**
     * Settings with plain queues.
     *
     * @param ramBytes bytes of RAM, from address 0; a multiple of the page size, with room for rings and buffers
     * @param displays what the device offers to the driver
     */
    public RigSettings(long ramBytes, DisplayConfig displays) {
        this(ramBytes, displays, QueueFeatures.NONE);
    }

    /** Checks the size. */
    public RigSettings {
        if (ramBytes < DeviceRig.RESERVED_BYTES || ramBytes > Ram.MAX_SIZE || ramBytes % Ram.PAGE_SIZE != 0) {
            throw new IllegalArgumentException("no size for a rig's RAM: " + ramBytes);
        }
    }

    /**
     * {@return the manifest of a trace recorded with these settings}
     *
     * @param toolVersion the version of what records it
     */
    public TraceManifest manifest(String toolVersion) {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion(toolVersion)
                .ramBytes(ramBytes)
                .timebaseHz(SemuPlatform.TIMEBASE_FREQUENCY)
                .devices(List.of(new TraceManifest.Device(
                        "gpu",
                        VirtioGpuDevice.DEVICE_ID,
                        VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID | queues.bits(),
                        0,
                        0)))
                .displayModes(TraceManifest.DisplayMode.of(displays))
                .largerViews(displays.largerViews())
                .build();
    }
}
