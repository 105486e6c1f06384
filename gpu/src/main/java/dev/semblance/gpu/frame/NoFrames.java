package dev.semblance.gpu.frame;

/** A sink for pictures that nobody else wants to be told of. */
public final class NoFrames implements FrameSink {

    /** Makes one. */
    public NoFrames() {}

    @Override
    public void flushed(int scanout, Frame frame) {}

    @Override
    public void disabled(int scanout) {}

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {}
}
