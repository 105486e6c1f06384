package dev.semblance.live;

import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The keys of the guest's keyboard by their place: a browser's {@code KeyboardEvent.code} (UI Events KeyboardEvent code Values), which is the
 * same whatever the layout, and the code that Linux has for the key there.
 */
final class PhysicalKeys {

    /** Each line is a stretch of consecutive codes of Linux, after its first. */
    private static final String[] STRETCHES = {
        """
        1 Escape Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal Backspace Tab \
        KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Enter ControlLeft \
        KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote Backquote ShiftLeft Backslash \
        KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash ShiftRight NumpadMultiply AltLeft Space CapsLock \
        F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NumLock ScrollLock Numpad7 Numpad8 Numpad9 NumpadSubtract Numpad4 Numpad5 \
        Numpad6 NumpadAdd Numpad1 Numpad2 Numpad3 Numpad0 NumpadDecimal""",
        "87 F11 F12",
        "96 NumpadEnter ControlRight NumpadDivide",
        "100 AltRight",
        "102 Home ArrowUp PageUp ArrowLeft ArrowRight End ArrowDown PageDown Insert Delete",
    };

    private static final NavigableMap<String, Integer> CODES = codes();

    private PhysicalKeys() {}

    private static NavigableMap<String, Integer> codes() {
        NavigableMap<String, Integer> codes = new TreeMap<>();
        for (String stretch : STRETCHES) {
            String[] words = stretch.split(" ", -1);
            int first = Integer.parseInt(words[0]);
            for (int i = 1; i < words.length; i++) {
                codes.put(words[i], first + i - 1);
            }
        }
        return Collections.unmodifiableNavigableMap(codes);
    }

    /** Returns Linux's code of the key at a place, if the guest's keyboard has it. */
    static Optional<Integer> code(String place) {
        return Optional.ofNullable(CODES.get(place));
    }

    /** Returns all of them, sorted by place. */
    static NavigableMap<String, Integer> all() {
        return CODES;
    }
}
