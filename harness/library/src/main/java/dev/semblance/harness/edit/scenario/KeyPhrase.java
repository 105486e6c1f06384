package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.edit.scenario.Act.Kind;
import dev.semblance.harness.guest.scenario.UsKeyboard;
import dev.semblance.harness.guest.scenario.UsKeyboard.Stroke;
import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Presses and releases of keys, from where none is held up to where none is held again. */
final class KeyPhrase {

    private static final int KEY_SPACE = 57;
    private static final String TEXT = "keys ";
    private static final char ESCAPE = 27;

    /** A key that was pressed, with the modifiers that were held. */
    private record Press(int code, List<Integer> modifiers, long cycle, long until) {

        Optional<Character> character() {
            boolean shift = modifiers.stream().anyMatch(Modifiers::isShift);
            if (!modifiers.stream().allMatch(Modifiers::isShift)) {
                return Optional.empty();
            }
            // With shift, a blank is a blank all the same.
            return UsKeyboard.character(new Stroke(code, shift && code != KEY_SPACE))
                    .filter(c -> c != ESCAPE);
        }
    }

    private final List<HandEvent> events;
    private final Clock clock;

    KeyPhrase(List<HandEvent> events, Clock clock) {
        this.events = events;
        this.clock = clock;
    }

    /** {@return what it is in steps; empty if only its single presses and releases are the same to a guest} */
    Optional<List<Act>> acts() {
        List<Press> presses = presses();
        long first = events.getFirst().cycle();
        long last = events.getLast().cycle();
        if (presses.isEmpty()) {
            List<Integer> modifiers = downs();
            return isNested() ? Optional.of(List.of(chord(first, last, modifiers))) : Optional.empty();
        }
        if (presses.stream().anyMatch(press -> press.until() - press.cycle() >= clock.repeat())) {
            return Optional.empty();
        }
        if (presses.stream().allMatch(press -> press.character().isPresent())) {
            String text = presses.stream()
                    .map(press -> String.valueOf(press.character().orElseThrow()))
                    .collect(Collectors.joining());
            return Optional.of(List.of(text(first, last, text)));
        }
        if (presses.size() == 1 && isNested()) {
            Press press = presses.getFirst();
            List<Integer> codes = new ArrayList<>(press.modifiers());
            codes.add(press.code());
            return downs().size() == codes.size() ? Optional.of(List.of(chord(first, last, codes))) : Optional.empty();
        }
        return Optional.empty();
    }

    private List<Press> presses() {
        List<Press> presses = new ArrayList<>();
        List<Integer> modifiers = new ArrayList<>();
        for (int i = 0; i < events.size(); i++) {
            switch (events.get(i)) {
                case HandEvent.Down down -> {
                    if (Modifiers.has(down.code())) {
                        modifiers.add(down.code());
                    } else {
                        // Linux repeats the key that was pressed last, until any key is pressed or released.
                        long until = events.get(i + 1).cycle();
                        presses.add(new Press(down.code(), List.copyOf(modifiers), down.cycle(), until));
                    }
                }
                case HandEvent.Up up -> modifiers.removeIf(code -> code.equals(up.code()));
                default -> throw new IllegalStateException("not a key");
            }
        }
        return presses;
    }

    private List<Integer> downs() {
        return events.stream()
                .filter(HandEvent.Down.class::isInstance)
                .map(event -> ((HandEvent.Down) event).code())
                .toList();
    }

    /** {@return whether all keys go down before one goes up, so that {@code key} says the same} */
    private boolean isNested() {
        return events.subList(0, events.size() / 2).stream().allMatch(HandEvent.Down.class::isInstance);
    }

    private static Act chord(long first, long last, List<Integer> codes) {
        String names = codes.stream().map(EvdevCodes::nameOf).collect(Collectors.joining("+"));
        return new Act(Kind.KEYS, first, last, "key " + names, 2 * codes.size(), false);
    }

    /** {@return the step that types a text} */
    static Act text(long first, long last, String text) {
        ByteText bytes = ByteText.of(text);
        int events = text.chars()
                .map(c -> UsKeyboard.stroke((char) c).orElseThrow().shift() ? 4 : 2)
                .sum();
        return new Act(Kind.KEYS, first, last, TEXT + bytes, bytes, events, false);
    }
}
