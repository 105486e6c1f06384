package dev.semblance.harness.record.session;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Effect;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.Slot;
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

    /** The mouse, or the tablet of a machine without one. */
    public static final int POINTER = 3;

    /** The GPU. */
    public static final int GPU = 4;

    /** The tablet of a machine that has a mouse too: behind all that semu has, so that these keep their numbers. */
    public static final int SECOND_POINTER = 5;

    private Devices() {}

    /**
     * {@return the number of the device that a scripted user's report goes to}
     *
     * @param port which of the input devices
     * @param pointer the pointing devices that there are
     * @throws IllegalArgumentException if the machine does not have it
     */
    static int of(Effect.InputPort port, Pointer pointer) {
        boolean there = switch (port) {
            case KEYBOARD -> true;
            case MOUSE -> pointer.hasMouse();
            case TABLET -> pointer.hasTablet();
        };
        if (!there) {
            throw new IllegalArgumentException("a machine with pointer " + pointer + " has no such device: " + port);
        }
        return switch (port) {
            case KEYBOARD -> KEYBOARD;
            case MOUSE -> POINTER;
            case TABLET -> pointer.hasMouse() ? SECOND_POINTER : POINTER;
        };
    }

    /** {@return what a manifest says of them, in the order of their numbers} */
    static List<TraceManifest.Device> describe(
            boolean withDisk, Profile profile, QueueFeatures queues, Pointer pointer) {
        TraceManifest.Device mouse = device("mouse", 18, 0, profile.place(Slot.MOUSE));
        TraceManifest.Device tablet = device(TraceManifest.Device.TABLET, 18, 0, profile.place(Slot.TABLET));
        Stream<TraceManifest.Device> second = pointer == Pointer.BOTH ? Stream.of(tablet) : Stream.empty();
        return Stream.concat(
                        Stream.of(
                                device(
                                        withDisk ? "disk" : "disk (none)",
                                        2,
                                        VirtioBlk.FLUSH,
                                        profile.place(Slot.BLOCK)),
                                device("entropy", 4, 0, profile.place(Slot.ENTROPY)),
                                device("keyboard", 18, 0, profile.place(Slot.KEYBOARD)),
                                pointer.hasMouse() ? mouse : tablet,
                                device(
                                        "gpu",
                                        VirtioGpuDevice.DEVICE_ID,
                                        VirtioGpuDevice.FEATURE_EDID,
                                        profile.place(Slot.GPU))),
                        second)
                .map(device -> new TraceManifest.Device(
                        device.kind(),
                        device.virtioId(),
                        device.features() | queues.bits(),
                        device.address(),
                        device.interrupt()))
                .toList();
    }

    private static TraceManifest.Device device(String kind, int virtioId, long features, Slot.Place place) {
        return new TraceManifest.Device(
                kind, virtioId, features | VirtioFeatures.VERSION_1, place.base(), place.interrupt());
    }
}
