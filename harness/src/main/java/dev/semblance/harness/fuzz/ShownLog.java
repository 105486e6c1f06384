package dev.semblance.harness.fuzz;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a device shows until it is taken. */
final class ShownLog implements FrameSink {

    private final List<Shown> events = new ArrayList<>();

    @Override
    public void flushed(int scanout, Frame frame) {
        events.add(new Shown.Picture(scanout, frame));
    }

    @Override
    public void disabled(int scanout) {
        events.add(new Shown.Dark(scanout));
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        events.add(new Shown.Cursor(scanout, cursor));
    }

    List<Shown> events() {
        return events;
    }

    void clear() {
        events.clear();
    }
}
