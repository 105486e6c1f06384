package dev.semblance.harness.guest.images;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The pointing devices that a machine has beside its keyboard. */
public enum Pointer {
    /** A mouse, which reports how far it moved: what a machine has if nothing is said. */
    MOUSE,
    /** A tablet, which reports where it is; no mouse. */
    TABLET,
    /** A mouse and a tablet. */
    BOTH;

    /** {@return whether there is a mouse} */
    public boolean hasMouse() {
        return this != TABLET;
    }

    /** {@return whether there is a tablet} */
    public boolean hasTablet() {
        return this != MOUSE;
    }

    /** {@return the words that people write for each} */
    public static List<String> words() {
        return Arrays.stream(values()).map(Pointer::toString).toList();
    }

    /**
     * {@return what a word says; empty if it is none of {@link #words}}
     *
     * @param word such as {@code tablet}
     */
    public static Optional<Pointer> parse(String word) {
        return Arrays.stream(values())
                .filter(pointer -> pointer.toString().equals(word))
                .findFirst();
    }

    /** {@return its word} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
