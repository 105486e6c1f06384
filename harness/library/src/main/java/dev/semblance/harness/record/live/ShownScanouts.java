package dev.semblance.harness.record.live;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where a guest leaves what its scanouts show, for other threads to find. The newest counts, and nobody waits: one thread publishes, any may look.
 */
public final class ShownScanouts {

    private final AtomicReferenceArray<Shown> shown = new AtomicReferenceArray<>(DisplayConfig.MAX_SCANOUTS);

    /** Makes one of which all scanouts show nothing. */
    public ShownScanouts() {
        for (int scanout = 0; scanout < shown.length(); scanout++) {
            shown.set(scanout, Shown.NOTHING);
        }
    }

    /**
     * {@return what a scanout shows}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Shown get(int scanout) {
        return shown.get(scanout);
    }

    /**
     * Takes what a scanout shows from now on.
     *
     * @param scanout the number of the scanout, from 0
     * @param picture the primary plane, empty while it is dark
     * @param cursor the cursor plane
     */
    public void publish(int scanout, Optional<Frame> picture, CursorPlane cursor) {
        Shown before = shown.get(scanout);
        boolean cleared = before.picture().isPresent() && picture.isEmpty();
        shown.set(
                scanout,
                new Shown(before.serial() + 1, picture, cursor, cleared ? before.clears() + 1 : before.clears()));
    }
}
