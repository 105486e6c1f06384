package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.DisplayModes;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Gathers the lines that describe the guest. */
final class ManifestLines {

    static final List<String> WORDS =
            List.of("kernel", "initrd", "disk", "dtb", "append", "seed", "mode", "virtqueue", "pointer");

    private final Path folder;
    private final List<String> seen = new ArrayList<>();
    private GuestSettings settings = GuestSettings.NONE;

    ManifestLines(Path folder) {
        this.folder = folder;
    }

    GuestSettings settings() {
        return settings;
    }

    void add(String word, Arguments arguments) {
        if (seen.contains(word)) {
            throw arguments.errorAtVerb("there is a \"" + word + "\" line already");
        }
        seen.add(word);
        settings = line(word, arguments).orElse(settings);
    }

    private GuestSettings line(String word, Arguments arguments) {
        Optional<ImageSource> none = Optional.empty();
        return switch (word) {
            case "kernel" -> images(image(arguments), none, none, none);
            case "initrd" -> images(none, image(arguments), none, none);
            case "disk" -> images(none, none, image(arguments), none);
            case "dtb" -> images(none, none, none, image(arguments));
            case "append" -> values(Optional.of(append(arguments)), OptionalLong.empty(), Optional.empty());
            case "seed" -> values(Optional.empty(), OptionalLong.of(seed(arguments)), Optional.empty());
            case "mode" -> values(Optional.empty(), OptionalLong.empty(), Optional.of(mode(arguments)));
            case "virtqueue" -> virtqueue(arguments);
            case "pointer" -> pointer(arguments);
            default -> throw new IllegalStateException("no manifest line: " + word);
        };
    }

    private static GuestSettings images(
            Optional<ImageSource> kernel,
            Optional<ImageSource> initrd,
            Optional<ImageSource> disk,
            Optional<ImageSource> dtb) {
        return new GuestSettings(
                kernel,
                initrd,
                disk,
                dtb,
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    private static GuestSettings values(Optional<String> append, OptionalLong seed, Optional<DisplayConfig> mode) {
        return new GuestSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                append,
                seed,
                mode,
                Optional.empty(),
                Optional.empty());
    }

    private Optional<ImageSource> image(Arguments arguments) {
        String example = arguments.verb() + " images/file, or " + arguments.verb() + " shipped:NAME";
        String text = arguments.wordOrText("a file", example);
        Optional<ImageSource> source = text.isEmpty() ? Optional.empty() : ImageSource.parse(text, folder);
        if (source.isEmpty()) {
            throw arguments.error(arguments.last(), "this is not the path of a file");
        }
        return source;
    }

    private static String append(Arguments arguments) {
        return arguments.text("append \"console=ttyS0 quiet\"").text().asString();
    }

    private static long seed(Arguments arguments) {
        String text = arguments.word("a whole number", "seed 42").text();
        return Text.wholeNumber(text)
                .orElseThrow(() ->
                        arguments.error(arguments.last(), "a seed is a whole number of 64 bits, not \"" + text + "\""));
    }

    private static GuestSettings virtqueue(Arguments arguments) {
        String text = arguments
                .word("features of queues", "virtqueue indirect,event-idx")
                .text();
        QueueFeatures features = QueueFeatures.parse(text)
                .orElseThrow(() -> arguments.error(
                        arguments.last(),
                        "features of queues are " + String.join(", ", QueueFeatures.words())
                                + ", with commas between them, or none"));
        return new GuestSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.of(features),
                Optional.empty());
    }

    private static GuestSettings pointer(Arguments arguments) {
        String text = arguments.word("the pointing devices", "pointer tablet").text();
        Pointer pointer = Pointer.parse(text)
                .orElseThrow(() -> arguments.error(
                        arguments.last(),
                        "a pointer is " + String.join(", ", Pointer.words()) + ", not \"" + text + "\""
                                + Suggestions.hint(text, Pointer.words())));
        return new GuestSettings(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(pointer));
    }

    private static DisplayConfig mode(Arguments arguments) {
        String text = arguments.word("a display mode", "mode 1024x768").text();
        return DisplayModes.parse(text)
                .orElseThrow(() -> arguments.error(arguments.last(), "a mode is " + DisplayModes.MODES));
    }
}
