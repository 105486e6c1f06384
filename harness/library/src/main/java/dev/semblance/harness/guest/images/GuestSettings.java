package dev.semblance.harness.guest.images;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.trace.QueueFeatures;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a user says about the guest, on the command line or at the top of a scenario. Whatever is empty is left to the
 * next in line, and in the end to the guest that ships with the project.
 *
 * @param kernel the kernel's Image
 * @param initrd the initial RAM file system
 * @param disk the image behind /dev/vda
 * @param dtb a device tree in place of the machine's own
 * @param append the kernel's command line, in place of the machine's own
 * @param seed what every random thing in the machine starts from
 * @param mode the displays that the GPU offers
 * @param virtqueue what all devices offer of their queues
 * @param pointer the pointing devices
 * @param machine the machine
 */
public record GuestSettings(
        Optional<ImageSource> kernel,
        Optional<ImageSource> initrd,
        Optional<ImageSource> disk,
        Optional<ImageSource> dtb,
        Optional<String> append,
        OptionalLong seed,
        Optional<DisplayConfig> mode,
        Optional<QueueFeatures> virtqueue,
        Optional<Pointer> pointer,
        MachineSettings machine) {

    /** Nothing said. */
    public static final GuestSettings NONE = new GuestSettings(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            MachineSettings.NONE);

    /**
     * {@return these settings, with what they leave open taken from {@code other}}
     *
     * @param other what is taken where nothing is said here
     */
    public GuestSettings orElse(GuestSettings other) {
        return new GuestSettings(
                kernel.or(other::kernel),
                initrd.or(other::initrd),
                disk.or(other::disk),
                dtb.or(other::dtb),
                append.or(other::append),
                seed.isPresent() ? seed : other.seed,
                mode.or(other::mode),
                virtqueue.or(other::virtqueue),
                pointer.or(other::pointer),
                machine.orElse(other.machine));
    }
}
