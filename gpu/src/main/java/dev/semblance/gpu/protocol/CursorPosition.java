package dev.semblance.gpu.protocol;

/**
 * Where a cursor is, {@code struct virtio_gpu_cursor_pos} (VIRTIO 1.2, 5.7.6.10).
 *
 * @param scanoutId unsigned 32 bits
 * @param x left edge on the scanout in pixels; negative where the cursor sticks out
 * @param y top edge likewise
 */
public record CursorPosition(long scanoutId, int x, int y) {

    /** Makes a position. */
    public CursorPosition {
        Wire.requireU32(scanoutId);
    }
}
