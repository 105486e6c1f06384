package dev.semblance.harness.record.session;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.boot.SemuPlatform.Slot;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.blk.VirtioBlk;
import java.util.List;
import java.util.stream.Stream;

/** The numbers by which events name the devices of the {@code semu} profile: their places in the manifest's list. */
public final class Devices {

    /** The disk. */
    public static final int DISK = 0;

    /** The entropy source. */
    public static final int ENTROPY = 1;

    /** The keyboard. */
    public static final int KEYBOARD = 2;

    /** The mouse. */
    public static final int MOUSE = 3;

    /** The GPU. */
    public static final int GPU = 4;

    private Devices() {}

    /** {@return what a manifest says of them, in the order of their numbers} */
    static List<TraceManifest.Device> describe(boolean withDisk, QueueFeatures queues) {
        return Stream.of(
                        device(withDisk ? "disk" : "disk (none)", 2, VirtioBlk.FLUSH, Slot.BLOCK),
                        device("entropy", 4, 0, Slot.ENTROPY),
                        device("keyboard", 18, 0, Slot.KEYBOARD),
                        device("mouse", 18, 0, Slot.MOUSE),
                        device("gpu", VirtioGpuDevice.DEVICE_ID, VirtioGpuDevice.FEATURE_EDID, Slot.GPU))
                .map(device -> new TraceManifest.Device(
                        device.kind(),
                        device.virtioId(),
                        device.features() | queues.bits(),
                        device.address(),
                        device.interrupt()))
                .toList();
    }

    private static TraceManifest.Device device(String kind, int virtioId, long features, Slot slot) {
        return new TraceManifest.Device(
                kind, virtioId, features | VirtioFeatures.VERSION_1, slot.base(), slot.interrupt());
    }
}
