package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.images.DisplayModes;
import dev.semblance.harness.guest.scenario.SourceLine.Quoted;
import dev.semblance.harness.guest.scenario.SourceLine.Word;
import dev.semblance.harness.trace.SnapshotLabel;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** Gathers the lines that are steps. */
final class StepLines {

    static final List<String> VERBS = List.of(
            "wait",
            "type",
            "key",
            "keys",
            "move",
            "move-to",
            "point",
            "click",
            "scroll",
            "press",
            "release",
            "display",
            "sleep",
            "flush",
            "settle",
            "snapshot",
            "poweroff");

    /** The name of the snapshot that every recording ends with. */
    private static final String RESERVED_LABEL = TraceEvent.Snapshot.END;

    private static final int MAX_MOTION = 32767;

    private static final int MAX_FLUSHES = 1_000_000_000;

    /** For how long the guest's cursor is looked at between two reports, in milliseconds: that of a screen of 50 Hz. */
    private static final long POINT_PACE = 20;

    private static final int MAX_PIXEL = Display.MAX_SIZE - 1;

    private final List<Step> steps = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();
    private final HeldKeys held = new HeldKeys();

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** {@return all steps, once the last line is read} What is held then is released. */
    List<Step> steps() {
        if (!steps.isEmpty()) {
            letGo(steps.getLast().line());
        }
        return List.copyOf(steps);
    }

    private void letGo(int line) {
        List<Integer> codes = held.releaseAll();
        if (!codes.isEmpty()) {
            steps.add(new Step.LetGo(line, codes));
        }
    }

    void add(String verb, Arguments arguments) {
        int line = arguments.line();
        if (!steps.isEmpty() && steps.getLast() instanceof Step.PowerOff) {
            throw arguments.errorAtVerb("nothing can happen after \"poweroff\"");
        }
        Step step = switch (verb) {
            case "wait" -> {
                String example = "wait \"login:\" within 2e9";
                Quoted text = arguments.someText(example);
                yield new Step.Wait(line, text.text(), arguments.within(example));
            }
            case "type" ->
                new Step.Type(line, arguments.someText("type \"ls\\n\"").text());
            case "key" -> new Step.Key(line, keys(arguments));
            case "keys" -> new Step.Keys(line, typed(arguments));
            case "move" -> move(line, arguments);
            case "move-to" -> moveTo(line, arguments);
            case "point" -> point(line, arguments);
            case "click" -> new Step.Click(line, button(arguments));
            case "display" -> display(line, arguments);
            case "scroll" -> scroll(line, arguments);
            case "press" -> press(line, arguments);
            case "release" -> release(line, arguments);
            case "sleep" -> new Step.Sleep(line, arguments.cycles("sleep 5e6"));
            case "flush" -> flush(line, arguments);
            case "settle" -> settle(line, arguments);
            case "snapshot" -> new Step.Snapshot(line, label(arguments));
            case "poweroff" -> {
                letGo(line);
                yield new Step.PowerOff(line);
            }
            default -> throw new IllegalStateException("no verb: " + verb);
        };
        steps.add(step);
    }

    private List<Integer> keys(Arguments arguments) {
        Word word = arguments.word("keys joined by +", "key KEY_LEFTCTRL+KEY_C");
        List<Integer> codes = new ArrayList<>();
        int column = word.column();
        for (String name : word.text().split("\\+", -1)) {
            OptionalInt code = EvdevCodes.key(name);
            if (code.isEmpty()) {
                String problem = name.isEmpty() ? "a key's name is missing here" : "there is no key " + name;
                throw arguments.error(
                        column,
                        problem + Suggestions.hint(name, EvdevCodes.keys().keySet()));
            }
            if (codes.contains(code.getAsInt())) {
                throw arguments.error(column, name + " is pressed already");
            }
            checkFree(arguments, column, code.getAsInt());
            codes.add(code.getAsInt());
            column += name.length() + 1;
        }
        checkRoom(arguments, word.column(), codes.size());
        return codes;
    }

    private void checkFree(Arguments arguments, int column, int code) {
        held.obstacleToPress(code).ifPresent(problem -> {
            throw arguments.error(column, problem);
        });
    }

    private void checkRoom(Arguments arguments, int column, int more) {
        if (!held.hasRoomFor(more)) {
            throw arguments.error(column, "no more than " + Step.MAX_HELD_KEYS + " keys can be pressed at once");
        }
    }

