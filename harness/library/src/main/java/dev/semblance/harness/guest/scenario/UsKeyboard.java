package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.text.EvdevCodes;
import java.util.List;
import java.util.Optional;

/** Which keys of a US keyboard give an ASCII character. */
public final class UsKeyboard {

    /**
     * A key, and whether shift is held with it.
     *
     * @param code of Linux input
     * @param shift whether shift is held
     */
    public record Stroke(int code, boolean shift) {

        /** {@return the keys that are pressed for it, in this order} */
        List<Integer> codes() {
            return shift ? List.of(EvdevCodes.KEY_LEFTSHIFT, code) : List.of(code);
        }
    }

    /** Characters on consecutive codes, without and with shift; a blank stands for a key that gives no character. */
    private static final String PLAIN = " \u001b1234567890-=\b\tqwertyuiop[]\n asdfghjkl;'` \\zxcvbnm,./";

    private static final String SHIFTED = "  !@#$%^&*()_+  QWERTYUIOP{}  ASDFGHJKL:\"~ |ZXCVBNM<>?";

    private static final int KEY_SPACE = 57;

    private UsKeyboard() {}

    /**
     * {@return the character that a key gives; empty if it gives none}
     *
     * @param stroke a key of a US keyboard, with shift or without
     */
    public static Optional<Character> character(Stroke stroke) {
        if (stroke.code() == KEY_SPACE && !stroke.shift()) {
            return Optional.of(' ');
        }
        String row = stroke.shift() ? SHIFTED : PLAIN;
        char c = stroke.code() > 0 && stroke.code() < row.length() ? row.charAt(stroke.code()) : ' ';
        return c == ' ' ? Optional.empty() : Optional.of(c);
    }

    /**
     * {@return how to type a character; empty if a US keyboard has no key for it}
     *
     * @param c what is typed
     */
    public static Optional<Stroke> stroke(char c) {
        if (c == ' ') {
            return Optional.of(new Stroke(KEY_SPACE, false));
        }
        int plain = PLAIN.indexOf(c);
        if (plain > 0) {
            return Optional.of(new Stroke(plain, false));
        }
        int shifted = SHIFTED.indexOf(c);
        return shifted > 0 ? Optional.of(new Stroke(shifted, true)) : Optional.empty();
    }
}
