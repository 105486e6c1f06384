package dev.semblance.gpu.testing;

import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import java.util.ArrayList;
import java.util.List;

/** Keeps everything that was published, in order. */
public final class RecordingSink implements FrameSink {

    /** Something that was published. */
    public sealed interface Event {}

    /** See {@link FrameSink#flushed}. */
    public record Flushed(int scanout, Frame frame) implements Event {}

    /** See {@link FrameSink#disabled}. */
    public record Disabled(int scanout) implements Event {}

    /** See {@link FrameSink#cursorChanged}. */
    public record CursorChanged(int scanout, CursorPlane cursor) implements Event {}

    private final List<Event> events = new ArrayList<>();

    @Override
    public void flushed(int scanout, Frame frame) {
        events.add(new Flushed(scanout, frame));
    }

    @Override
    public void disabled(int scanout) {
        events.add(new Disabled(scanout));
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        events.add(new CursorChanged(scanout, cursor));
    }

    /** Returns what was published since this was last called. */
    public List<Event> take() {
        List<Event> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** Returns the one frame that was published since, and fails if there is anything else. */
    public Frame takeFrame() {
        List<Event> taken = take();
        if (taken.size() == 1 && taken.get(0) instanceof Flushed flushed) {
            return flushed.frame();
        }
        throw new AssertionError("expected one flush, got " + taken);
    }

    /** Returns the one cursor that was published since, and fails if there is anything else. */
    public CursorPlane takeCursor() {
        List<Event> taken = take();
        if (taken.size() == 1 && taken.get(0) instanceof CursorChanged changed) {
            return changed.cursor();
        }
        throw new AssertionError("expected one cursor change, got " + taken);
    }
}