    private String typed(Arguments arguments) {
        Quoted quoted = arguments.someText("keys \"ls\\n\"");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < quoted.text().length(); i++) {
            char c = (char) quoted.text().at(i);
            int column = quoted.columns().get(i);
            Optional<UsKeyboard.Stroke> stroke = c >= 0x80 ? Optional.empty() : UsKeyboard.stroke(c);
            if (stroke.isEmpty()) {
                throw arguments.error(column, "a US keyboard has no key for this character; try \"type\" or \"key\"");
            }
            stroke.get().codes().forEach(code -> checkFree(arguments, column, code));
            checkRoom(arguments, column, stroke.get().codes().size());
            text.append(c);
        }
        return text.toString();
    }

    private static Step.Move move(int line, Arguments arguments) {
        String example = "move 10 -5";
        int dx = arguments.integer("the way to the right", example, -MAX_MOTION, MAX_MOTION);
        int dy = arguments.integer("the way down", example, -MAX_MOTION, MAX_MOTION);
        if (dx == 0 && dy == 0) {
            throw arguments.errorAtVerb("\"move 0 0\" does nothing: a mouse does not report it");
        }
        return new Step.Move(line, dx, dy);
    }

    private static Step.DisplayChange display(int line, Arguments arguments) {
        String example = "display 1 800x600";
        int number = arguments.integer("the number of a display", example, 0, DisplayConfig.MAX_SCANOUTS - 1);
        Word word = arguments.word("a mode", example);
        Display display = DisplayModes.parseOne(word.text())
                .orElseThrow(() -> arguments.error(word, "a mode is " + DisplayModes.MODE));
        return new Step.DisplayChange(line, number, DisplayMode.of(display));
    }

    private static Step.MoveTo moveTo(int line, Arguments arguments) {
        String example = "move-to 512 384 on 0";
        int x = arguments.integer("the pixel from the left", example, 0, MAX_PIXEL);
        int y = arguments.integer("the pixel from the top", example, 0, MAX_PIXEL);
        boolean elsewhere = arguments.takes("on");
        int display = elsewhere
                ? arguments.integer("the number of the display", example, 0, DisplayConfig.MAX_SCANOUTS - 1)
                : 0;
        return new Step.MoveTo(line, x, y, display);
    }

    private static Step.Point point(int line, Arguments arguments) {
        String example = "point 512 384 on 0";
        int x = arguments.integer("the pixel from the left", example, -MAX_PIXEL, MAX_PIXEL);
        int y = arguments.integer("the pixel from the top", example, -MAX_PIXEL, MAX_PIXEL);
        boolean elsewhere = arguments.takes("on");
        int display = elsewhere
                ? arguments.integer("the number of the display", example, 0, DisplayConfig.MAX_SCANOUTS - 1)
                : 0;
        return new Step.Point(line, x, y, display, arguments.milliseconds(POINT_PACE), arguments.within(example));
    }

    private static Step.Scroll scroll(int line, Arguments arguments) {
        int notches = arguments.integer("the number of notches", "scroll -3", -MAX_MOTION, MAX_MOTION);
        if (notches == 0) {
            throw arguments.errorAtVerb("\"scroll 0\" does nothing: a wheel does not report it");
        }
        return new Step.Scroll(line, notches);
    }

    private Step.Press press(int line, Arguments arguments) {
        int code = keyOrButton(arguments);
        int column = arguments.last().column();
        checkFree(arguments, column, code);
        checkRoom(arguments, column, EvdevCodes.isButton(code) ? 0 : 1);
        held.press(code, line);
        return new Step.Press(line, code);
    }

    private Step.Release release(int line, Arguments arguments) {
        int code = keyOrButton(arguments);
        if (!held.release(code)) {
            throw arguments.error(arguments.last(), EvdevCodes.nameOf(code) + " is not held");
        }
        return new Step.Release(line, code);
    }

    private static int keyOrButton(Arguments arguments) {
        Word word = arguments.word("a key or a button", arguments.verb() + " KEY_LEFTCTRL");
        OptionalInt key = EvdevCodes.key(word.text());
        OptionalInt code = key.isPresent() ? key : EvdevCodes.button(word.text());
        List<String> names = new ArrayList<>(EvdevCodes.keys().keySet());
        names.addAll(EvdevCodes.buttons().keySet());
        return code.orElseThrow(() -> arguments.error(
                word, "there is no key or button " + word.text() + Suggestions.hint(word.text(), names)));
    }

    private int button(Arguments arguments) {
        Word word = arguments.word("a button", "click BTN_LEFT");
        int code = EvdevCodes.button(word.text())
                .orElseThrow(() -> arguments.error(
                        word,
                        "there is no button " + word.text()
                                + Suggestions.hint(
                                        word.text(), EvdevCodes.buttons().keySet())));
        checkFree(arguments, word.column(), code);
        return code;
    }

    private static Step.Flush flush(int line, Arguments arguments) {
        String example = "flush 10 within 30s";
        int count = arguments.integer("how many flushes", example, 1, MAX_FLUSHES);
        return new Step.Flush(line, count, arguments.within(example));
    }

    private static Step.Settle settle(int line, Arguments arguments) {
        String example = "settle 5e6 within 1e9";
        long quiet = arguments.cycles(example);
        long within = arguments.within(example);
        if (quiet > within) {
            throw arguments.error(
                    arguments.last(),
                    Text.format("the picture cannot be still for %d cycles within %d", quiet, within));
        }
        return new Step.Settle(line, quiet, within);
    }

    private String label(Arguments arguments) {
        Word word = arguments.word("a label", "snapshot login-prompt");
        String label = word.text();
        if (!SnapshotLabel.isPlain(label)) {
            throw arguments.error(word, "a label is the name of a file: " + SnapshotLabel.RULE);
        }
        if (label.equalsIgnoreCase(RESERVED_LABEL)) {
            throw arguments.error(word, "the snapshot \"end\" is taken at the end of every run by itself");
        }
        // Some file systems do not tell upper from lower case.
        if (labels.stream().anyMatch(label::equalsIgnoreCase)) {
            throw arguments.error(word, "there is a snapshot of this name already");
        }
        labels.add(label);
        return label;
    }
}
