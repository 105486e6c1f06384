package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.LoadedGuest;
import dev.semblance.harness.guest.images.MachineSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.profile.VirtPlatform;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Turns what the user said about a guest into a run. */
final class GuestConfigs {

    private GuestConfigs() {}

    /**
     * Reads the images and fills in what was left open.
     *
     * @throws SemblanceException if something cannot be used
     */
    static SessionConfig of(GuestOptions.Guest guest, GuestImages images) {
        GuestSettings settings = guest.settings();
        if (guest.bare().isPresent()) {
            long most = settings.machine().ram().orElse(Profile.SEMU.usualRam());
            GuestImage program = bare(guest.bare().get(), most);
            MachineModel model = model(settings.machine(), Optional.of(program.head()));
            Optional<GuestImage> disk = settings.disk().flatMap(source -> images.load(source, ImageKind.DISK));
            return config(settings, model, new SessionConfig.Start.Bare(program), disk);
        }
        LoadedGuest loaded = images.load(settings);
        MachineModel model =
                model(settings.machine(), Optional.of(loaded.kernel().head()));
        boolean fromDisk = loaded.initrd().isEmpty() && loaded.disk().isPresent();
        String bootargs = settings.append().orElse(usualBootargs(model.profile(), fromDisk));
        return config(
                settings,
                model,
                new SessionConfig.Start.Linux(loaded.kernel(), loaded.initrd(), loaded.dtb(), bootargs),
                loaded.disk());
    }

    private static SessionConfig config(
            GuestSettings settings, MachineModel model, SessionConfig.Start start, Optional<GuestImage> disk) {
        QueueFeatures usual = switch (model.profile()) {
            case SEMU -> QueueFeatures.NONE;
            case VIRT -> QueueFeatures.USUAL;
        };
        return new SessionConfig(
                model,
                start,
                disk,
                settings.seed().orElse(0),
                settings.mode().orElse(DisplayConfig.DEFAULT),
                settings.virtqueue().orElse(usual),
                settings.pointer().orElse(Pointer.MOUSE));
    }

    private static MachineModel model(MachineSettings settings, Optional<byte[]> kernel) {
        try {
            return settings.model(kernel);
        } catch (IllegalArgumentException e) {
            throw new CommandException(ExitCode.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private static String usualBootargs(Profile profile, boolean fromDisk) {
        return switch (profile) {
            case SEMU -> fromDisk ? SemuPlatform.BOOTARGS_DISK : SemuPlatform.BOOTARGS_INITRD;
            case VIRT -> fromDisk ? VirtPlatform.BOOTARGS_DISK : VirtPlatform.BOOTARGS;
        };
    }

    private static GuestImage bare(Path file, long most) {
        try {
            return GuestImage.of(
                    String.valueOf(file.getFileName()), WholeFile.bytes(file, (int) Math.min(most, Integer.MAX_VALUE)));
        } catch (IOException e) {
            throw UnusableInputException.unreadable("the program " + file, e);
        }
    }
}
