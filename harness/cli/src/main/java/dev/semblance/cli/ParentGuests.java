package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageKind;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.TraceManifest.Image.Role;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** Takes the guest of a recording from its trace, for one that goes on from it. */
final class ParentGuests {

    private ParentGuests() {}

    /**
     * Returns the guest of a trace, and checks that what the user says of it is so.
     *
     * @throws CommandException if the user wants another guest than that of the trace
     * @throws IncompatibleException if its images are not to be had
     */
    static SessionConfig of(Path parent, GuestOptions.Guest guest, GuestImages images) {
        TraceManifest manifest;
        SessionConfig config;
        try (TraceReader reader = TraceReader.open(InputFiles.single(parent))) {
            manifest = reader.manifest();
            Path folder =
                    Optional.ofNullable(parent.toAbsolutePath().getParent()).orElse(parent);
            config = switch (SessionImages.find(
                    InputFiles.single(parent), manifest, ReplayableGpu.of(manifest), images, List.of(folder))) {
                case SessionImages.Search.Found found -> found.config();
                case SessionImages.Search.NotFound not ->
                    throw new IncompatibleException("nothing can go on from " + parent + ": " + not.reason());
            };
        } catch (IOException e) {
            throw TraceProblems.of(parent, e);
        }
        if (guest.bare().isPresent()) {
            throw new CommandException(
                    ExitCode.USAGE,
                    Text.format("--bare names a program to start, and the machine of %s runs already", parent));
        }
        GuestSettings said = guest.settings();
        Stream.of(
                        other(
                                "kernel",
                                image(said.kernel(), ImageKind.KERNEL, images),
                                sha256(manifest, Role.KERNEL).or(() -> sha256(manifest, Role.BARE))),
                        other("initrd", image(said.initrd(), ImageKind.INITRD, images), sha256(manifest, Role.INITRD)),
                        other("dtb", image(said.dtb(), ImageKind.DTB, images), sha256(manifest, Role.DTB)),
                        other(
                                "disk",
                                image(said.disk(), ImageKind.DISK, images),
                                config.disk().map(GuestImage::sha256)),
                        other("append", said.append(), Optional.of(manifest.bootargs())),
                        other("seed", boxed(said.seed()), Optional.of(config.seed())),
                        other("mode", said.mode().map(DisplayMode::of), Optional.of(DisplayMode.of(config.displays()))),
                        other("virtqueue", said.virtqueue(), Optional.of(config.queues())),
                        other("pointer", said.pointer(), Optional.of(config.pointer())),
                        other(
                                "profile",
                                said.machine().profile(),
                                Optional.of(config.model().profile())),
                        other(
                                "isa",
                                said.machine().isa(),
                                Optional.of(config.model().isa())),
                        other(
                                "ram",
                                boxed(said.machine().ram()),
                                Optional.of(config.model().ramBytes())))
                .flatMap(Optional::stream)
                .findFirst()
                .ifPresent(word -> {
                    throw new CommandException(
                            ExitCode.USAGE,
                            Text.format(
                                    "%s is another one than that of %s, and the machine runs already: leave it out",
                                    word, parent));
                });
        return config;
    }

    /** By the manifest: a machine that begins in a stored state has no image but its disk. */
    private static Optional<String> sha256(TraceManifest manifest, Role role) {
        return manifest.images().stream()
                .filter(image -> image.role() == role)
                .map(TraceManifest.Image::sha256)
                .findFirst();
    }

    private static Optional<Long> boxed(OptionalLong number) {
        return number.isPresent() ? Optional.of(number.getAsLong()) : Optional.empty();
    }

    /** What an image that the user names is: its SHA-256, or that there is to be none. */
    private static Optional<String> image(Optional<ImageSource> named, ImageKind kind, GuestImages images) {
        return named.map(
                source -> images.load(source, kind).map(GuestImage::sha256).orElse("none"));
    }

    /** Returns a word whose value is said, and another one than that of the parent. */
    private static <T> Optional<String> other(String word, Optional<T> said, Optional<T> ofParent) {
        boolean same = said.equals(ofParent) || said.equals(Optional.of("none")) && ofParent.isEmpty();
        return said.isEmpty() || same ? Optional.empty() : Optional.of(word);
    }
}
