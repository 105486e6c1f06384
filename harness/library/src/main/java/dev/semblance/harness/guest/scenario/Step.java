package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.text.ByteText;
import java.util.List;

/** One thing that the scripted user does. Times are in cycles. */
public sealed interface Step {

    /** How long a {@code wait}, {@code flush} or {@code settle} without {@code within} may take on semu, in cycles: half a minute of guest time. */
    long DEFAULT_WITHIN = 2_000_000_000L;

    /** How many keys of the keyboard can be down at once. */
    int MAX_HELD_KEYS = 8;

    /**
     * {@return how long a {@code wait}, {@code flush} or {@code settle} without {@code within} may take, in cycles}
     *
     * @param cyclesPerSecond the clock of the machine
     */
    static long defaultWithin(long cyclesPerSecond) {
        return DEFAULT_WITHIN / CycleCount.SEMU_CLOCK * cyclesPerSecond
                + DEFAULT_WITHIN % CycleCount.SEMU_CLOCK * cyclesPerSecond / CycleCount.SEMU_CLOCK;
    }

    /** {@return the line of the scenario file, from 1} */
    int line();

    /** A step that is a series of reports of keyboard or mouse. */
    sealed interface ByHand extends Step permits Key, Keys, Move, MoveTo, Click, Scroll, Press, Release, LetGo {}

    /** A step that is done as soon as it starts. */
    sealed interface AtOnce extends Step permits Type, DisplayChange, Snapshot, PowerOff {}

    /**
     * Waits until the guest has written a text to the console; everything up to the text's end counts as read.
     *
     * @param line its line in the file, from 1
     * @param text what is waited for, or typed
     * @param within cycles until it counts as failed
     */
    record Wait(int line, ByteText text, long within) implements Step {}

    /**
     * Puts bytes on the console's input.
     *
     * @param line its line in the file, from 1
     * @param text what is waited for, or typed
     */
    record Type(int line, ByteText text) implements AtOnce {}

    /**
     * Changes what a display offers, or plugs it in or off.
     *
     * @param line its line in the file, from 1
     * @param number of the display: that of the scanout, from 0
     * @param mode what it offers from then on
     */
    record DisplayChange(int line, int number, DisplayMode mode) implements AtOnce {}

    /**
     * Presses keys of the keyboard in order, then releases them in reverse: evdev codes.
     *
     * @param line its line in the file, from 1
     * @param codes of Linux input
     */
    record Key(int line, List<Integer> codes) implements ByHand {
        /** Copies the list. */
        public Key {
            codes = List.copyOf(codes);
        }
    }

    /**
     * Types ASCII text on the keyboard, as on a US layout.
     *
     * @param line its line in the file, from 1
     * @param text what is waited for, or typed
     */
    record Keys(int line, String text) implements ByHand {}

    /**
     * Moves the mouse, in its own units, right and down.
     *
     * @param line its line in the file, from 1
     * @param dx in mouse counts, to the right
     * @param dy in mouse counts, down
     */
    record Move(int line, int dx, int dy) implements ByHand {}

    /**
     * Moves the tablet to a pixel.
     *
     * @param line its line in the file, from 1
     * @param x in pixels, from the left of the display
     * @param y in pixels, from its top
     * @param display its number
     */
    record MoveTo(int line, int x, int y, int display) implements ByHand {}

    /**
     * Moves the mouse until the guest's cursor points at a pixel: with a report, and another by where it is then.
     *
     * @param line its line in the file, from 1
     * @param x in pixels, from the left of the display; less than 0 where the cursor is cut off
     * @param y in pixels, from its top; likewise
     * @param display its number
     * @param pace cycles for which the cursor has to be still before the next report
     * @param within cycles until it counts as failed
     */
    record Point(int line, int x, int y, int display, long pace, long within) implements Step {}

    /**
     * Turns the wheel of the mouse, or of the tablet where there is no mouse.
     *
     * @param line its line in the file, from 1
     * @param notches up, or down if negative
     */
    record Scroll(int line, int notches) implements ByHand {}

    /**
     * Presses a key or a button, which stays down: an evdev code.
     *
     * @param line its line in the file, from 1
     * @param code of Linux input
     */
    record Press(int line, int code) implements ByHand {}

    /**
     * Releases a key or a button that is down: an evdev code.
     *
     * @param line its line in the file, from 1
     * @param code of Linux input
     */
    record Release(int line, int code) implements ByHand {}

    /**
     * Releases what is still down at the end. No line says so; where the guest is gone already, it is as if done.
     *
     * @param line the line at which the scenario ends, from 1
     * @param codes of Linux input, in the order in which they are released
     */
    record LetGo(int line, List<Integer> codes) implements ByHand {
        /** Copies the list. */
        public LetGo {
            codes = List.copyOf(codes);
        }
    }

    /**
     * Presses and releases a button of the pointing device that moved last: an evdev code.
     *
     * @param line its line in the file, from 1
     * @param button of Linux input
     */
    record Click(int line, int button) implements ByHand {}

    /**
     * Lets time pass.
     *
     * @param line its line in the file, from 1
     * @param cycles how long
     */
    record Sleep(int line, long cycles) implements Step {}

    /**
     * Waits until the picture has not changed for {@code quiet} cycles.
     *
     * @param line its line in the file, from 1
     * @param quiet cycles without a change
     * @param within cycles until it counts as failed
     */
    record Settle(int line, long quiet, long within) implements Step {}

    /**
     * Waits until the guest has flushed a number of times.
     *
     * @param line its line in the file, from 1
     * @param count flushes of any scanout, from the start of the step, 1 or more
     * @param within cycles until it counts as failed
     */
    record Flush(int line, int count, long within) implements Step {}

    /**
     * Takes a picture to compare under this name.
     *
     * @param line its line in the file, from 1
     * @param label the label of the snapshot
     */
    record Snapshot(int line, String label) implements AtOnce {}

    /**
     * Ends the run, like pulling the plug.
     *
     * @param line its line in the file, from 1
     */
    record PowerOff(int line) implements AtOnce {}
}
