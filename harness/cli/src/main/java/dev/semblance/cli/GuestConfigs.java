package dev.semblance.cli;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.files.WholeFile;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.LoadedGuest;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.machine.boot.SemuPlatform;
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
        long seed = settings.seed().orElse(0);
        DisplayConfig displays = settings.mode().orElse(DisplayConfig.DEFAULT);
        QueueFeatures queues = settings.virtqueue().orElse(QueueFeatures.NONE);
        Pointer pointer = settings.pointer().orElse(Pointer.MOUSE);
        if (guest.bare().isPresent()) {
            Optional<GuestImage> disk = settings.disk().flatMap(source -> images.load(source, ImageKind.DISK));
            return new SessionConfig(
                    new SessionConfig.Start.Bare(bare(guest.bare().get())), disk, seed, displays, queues, pointer);
        }
        LoadedGuest loaded = images.load(settings);
        String usual = loaded.initrd().isEmpty() && loaded.disk().isPresent()
                ? SemuPlatform.BOOTARGS_DISK
                : SemuPlatform.BOOTARGS_INITRD;
        String bootargs = settings.append().orElse(usual);
        return new SessionConfig(
                new SessionConfig.Start.Linux(loaded.kernel(), loaded.initrd(), loaded.dtb(), bootargs),
                loaded.disk(),
                seed,
                displays,
                queues,
                pointer);
    }

    private static GuestImage bare(Path file) {
        try {
            return GuestImage.of(
                    String.valueOf(file.getFileName()), WholeFile.bytes(file, Math.toIntExact(SemuPlatform.RAM_SIZE)));
        } catch (IOException e) {
            throw UnusableInputException.unreadable("the program " + file, e);
        }
    }
}
