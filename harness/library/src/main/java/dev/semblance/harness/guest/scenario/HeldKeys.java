package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.text.EvdevCodes;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/** What the scripted user holds down at a line of the scenario, as far as it was read. */
final class HeldKeys {

    /** The lines by which keys and buttons were pressed, in that order. */
    private final SequencedMap<Integer, Integer> lines = new LinkedHashMap<>();

    /** {@return why a key or button cannot be pressed now, if so} */
    Optional<String> obstacleToPress(int code) {
        return Optional.ofNullable(lines.get(code))
                .map(line -> Text.format("%s is held since line %d", EvdevCodes.nameOf(code), line));
    }

    /** {@return whether so many more keys can be down at once} */
    boolean hasRoomFor(int keys) {
        return keys
                        + lines.keySet().stream()
                                .filter(code -> !EvdevCodes.isButton(code))
                                .count()
                <= Step.MAX_HELD_KEYS;
    }

    void press(int code, int line) {
        lines.put(code, line);
    }

    /** {@return whether it was held} */
    boolean release(int code) {
        return lines.remove(code) != null;
    }

    /** {@return what was held, last pressed first} Nothing is from here on. */
    List<Integer> releaseAll() {
        List<Integer> codes = new ArrayList<>(lines.sequencedKeySet().reversed());
        lines.clear();
        return codes;
    }
}
