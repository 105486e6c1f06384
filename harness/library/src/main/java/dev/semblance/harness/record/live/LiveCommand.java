package dev.semblance.harness.record.live;

import dev.semblance.harness.trace.TraceManifest.DisplayMode;

/** What a person wants done. */
public sealed interface LiveCommand {

    /** The largest motion in one report, either way, in pixels. */
    int MAX_MOTION = 10_000;

    /** The most notches of the wheel in one report, either way. */
    int MAX_NOTCHES = 100;

    /** What is no matter of hands: done in the order in which it is wanted, between two stretches of the run. */
    sealed interface Later extends LiveCommand {}

    /**
     * Press or release a key of the keyboard, or a button of the pointing device. What is down already is not pressed again, and what is up not
     * released.
     *
     * @param code of Linux input: KEY_* or BTN_*
     * @param down whether it is pressed
     */
    record Key(int code, boolean down) implements LiveCommand {}

    /**
     * Move the mouse.
     *
     * @param dx to the right, in pixels
     * @param dy down, in pixels
     */
    record Move(int dx, int dy) implements LiveCommand {}

    /**
     * Move the tablet's pen.
     *
     * @param x from the left of everything that the displays show, 0 to 32767
     * @param y from the top
     */
    record MoveTo(int x, int y) implements LiveCommand {}

    /**
     * Turn the wheel.
     *
     * @param notches up, if positive
     */
    record Scroll(int notches) implements LiveCommand {}

    /**
     * Type on the serial console.
     *
     * @param bytes what is typed; not changed any more
     */
    record Type(byte[] bytes) implements Later {}

    /** Release all keys and buttons. */
    record ReleaseAll() implements LiveCommand {}

    /**
     * Take a snapshot.
     *
     * @param label its label, without the number of a scanout
     */
    record Snapshot(String label) implements Later {}

    /**
     * Change what a display offers, or plug it in or off.
     *
     * @param number of the display, from 0
     * @param mode what it offers from then on
     */
    record ChangeDisplay(int number, DisplayMode mode) implements Later {}

    /** Stop the guest's time. */
    record Pause() implements Later {}

    /** Let the guest's time go on. */
    record Resume() implements Later {}

    /** Let it go on until the guest has flushed a picture. */
    record StepToFlush() implements Later {}

    /** Switch the machine off: the run ends. */
    record PowerOff() implements Later {}

    /** Leave: the run ends. */
    record Finish() implements Later {}
}
