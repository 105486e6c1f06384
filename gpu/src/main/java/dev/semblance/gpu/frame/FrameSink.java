package dev.semblance.gpu.frame;

/**
 * Receives what a scanout shows, synchronously, at the command that changed it. A sink must not drop anything silently:
 * frames are immutable, so keeping one costs a reference.
 */
public interface FrameSink {

    /** The primary plane was flushed (RESOURCE_FLUSH of the bound resource). */
    void flushed(int scanout, Frame frame);

    /** The primary plane went dark: disabled, its resource destroyed, or the device reset. */
    void disabled(int scanout);

    /** The cursor plane changed: image, position or visibility. */
    void cursorChanged(int scanout, CursorPlane cursor);
}
