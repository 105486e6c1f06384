package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.trace.TraceEvent.End.Reason;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.trace.text.ByteText;

/** One thing that was done to the guest, or about it, as it stands in the trace and as a step of a scenario can say it. */
sealed interface HandEvent {

    /** {@return when} */
    long cycle();

    /** Bytes came on the console's input. */
    record Typed(long cycle, ByteText text) implements HandEvent {}

    /** A key or a button went down that was not: an evdev code. */
    record Down(long cycle, int code) implements HandEvent {}

    /** A key or a button went up that was down: an evdev code. */
    record Up(long cycle, int code) implements HandEvent {}

    /** The mouse moved, right and down. */
    record Motion(long cycle, int dx, int dy) implements HandEvent {}

    /** The tablet was put on a pixel of a display. */
    record Place(long cycle, int x, int y, int display) implements HandEvent {}

    /** The wheel was turned, up or down. */
    record Wheel(long cycle, int notches) implements HandEvent {}

    /** A display was given another mode. */
    record Mode(long cycle, int number, DisplayMode mode) implements HandEvent {}

    /** A snapshot of all scanouts was taken. */
    record Shot(long cycle, String label) implements HandEvent {}

    /** The run ended, with the last snapshot. */
    record Ended(long cycle, Reason reason) implements HandEvent {}
}
