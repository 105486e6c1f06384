package dev.semblance.gpu.frame;

/**
 * Receives what a scanout shows, synchronously, at the command that changed it. A sink must not drop anything silently:
 * frames are immutable, so keeping one costs a reference.
 */
public interface FrameSink {

    /**
     * The primary plane was flushed (RESOURCE_FLUSH of the bound resource).
     *
     * @param scanout the number of the scanout, from 0
     * @param frame what it shows from now on
     */
    void flushed(int scanout, Frame frame);

    /**
     * The primary plane went dark: disabled, its resource destroyed, or the device reset.
     *
     * @param scanout the number of the scanout, from 0
     */
    void disabled(int scanout);

    /**
     * The cursor plane changed: image, position or visibility.
     *
     * @param scanout the number of the scanout, from 0
     * @param cursor the cursor plane from now on
     */
    void cursorChanged(int scanout, CursorPlane cursor);
}
