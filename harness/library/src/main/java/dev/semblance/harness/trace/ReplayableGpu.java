package dev.semblance.harness.trace;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The GPU of a trace, once it is known that the one here can take its place. Whatever drives a device or sizes memory as a
 * manifest says has its numbers from here, so that no manifest gets by unchecked.
 *
 * @param device its place in the manifest's device list
 * @param displays what it offers, one for each scanout
 * @param features the feature bits that it offered, none that the one here does not have
 * @param memory where the guest has RAM
 */
public record ReplayableGpu(int device, DisplayConfig displays, long features, MemoryMap memory) {

    private static final long KNOWN_FEATURES =
            VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID | VirtioFeatures.OF_QUEUES;

    /**
     * {@return the GPU that a manifest tells of}
     *
     * @param manifest what the trace was made with
     * @throws IncompatibleTraceException if there is none or more than one, if it offers features or displays that none
     *     here has, or if there is no such RAM
     */
    public static ReplayableGpu of(TraceManifest manifest) throws IncompatibleTraceException {
        MemoryMap memory = memory(manifest);
        List<TraceManifest.Device> devices = manifest.devices();
        int[] gpus = IntStream.range(0, devices.size())
                .filter(number -> devices.get(number).virtioId() == VirtioGpuDevice.DEVICE_ID)
                .toArray();
        if (gpus.length != 1) {
            throw refused(
                    gpus.length == 0
                            ? "there is no GPU among its devices"
                            : "there are " + gpus.length + " GPUs among its devices, and one can be replayed");
        }
        long features = devices.get(gpus[0]).features();
        long lacking = features & ~KNOWN_FEATURES;
        if (lacking != 0) {
            throw refused("unsupported GPU features: 0x" + Long.toHexString(lacking));
        }
        return new ReplayableGpu(gpus[0], displays(manifest), features, memory);
    }

    private static MemoryMap memory(TraceManifest manifest) throws IncompatibleTraceException {
        try {
            return manifest.memoryMap();
        } catch (IllegalArgumentException e) {
            throw refused(
                    "it was made with " + manifest.ramBytes() + " bytes of RAM, which no guest has: " + e.getMessage());
        }
    }

    /** {@return those of the features that its queues have} */
    public QueueFeatures queues() {
        return QueueFeatures.among(features);
    }

    private static DisplayConfig displays(TraceManifest manifest) throws IncompatibleTraceException {
        try {
            List<Display> displays = manifest.displayModes().stream()
                    .map(TraceManifest.DisplayMode::display)
                    .toList();
            return new DisplayConfig(displays, manifest.largerViews().isPresent());
        } catch (IllegalArgumentException e) {
            throw refused("its display modes cannot be offered: " + e.getMessage());
        }
    }

    private static IncompatibleTraceException refused(String reason) {
        return new IncompatibleTraceException(FileHeader.FIXED_BYTES, reason);
    }
}
