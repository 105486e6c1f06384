package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;

/** Something that a device has shown on a scanout. */
public sealed interface DisplayEvent {

    /** {@return the scanout} */
    int scanout();

    /**
     * A picture.
     *
     * @param scanout the number of the scanout, from 0
     * @param frame the pixels
     */
    record Picture(int scanout, Frame frame) implements DisplayEvent {}

    /**
     * No picture any more.
     *
     * @param scanout the number of the scanout, from 0
     */
    record Dark(int scanout) implements DisplayEvent {}

    /**
     * A cursor: image, position, or none any more.
     *
     * @param scanout the number of the scanout, from 0
     * @param plane the cursor plane
     */
    record Cursor(int scanout, CursorPlane plane) implements DisplayEvent {}
}
