package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.trace.text.ByteText;
import java.util.Optional;

/**
 * One step of the person: a line of the scenario, and when it was done in the session.
 *
 * @param kind what it is
 * @param first the cycle of the first event that it stands for
 * @param last the cycle of the last one
 * @param line as the scenario has it; empty for the end, which has none
 * @param text what is typed, on the console or on the keyboard, if that is what it does
 * @param target where the cursor is moved to, by as many reports as it takes, if that is what it does
 * @param events how many inputs, or snapshots, a recording of the step has
 * @param keysDown whether keys other than modifiers are held after it, so that the guest repeats them
 */
record Act(
        Kind kind,
        long first,
        long last,
        String line,
        Optional<ByteText> text,
        Optional<Pixel> target,
        int events,
        boolean keysDown) {

    /** Makes one that types no text. */
    Act(Kind kind, long first, long last, String line, int events, boolean keysDown) {
        this(kind, first, last, line, Optional.empty(), Optional.empty(), events, keysDown);
    }

    /** Makes one that types a text. */
    Act(Kind kind, long first, long last, String line, ByteText text, int events, boolean keysDown) {
        this(kind, first, last, line, Optional.of(text), Optional.empty(), events, keysDown);
    }

    /** What an act is, as far as the waits before and after it depend on it. */
    enum Kind {
        /** Bytes on the console. */
        TYPED(false),
        /** Keys of the keyboard. */
        KEYS(true),
        /** The mouse or the tablet moved, or the wheel. */
        MOTION(true),
        /** A button. */
        BUTTON(true),
        /** A display changed. */
        DISPLAY(false),
        /** A snapshot. */
        SNAPSHOT(false),
        /** The end, with its snapshot. */
        END(false);

        private final boolean byHand;

        Kind(boolean byHand) {
            this.byHand = byHand;
        }
    }

    /** {@return the cycle at which the step is done, if it was done in the session's time} A gap follows each report. */
    long done(long gap) {
        return kind.byHand ? last + gap : last;
    }

    /** {@return whether a picture is taken} */
    boolean isShot() {
        return kind == Kind.SNAPSHOT || kind == Kind.END;
    }

    /** {@return whether it is done with a pointing device} */
    boolean isPointing() {
        return kind == Kind.MOTION || kind == Kind.BUTTON;
    }
}
