package dev.semblance.harness.trace;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.TraceManifest.Device;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Manifests of machines and GPUs that cannot be here. As files they are sound, and a trace of any events can have one. */
public final class HostileManifests {

    /**
     * One of them.
     *
     * @param reason what everyone who drives a device, or sizes memory by it, says of it
     */
    public record Hostile(TraceManifest manifest, String reason) {}

    private HostileManifests() {}

    /** Returns them by name: each is a sound manifest of a device's trace, but for one thing. */
    public static Map<String, Hostile> of(TraceManifest sound) {
        List<Device> gpu = sound.devices();
        List<DisplayMode> modes = sound.displayModes();
        long ram = sound.ramBytes();
        Map<String, Hostile> hostile = new TreeMap<>();
        for (long bytes : new long[] {0, 256, 4095, 4097}) {
            hostile.put(
                    "ram-" + bytes,
                    new Hostile(manifest(bytes, gpu, modes), "it was made with " + bytes + " bytes of RAM"));
        }
        Device virgl = new Device("gpu", VirtioGpuDevice.DEVICE_ID, VirtioFeatures.VERSION_1 | 1, 0, 0);
        hostile.put("features", new Hostile(manifest(ram, List.of(virgl), modes), "unsupported GPU features: 0x1"));
        String noGpu = "there is no GPU among its devices";
        hostile.put("no-devices", new Hostile(manifest(ram, List.of(), modes), noGpu));
        hostile.put("no-gpu", new Hostile(manifest(ram, List.of(new Device("gpu", 2, 0, 0, 0)), modes), noGpu));
        hostile.put(
                "two-gpus",
                new Hostile(
                        manifest(ram, List.of(gpu.getFirst(), gpu.getFirst()), modes),
                        "there are 2 GPUs among its devices"));
        String displays = "its display modes cannot be offered";
        hostile.put("no-displays", new Hostile(manifest(ram, gpu, List.of()), displays));
        hostile.put("wide-display", new Hostile(manifest(ram, gpu, List.of(new DisplayMode(9000, 1))), displays));
        hostile.put(
                "large-displays",
                new Hostile(manifest(ram, gpu, Collections.nCopies(16, new DisplayMode(65535, 65535))), displays));
        return hostile;
    }

    private static TraceManifest manifest(long ram, List<Device> devices, List<DisplayMode> modes) {
        return TraceManifest.builder(TraceManifest.Kind.DEVICE_ONLY)
                .toolVersion("test")
                .ramBytes(ram)
                .devices(devices)
                .displayModes(modes)
                .build();
    }
}
