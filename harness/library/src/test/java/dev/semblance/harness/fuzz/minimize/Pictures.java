package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.function.Consumer;

/** Takes the pictures of the primary planes. */
final class Pictures {

    private Pictures() {}

    static FrameSink of(Consumer<Frame> each) {
        return new FrameSink() {
            @Override
            public void flushed(int scanout, Frame frame) {
                each.accept(frame);
            }

            @Override
            public void disabled(int scanout) {}

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {}
        };
    }
}
