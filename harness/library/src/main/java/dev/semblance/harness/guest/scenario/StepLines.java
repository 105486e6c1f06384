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
import java.util.OptionalInt;

/** Gathers the lines that are steps. */
final class StepLines {

    static final List<String> VERBS =
            List.of("wait", "type", "key", "keys", "move", "click", "display", "sleep", "settle", "snapshot", "poweroff");

    /** The name of the snapshot that every recording ends with. */
    private static final String RESERVED_LABEL = TraceEvent.Snapshot.END;

    private static final int MAX_KEYS = 8;

    private final List<Step> steps = new ArrayList<>();
    private final List<String> labels = new ArrayList<>();

    boolean isEmpty() {
        return steps.isEmpty();
    }

    List<Step> steps() {
        return List.copyOf(steps);
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
            case "click" -> new Step.Click(line, button(arguments));
            case "display" -> display(line, arguments);
            case "sleep" -> new Step.Sleep(line, arguments.cycles("sleep 5e6"));
            case "settle" -> settle(line, arguments);
            case "snapshot" -> new Step.Snapshot(line, label(arguments));
            case "poweroff" -> new Step.PowerOff(line);
            default -> throw new IllegalStateException("no verb: " + verb);
        };
        steps.add(step);
    }

    private static List<Integer> keys(Arguments arguments) {
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
            codes.add(code.getAsInt());
            column += name.length() + 1;
        }
        if (codes.size() > MAX_KEYS) {
            throw arguments.error(word, "no more than " + MAX_KEYS + " keys can be pressed at once");
        }
        return codes;
    }

    private static String typed(Arguments arguments) {
        Quoted quoted = arguments.someText("keys \"ls\\n\"");
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < quoted.text().length(); i++) {
            char c = (char) quoted.text().at(i);
            if (c >= 0x80 || UsKeyboard.stroke(c).isEmpty()) {
                throw arguments.error(
                        quoted.columns().get(i),
                        "a US keyboard has no key for this character; try \"type\" or \"key\"");
            }
            text.append(c);
        }
        return text.toString();
    }

    private static Step.Move move(int line, Arguments arguments) {
        String example = "move 10 -5";
        int dx = arguments.integer("the way to the right", example, -32767, 32767);
        int dy = arguments.integer("the way down", example, -32767, 32767);
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

    private static int button(Arguments arguments) {
        Word word = arguments.word("a button", "click BTN_LEFT");
        return EvdevCodes.button(word.text())
                .orElseThrow(() -> arguments.error(
                        word,
                        "there is no button " + word.text()
                                + Suggestions.hint(
                                        word.text(), EvdevCodes.buttons().keySet())));
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
