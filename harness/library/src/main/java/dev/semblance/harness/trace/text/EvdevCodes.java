package dev.semblance.harness.trace.text;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Names and numbers of the evdev codes that the virtio keyboard, mouse and tablet can send, as in Linux's
 * {@code input-event-codes.h}.
 */
public final class EvdevCodes {

    /** EV_SYN. */
    public static final int EV_SYN = 0;

    /** EV_KEY: keys and buttons. */
    public static final int EV_KEY = 1;

    /** EV_REL: relative axes. */
    public static final int EV_REL = 2;

    /** EV_ABS: absolute axes. */
    public static final int EV_ABS = 3;

    /** REL_X: to the right. */
    public static final int REL_X = 0;

    /** REL_Y: down. */
    public static final int REL_Y = 1;

    /** REL_WHEEL: up. */
    public static final int REL_WHEEL = 8;

    /** ABS_X. */
    public static final int ABS_X = 0;

    /** ABS_Y. */
    public static final int ABS_Y = 1;

    /** KEY_LEFTSHIFT. */
    public static final int KEY_LEFTSHIFT = 42;

    /** The keys of a PC keyboard lie on stretches of consecutive codes; each line is one, after its first code. */
    private static final String[] KEYS = {
        """
        1 ESC 1 2 3 4 5 6 7 8 9 0 MINUS EQUAL BACKSPACE TAB Q W E R T Y U I O P LEFTBRACE RIGHTBRACE ENTER LEFTCTRL \
        A S D F G H J K L SEMICOLON APOSTROPHE GRAVE LEFTSHIFT BACKSLASH Z X C V B N M COMMA DOT SLASH RIGHTSHIFT \
        KPASTERISK LEFTALT SPACE CAPSLOCK F1 F2 F3 F4 F5 F6 F7 F8 F9 F10 NUMLOCK SCROLLLOCK KP7 KP8 KP9 KPMINUS KP4 \
        KP5 KP6 KPPLUS KP1 KP2 KP3 KP0 KPDOT""",
        "87 F11 F12",
        "96 KPENTER RIGHTCTRL KPSLASH",
        "100 RIGHTALT",
        "102 HOME UP PAGEUP LEFT RIGHT END DOWN PAGEDOWN INSERT DELETE",
    };

    private static final String BUTTONS = "272 LEFT RIGHT MIDDLE";

    private static final NavigableMap<String, Integer> KEY_CODES = table("KEY_", KEYS);
    private static final NavigableMap<String, Integer> BUTTON_CODES = table("BTN_", BUTTONS);

    private EvdevCodes() {}

    private static NavigableMap<String, Integer> table(String prefix, String... stretches) {
        NavigableMap<String, Integer> codes = new TreeMap<>();
        for (String stretch : stretches) {
            String[] words = stretch.split(" ", -1);
            int first = Integer.parseInt(words[0]);
            for (int i = 1; i < words.length; i++) {
                codes.put(prefix + words[i], first + i - 1);
            }
        }
        return Collections.unmodifiableNavigableMap(codes);
    }

    /**
     * {@return the code of a keyboard key, such as {@code KEY_ENTER}; empty if the keyboard has none of that name}
     *
     * @param name as Linux has it, such as KEY_A
     */
    public static OptionalInt key(String name) {
        return code(KEY_CODES, name);
    }

    /**
     * {@return the code of a mouse button, such as {@code BTN_LEFT}; empty if the mouse has none of that name}
     *
     * @param name as Linux has it, such as KEY_A
     */
    public static OptionalInt button(String name) {
        return code(BUTTON_CODES, name);
    }

    /**
     * {@return the name of a key's or a button's code; empty if neither device has it}
     *
     * @param code of Linux input
     */
    public static Optional<String> name(int code) {
        return Stream.of(KEY_CODES, BUTTON_CODES)
                .flatMap(table -> table.entrySet().stream())
                .filter(entry -> entry.getValue() == code)
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * {@return the name of a key's or a button's code, or {@code KEY_} and the code if neither device has it}
     *
     * @param code of Linux input
     */
    public static String nameOf(int code) {
        return name(code).orElse("KEY_" + code);
    }

    /**
     * {@return whether a code is that of a button of mouse or tablet}
     *
     * @param code of Linux input
     */
    public static boolean isButton(int code) {
        return BUTTON_CODES.containsValue(code);
    }

    /** {@return the codes of all keys by name, sorted by name} */
    public static NavigableMap<String, Integer> keys() {
        return KEY_CODES;
    }

    /** {@return the codes of all mouse buttons by name, sorted by name} */
    public static NavigableMap<String, Integer> buttons() {
        return BUTTON_CODES;
    }

    private static OptionalInt code(NavigableMap<String, Integer> table, String name) {
        Integer code = table.get(name);
        return code == null ? OptionalInt.empty() : OptionalInt.of(code);
    }
}
