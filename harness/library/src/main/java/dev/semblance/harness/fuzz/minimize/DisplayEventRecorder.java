package dev.semblance.harness.fuzz.minimize;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Keeps what a device shows as the events that a trace has of it. */
final class DisplayEventRecorder implements FrameSink {

    private final List<TraceEvent> events = new ArrayList<>();

    /** {@return what was shown since the last call} */
    List<TraceEvent> take() {
        List<TraceEvent> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** {@return whether an event is one of those} */
    static boolean isShown(TraceEvent event) {
        return event instanceof TraceEvent.Flush
                || event instanceof TraceEvent.ScanoutDisabled
                || event instanceof TraceEvent.Cursor;
    }

    @Override
    public void flushed(int scanout, Frame frame) {
        events.add(new TraceEvent.Flush(scanout, frame.width(), frame.height(), frame.digest()));
    }

    @Override
    public void disabled(int scanout) {
        events.add(new TraceEvent.ScanoutDisabled(scanout));
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        OptionalLong image = cursor.image().isPresent()
                ? OptionalLong.of(cursor.image().get().digest())
                : OptionalLong.empty();
        events.add(new TraceEvent.Cursor(scanout, image, cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY()));
    }
}
