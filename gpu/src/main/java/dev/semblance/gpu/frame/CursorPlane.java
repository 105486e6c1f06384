package dev.semblance.gpu.frame;

import java.util.Optional;

/**
 * The cursor of one scanout (VIRTIO 1.2, 5.7.6.10).
 *
 * @param image the cursor's pixels with straight alpha, or empty when it is hidden
 * @param x left edge on the scanout in pixels, may be negative; the hot spot is already taken into account by the guest
 * @param y top edge likewise
 * @param hotX the hot spot within the image, for information
 * @param hotY likewise
 */
public record CursorPlane(Optional<Frame> image, int x, int y, int hotX, int hotY) {

    /** The width and the height of a resource that can be a cursor, in pixels (VIRTIO 1.2, 5.7.6.10). */
    public static final int SIZE = 64;

    /** A cursor that does not show. */
    public static final CursorPlane HIDDEN = new CursorPlane(Optional.empty(), 0, 0, 0, 0);
}
