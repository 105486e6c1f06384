package dev.semblance.harness.record.session;

import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Image;
import dev.semblance.harness.trace.TraceManifest.Image.Role;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.state.SavedState;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds what is needed to build a recorded machine again. */
public final class SessionImages {

    private SessionImages() {}

    /** What came of the search. */
    public sealed interface Search {

        /**
         * The same machine can be built.
         *
         * @param config the session that the trace came from
         */
        record Found(SessionConfig config) implements Search {}

        /**
         * It cannot.
         *
         * @param reason as the end of a sentence
         */
        record NotFound(String reason) implements Search {}
    }

    /**
     * Finds the images that the manifest of a trace names, by their SHA-256. Those that were booted are not needed where what is played
     * first begins in a stored state: they lie in its memory.
     *
     * @param trace the file; its parent lies beside it
     * @param manifest what the trace was made with
     * @param gpu the manifest's
     * @param images finds images
     * @param folders where to look besides
     * @return the session, or why it cannot be had
     */
    public static Search find(
            Path trace, TraceManifest manifest, ReplayableGpu gpu, GuestImages images, List<Path> folders) {
        Optional<String> obstacle = obstacle(manifest);
        if (obstacle.isPresent()) {
            return new Search.NotFound(obstacle.get());
        }
        Optional<MachineModel> model = model(manifest);
        if (model.isEmpty()) {
            return new Search.NotFound(Text.format(
                    "the trace was made on a machine \"%s\" (%s, %d harts, %d bytes of RAM), which is not here",
                    manifest.profile(), manifest.isa(), manifest.harts(), manifest.ramBytes()));
        }
        Optional<Pointer> pointer = pointer(manifest, model.get().profile(), gpu.queues());
        if (pointer.isEmpty()) {
            return new Search.NotFound(
                    "the trace was made with other devices, or with devices that offer other features");
        }
        boolean stored = SessionStarts.isStored(trace, manifest);
        Map<Role, GuestImage> found = new EnumMap<>(Role.class);
        for (Image wanted : manifest.images()) {
            if (stored && wanted.role() != Role.DISK) {
                continue;
            }
            Optional<GuestImage> image = images.find(wanted.sha256(), wanted.file(), folders);
            if (image.isEmpty()) {
                return new Search.NotFound(missing(wanted, images.namesake(wanted.file(), folders)));
            }
            found.put(wanted.role(), image.get());
        }
        if (stored) {
            return found(manifest, gpu, model.get(), new SessionConfig.Start.Nothing(), found, pointer.get());
        }
        Optional<GuestImage> kernel = Optional.ofNullable(found.get(Role.KERNEL));
        Optional<GuestImage> bare = Optional.ofNullable(found.get(Role.BARE));
        if (kernel.isPresent() == bare.isPresent()) {
            return new Search.NotFound("the trace names neither a kernel nor a bare program, or both");
        }
        SessionConfig.Start start = bare.<SessionConfig.Start>map(SessionConfig.Start.Bare::new)
                .orElseGet(() -> new SessionConfig.Start.Linux(
                        kernel.orElseThrow(),
                        Optional.ofNullable(found.get(Role.INITRD)),
                        Optional.ofNullable(found.get(Role.DTB)),
                        manifest.bootargs()));
        return found(manifest, gpu, model.get(), start, found, pointer.get());
    }

    private static Search.Found found(
            TraceManifest manifest,
            ReplayableGpu gpu,
            MachineModel model,
            SessionConfig.Start start,
            Map<Role, GuestImage> images,
            Pointer pointer) {
        return new Search.Found(new SessionConfig(
                model,
                start,
                Optional.ofNullable(images.get(Role.DISK)),
                manifest.seed(),
                gpu.displays(),
                gpu.queues(),
                pointer));
    }

    /** {@return why no machine can be the one recorded, if so} */
    private static Optional<String> obstacle(TraceManifest manifest) {
        if (!manifest.hasMachine()) {
            return Optional.of("the trace was made without a machine");
        }
        return manifest.storedState()
                .filter(state -> state.layout() != SavedState.LAYOUT)
                .map(state -> Text.format(
                        "the state that its machine begins in has layout %d, and this version knows layout %d",
                        state.layout(), SavedState.LAYOUT));
    }

    /**
     * {@return the machine that a manifest tells of; empty if there is none such here}
     *
     * @param manifest what a trace was made with
     */
    public static Optional<MachineModel> model(TraceManifest manifest) {
        Optional<Profile> profile = Profile.of(manifest.profile());
        Optional<Isa> isa = Isa.of(manifest.isa());
        boolean known = profile.isPresent()
                && isa.isPresent()
                && profile.get().instructionSets().contains(isa.get())
                && manifest.harts() == 1
                && MachineModel.canHave(profile.get(), manifest.ramBytes())
                && manifest.firstAddress() == profile.get().ramBase()
                && manifest.timebaseHz() == profile.get().timebaseFrequency()
                && manifest.cyclesPerTick().orElse(1) == profile.get().cyclesPerTick();
        return known ? Optional.of(new MachineModel(profile.get(), isa.get(), manifest.ramBytes())) : Optional.empty();
    }

    /** {@return the pointing devices with which a machine has the devices that a manifest lists} */
    private static Optional<Pointer> pointer(TraceManifest manifest, Profile profile, QueueFeatures queues) {
        return Arrays.stream(Pointer.values())
                .filter(pointer -> Devices.describe(true, profile, queues, pointer)
                                .equals(manifest.devices())
                        || Devices.describe(false, profile, queues, pointer).equals(manifest.devices()))
                .findFirst();
    }

    private static String missing(Image wanted, Optional<GuestImage> namesake) {
        String role = switch (wanted.role()) {
            case KERNEL -> "kernel";
            case INITRD -> "initrd";
            case DISK -> "disk";
            case DTB -> "device tree";
            case BARE -> "bare program";
        };
        return namesake.map(other -> Text.format(
                        "the %s %s here is another one: expected SHA-256 %s, found %s",
                        role, wanted.file(), wanted.sha256(), other.sha256()))
                .orElseGet(() -> Text.format(
                        "the %s %s (SHA-256 %s) was not found; name its folder with --images",
                        role, wanted.file(), wanted.sha256()));
    }
}
