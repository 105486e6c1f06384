package dev.semblance.harness.target;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameStore;
import java.util.Optional;

/** How pictures come out of a device under test. */
public sealed interface Pictures {

    /**
     * {@return what a scanout shows, without its cursor where the device keeps that apart; empty while it is dark}
     *
     * @param scanout the number of the scanout, from 0
     */
    Optional<Frame> primary(int scanout);

    /**
     * {@return all that a scanout shows, with the cursor if the device shows one}
     *
     * @param scanout the number of the scanout, from 0
     * @param darkWidth width of the black picture of a dark scanout
     * @param darkHeight its height
     */
    Frame picture(int scanout, int darkWidth, int darkHeight);

    /**
     * Every flush publishes a frame, and the cursor plane is known at any time.
     *
     * @param frames what the scanouts show
     */
    record Published(FrameStore frames) implements Pictures {

        @Override
        public Optional<Frame> primary(int scanout) {
            return frames.primary(scanout);
        }

        @Override
        public Frame picture(int scanout, int darkWidth, int darkHeight) {
            return frames.picture(scanout, darkWidth, darkHeight);
        }
    }

    /** There is a picture when one is asked for, and nothing tells of what was shown in between. */
    non-sealed interface Screendump extends Pictures {

        /** {@return whether the cursor is in the picture} */
        boolean showsCursor();

        /** {@return whether it is in what {@link #primary} has too, from which it cannot be taken out} */
        default boolean hasCursorInPrimary() {
            return showsCursor();
        }

        @Override
        default Frame picture(int scanout, int darkWidth, int darkHeight) {
            return primary(scanout).orElseGet(() -> Frame.solid(darkWidth, darkHeight, BLACK));
        }
    }

    /** The colour of a dark scanout. */
    int BLACK = 0xff00_0000;
}
