package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a device shows until it is taken. */
public final class DisplayLog implements FrameSink {

    private final List<DisplayEvent> events = new ArrayList<>();

    /** Makes a log of nothing yet. */
    public DisplayLog() {}

    @Override
    public void flushed(int scanout, Frame frame) {
        events.add(new DisplayEvent.Picture(scanout, frame));
    }

    @Override
    public void disabled(int scanout) {
        events.add(new DisplayEvent.Dark(scanout));
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        events.add(new DisplayEvent.Cursor(scanout, cursor));
    }

    /** {@return what was shown, in order; a view} */
    public List<DisplayEvent> events() {
        return events;
    }

    /** Forgets everything. */
    public void clear() {
        events.clear();
    }
}
