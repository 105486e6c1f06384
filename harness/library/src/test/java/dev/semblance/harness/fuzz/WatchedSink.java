package dev.semblance.harness.fuzz;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.function.Consumer;

/** Does something at every change of a cursor: a way to plant a fault without touching the device. */
record WatchedSink(FrameSink next, Consumer<CursorPlane> fault) implements FrameSink {

    @Override
    public void flushed(int scanout, Frame frame) {
        next.flushed(scanout, frame);
    }

    @Override
    public void disabled(int scanout) {
        next.disabled(scanout);
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        fault.accept(cursor);
        next.cursorChanged(scanout, cursor);
    }
}
