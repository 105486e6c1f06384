package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.png.PngEncoder;
import dev.semblance.harness.replay.SnapshotVerdict;
import java.util.Optional;

/**
 * The pictures of a snapshot that are in no file yet, as PNG files.
 *
 * @param actual what it shows
 * @param difference where that differs from what it should show
 */
record EncodedSnapshot(Optional<byte[]> actual, Optional<byte[]> difference) {

    /** Magenta, as in every picture of a difference. */
    private static final int MAGENTA = 0xff_00ff;

    static EncodedSnapshot of(SnapshotView snapshot) {
        Optional<Frame> golden = snapshot.expected().flatMap(SnapshotVerdict.Picture::frame);
        return new EncodedSnapshot(
                snapshot.actual().map(PngEncoder::encode),
                golden.isPresent()
                        ? snapshot.actual().map(actual -> PngEncoder.difference(golden.get(), actual, MAGENTA))
                        : Optional.empty());
    }
}
