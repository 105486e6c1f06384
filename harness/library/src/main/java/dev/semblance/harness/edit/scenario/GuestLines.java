package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.DisplayModes;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Image;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.machine.profile.Profile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Writes the lines that describe the guest of a session. */
final class GuestLines {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._+-]*");

    private final RecordedSession session;
    private final Function<Image, Optional<ImageSource.Shipped>> shipped;
    private final List<String> lines = new ArrayList<>();

    /**
     * Makes them.
     *
     * @param shipped finds what image that ships it is
     */
    GuestLines(RecordedSession session, Function<Image, Optional<ImageSource.Shipped>> shipped) {
        this.session = session;
        this.shipped = shipped;
    }

    List<String> lines() {
        TraceManifest manifest = session.manifest();
        Profile profile = session.model().profile();
        if (profile != Profile.SEMU) {
            lines.add("profile " + profile.word());
            if (session.model().isa() != profile.instructionSets().getFirst()) {
                lines.add("isa " + session.model().isa().word());
            }
            if (session.model().ramBytes() != profile.usualRam()) {
                lines.add("ram " + size(session.model().ramBytes()));
            }
        }
        manifest.images().forEach(this::image);
        if (manifest.images().stream().noneMatch(image -> image.role() == Image.Role.BARE)) {
            lines.add("append " + ByteText.of(manifest.bootargs()));
        }
        if (manifest.seed() != 0) {
            lines.add("seed " + manifest.seed());
        }
        if (!session.gpu().displays().displays().equals(DisplayConfig.DEFAULT.displays())) {
            lines.add("mode " + DisplayModes.text(session.gpu().displays()));
        }
        if (session.pointer() != Pointer.MOUSE) {
            lines.add("pointer " + session.pointer());
        }
        QueueFeatures queues = session.gpu().queues();
        QueueFeatures usual = switch (profile) {
            case SEMU -> QueueFeatures.NONE;
            case VIRT -> QueueFeatures.USUAL;
        };
        if (!queues.equals(usual)) {
            List<String> words = queues.inWords();
            lines.add("virtqueue " + (words.isEmpty() ? "none" : String.join(",", words)));
        }
        return lines;
    }

    private void image(Image image) {
        String word = switch (image.role()) {
            case KERNEL -> "kernel";
            case INITRD -> "initrd";
            case DISK -> "disk";
            case DTB -> "dtb";
            case BARE -> "";
        };
        if (word.isEmpty()) {
            lines.add("# --bare " + ByteText.of(image.file()) + " on the command line; SHA-256 " + image.sha256());
        } else if (lines.stream().noneMatch(line -> line.startsWith(word + " "))) {
            lines.add(shipped.apply(image)
                    .map(name -> word + " " + name)
                    .orElseGet(() -> word + " " + fileName(image) + "  # beside this file; SHA-256 " + image.sha256()));
        }
    }

    /** {@return the name of an image as a line takes it: one that is no word for something else, and can be a file's} */
    private static String fileName(Image image) {
        String name = image.file();
        if (!isFileName(name)) {
            name = "image-" + image.sha256().substring(0, 12);
        }
        return PLAIN.matcher(name).matches() && !name.equals(ImageSource.NONE_WORD)
                ? name
                : ByteText.of("./" + name).toString();
    }

    private static boolean isFileName(String name) {
        try {
            return !Path.of(name).toString().isEmpty();
        } catch (InvalidPathException e) {
            return false;
        }
    }

    private static String size(long bytes) {
        return bytes % (1 << 20) == 0 ? (bytes >> 20) + "M" : (bytes >> 10) + "K";
    }
}
