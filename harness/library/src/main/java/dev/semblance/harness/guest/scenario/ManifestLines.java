package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.guest.images.DisplayModes;
import dev.semblance.harness.guest.images.GuestSettings;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.MachineSettings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.Profile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Gathers the lines that describe the guest. */
final class ManifestLines {

    static final List<String> WORDS = List.of(
            "kernel",
            "initrd",
            "disk",
            "dtb",
            "append",
            "seed",
            "mode",
            "virtqueue",
            "pointer",
            "profile",
            "isa",
            "ram",
            "from");

    private final Path folder;
    private final List<String> seen = new ArrayList<>();
    private Optional<ImageSource> kernel = Optional.empty();
    private Optional<ImageSource> initrd = Optional.empty();
    private Optional<ImageSource> disk = Optional.empty();
    private Optional<ImageSource> dtb = Optional.empty();
    private Optional<String> append = Optional.empty();
    private OptionalLong seed = OptionalLong.empty();
    private Optional<DisplayConfig> mode = Optional.empty();
    private Optional<QueueFeatures> virtqueue = Optional.empty();
    private Optional<Pointer> pointer = Optional.empty();
    private MachineSettings machine = MachineSettings.NONE;
    private Optional<ParentPosition> from = Optional.empty();

    ManifestLines(Path folder) {
        this.folder = folder;
    }

    GuestSettings settings() {
        return new GuestSettings(kernel, initrd, disk, dtb, append, seed, mode, virtqueue, pointer, machine);
    }

    /** {@return the recording that the scenario goes on from} */
    Optional<ParentPosition> from() {
        return from;
    }

    void add(String word, Arguments arguments) {
        if (seen.contains(word)) {
            throw arguments.errorAtVerb("there is a \"" + word + "\" line already");
        }
        seen.add(word);
        switch (word) {
            case "kernel" -> kernel = image(arguments);
            case "initrd" -> initrd = image(arguments);
            case "disk" -> disk = image(arguments);
            case "dtb" -> dtb = image(arguments);
            case "append" -> append = Optional.of(append(arguments));
            case "seed" -> seed = OptionalLong.of(seed(arguments));
            case "mode" -> mode = Optional.of(mode(arguments));
            case "virtqueue" -> virtqueue = Optional.of(virtqueue(arguments));
            case "pointer" -> pointer = Optional.of(pointer(arguments));
            case "profile" ->
                machine = new MachineSettings(Optional.of(profile(arguments)), machine.isa(), machine.ram());
            case "isa" -> machine = new MachineSettings(machine.profile(), Optional.of(isa(arguments)), machine.ram());
            case "ram" ->
                machine = new MachineSettings(machine.profile(), machine.isa(), OptionalLong.of(ram(arguments)));
            case "from" -> from = Optional.of(from(arguments));
            default -> throw new IllegalStateException("no manifest line: " + word);
        }
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

    private ParentPosition from(Arguments arguments) {
        String text = arguments.wordOrText("a trace", "from desk.trace at snapshot:ready");
        Path trace;
        try {
            trace = folder.resolve(text);
        } catch (InvalidPathException e) {
            throw arguments.error(arguments.last(), "this is not the path of a file");
        }
        if (text.isEmpty()) {
            throw arguments.error(arguments.last(), "this is not the path of a file");
        }
        if (!arguments.takes("at")) {
            return new ParentPosition(trace, new Position.End());
        }
        String at = arguments
                .word("a position", "from desk.trace at snapshot:ready")
                .text();
        try {
            return new ParentPosition(trace, Position.parse(at));
        } catch (UnusableInputException e) {
            throw arguments.error(arguments.last(), String.valueOf(e.getMessage()));
        }
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

    private static QueueFeatures virtqueue(Arguments arguments) {
        String text = arguments
                .word("features of queues", "virtqueue indirect,event-idx")
                .text();
        return QueueFeatures.parse(text)
                .orElseThrow(() -> arguments.error(
                        arguments.last(),
                        "features of queues are " + String.join(", ", QueueFeatures.words())
                                + ", with commas between them, or none"));
    }

    private static Pointer pointer(Arguments arguments) {
        String text = arguments.word("the pointing devices", "pointer tablet").text();
        return Pointer.parse(text)
                .orElseThrow(() -> arguments.error(
                        arguments.last(),
                        "a pointer is " + String.join(", ", Pointer.words()) + ", not \"" + text + "\""
                                + Suggestions.hint(text, Pointer.words())));
    }

    private static Profile profile(Arguments arguments) {
        String text = arguments.word("a profile", "profile virt").text();
        return Profile.of(text).orElseThrow(() -> notOneOf(arguments, "a profile", text, MachineSettings.profiles()));
    }

    private static Isa isa(Arguments arguments) {
        String text = arguments.word("an instruction set", "isa rv64gc").text();
        return Isa.of(text)
                .orElseThrow(() -> notOneOf(arguments, "an instruction set", text, MachineSettings.instructionSets()));
    }

    private static ScenarioException notOneOf(Arguments arguments, String what, String text, List<String> words) {
        return arguments.error(
                arguments.last(),
                what + " is " + String.join(", ", words) + ", not \"" + text + "\"" + Suggestions.hint(text, words));
    }

    private static long ram(Arguments arguments) {
        String text = arguments.word("a size of RAM", "ram 96M").text();
        return MachineSettings.ram(text)
                .orElseThrow(() -> arguments.error(
                        arguments.last(), "a size of RAM is " + MachineSettings.RAM + "; not \"" + text + "\""));
    }

    private static DisplayConfig mode(Arguments arguments) {
        String text = arguments.word("a display mode", "mode 1024x768").text();
        return DisplayModes.parse(text)
                .orElseThrow(() -> arguments.error(arguments.last(), "a mode is " + DisplayModes.MODES));
    }
}
