package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;

/** Something that a device has shown on a scanout. */
public sealed interface DisplayEvent {

    /** Returns the scanout. */
    int scanout();

    /** A picture. */
    record Picture(int scanout, Frame frame) implements DisplayEvent {}

    /** No picture any more. */
    record Dark(int scanout) implements DisplayEvent {}

    /** A cursor: image, position, or none any more. */
    record Cursor(int scanout, CursorPlane plane) implements DisplayEvent {}
}
