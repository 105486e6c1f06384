package dev.semblance.harness.record.live;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import java.util.Optional;

/**
 * What a scanout shows: planes, which nobody has composed yet.
 *
 * @param serial grows by one with each that was published of this scanout
 * @param picture the primary plane, empty while it is dark
 * @param cursor the cursor plane
 * @param clears how often it has become dark: whoever skips one that was published in between sees so that there was a clear
 */
public record Shown(long serial, Optional<Frame> picture, CursorPlane cursor, long clears) {

    /** Nothing has been published. */
    public static final Shown NOTHING = new Shown(0, Optional.empty(), CursorPlane.HIDDEN, 0);
}
