package dev.semblance.harness.record.session;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.display.Edid;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Image.Role;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.translate.Translator;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Everything that decides a run before its first instruction, input aside; and what translates its code, which decides nothing.
 *
 * @param model the machine
 * @param boot what is started
 * @param disk what is behind /dev/vda; without one the device has no sectors
 * @param seed for everything random
 * @param displays what the GPU offers
 * @param queues what all devices offer of their queues
 * @param pointer the pointing devices
 * @param translator translates the code that the hart executes often; all is interpreted if there is none. No run can tell, and no manifest has it
 */
public record SessionConfig(
        MachineModel model,
        Start boot,
        Optional<GuestImage> disk,
        long seed,
        DisplayConfig displays,
        QueueFeatures queues,
        Pointer pointer,
        Optional<Translator> translator) {

    /**
     * Makes one whose code is interpreted.
     *
     * @param model the machine
     * @param boot what is started
     * @param disk what is behind /dev/vda; without one the device has no sectors
     * @param seed for everything random
     * @param displays what the GPU offers
     * @param queues what all devices offer of their queues
     * @param pointer the pointing devices
     */
    public SessionConfig(
            MachineModel model,
            Start boot,
            Optional<GuestImage> disk,
            long seed,
            DisplayConfig displays,
            QueueFeatures queues,
            Pointer pointer) {
        this(model, boot, disk, seed, displays, queues, pointer, Optional.empty());
    }

    /**
     * Makes one of semu's machine with a mouse, whose devices have plain queues.
     *
     * @param boot what is started
     * @param disk what is behind /dev/vda; without one the device has no sectors
     * @param seed for everything random
     * @param displays what the GPU offers
     */
    public SessionConfig(Start boot, Optional<GuestImage> disk, long seed, DisplayConfig displays) {
        this(MachineModel.SEMU, boot, disk, seed, displays, QueueFeatures.NONE, Pointer.MOUSE);
    }

    /** What is started. */
    public sealed interface Start {

        /**
         * A Linux kernel; {@code bootargs} count only while there is no device tree of the user's own.
         *
         * @param kernel the kernel
         * @param initrd the initial RAM disk
         * @param deviceTree the user's own; empty for the one of the machine
         * @param bootargs the command line of the kernel
         */
        record Linux(GuestImage kernel, Optional<GuestImage> initrd, Optional<GuestImage> deviceTree, String bootargs)
                implements Start {}

        /**
         * An ELF file, or a flat binary.
         *
         * @param image a program for the machine without firmware
         */
        record Bare(GuestImage image) implements Start {}

        /** Nothing is known of that: the machine begins in a state, and what was started lies in its memory. */
        record Nothing() implements Start {}
    }

    /**
     * {@return the same, with another core}
     *
     * @param other translates the code that is executed often; all is interpreted if there is none
     */
    public SessionConfig translatedBy(Optional<Translator> other) {
        return new SessionConfig(model, boot, disk, seed, displays, queues, pointer, other);
    }

    /** {@return the images, in the order in which a manifest names them} */
    public List<GuestImage> images() {
        Stream<GuestImage> started = switch (boot) {
            case Start.Linux linux ->
                Stream.of(Optional.of(linux.kernel()), linux.initrd(), linux.deviceTree())
                        .flatMap(Optional::stream);
            case Start.Bare bare -> Stream.of(bare.image());
            case Start.Nothing nothing -> Stream.empty();
        };
        return Stream.concat(started, disk.stream()).toList();
    }

    /**
     * {@return the manifest of a recording of this run}
     *
     * @param toolVersion the name and version of the program, for the manifest
     * @param scenario its text, if there was one
     */
    public TraceManifest manifest(String toolVersion, Optional<String> scenario) {
        List<TraceManifest.Image> images = new ArrayList<>();
        String bootargs = switch (boot) {
            case Start.Linux linux -> {
                images.add(describe(Role.KERNEL, linux.kernel()));
                linux.initrd().ifPresent(image -> images.add(describe(Role.INITRD, image)));
                linux.deviceTree().ifPresent(image -> images.add(describe(Role.DTB, image)));
                yield linux.bootargs();
            }
            case Start.Bare bare -> {
                images.add(describe(Role.BARE, bare.image()));
                yield "";
            }
            case Start.Nothing nothing -> "";
        };
        disk.ifPresent(image -> images.add(describe(Role.DISK, image)));
        return TraceManifest.builder(TraceManifest.Kind.MACHINE)
                .toolVersion(toolVersion)
                .profile(model.profile().word())
                .isa(model.isa().word())
                .harts(1)
                .ramBase(model.profile().ramBase())
                .ramBytes(model.ramBytes())
                .timebaseHz(model.profile().timebaseFrequency())
                .cyclesPerTick(model.profile().cyclesPerTick())
                .bootargs(bootargs)
                .seed(seed)
                .devices(Devices.describe(disk.isPresent(), model.profile(), queues, pointer))
                .displayModes(TraceManifest.DisplayMode.of(displays))
                .edid(HexFormat.of().formatHex(Edid.of(displays.display(0))))
                .images(images)
                .scenario(scenario)
                .build();
    }

    private static TraceManifest.Image describe(Role role, GuestImage image) {
        // A name is for people. Elsewhere than here, a backslash separates folders.
        return new TraceManifest.Image(role, image.name().replace('\\', '_'), image.size(), image.sha256());
    }
}
