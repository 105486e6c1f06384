package dev.semblance.harness.report;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.KeptPicture;
import dev.semblance.harness.golden.png.PngEncoder;
import java.io.IOException;
import java.util.Optional;

/**
 * The pictures of a snapshot as PNG files.
 *
 * @param expected what it should show
 * @param actual what it shows
 * @param difference where that differs from what it should show
 * @param thumbnail a small picture of what it shows; empty for one that nobody has to look at
 */
record EncodedSnapshot(
        Optional<byte[]> expected, Optional<byte[]> actual, Optional<byte[]> difference, Optional<byte[]> thumbnail) {

    private static final int THUMBNAIL_WIDTH = 160;
    private static final int THUMBNAIL_HEIGHT = 120;

    /** Magenta, as in every picture of a difference. */
    private static final int MAGENTA = 0xff_00ff;

    /**
     * Encodes the pictures of a snapshot.
     *
     * @param full whether the full ones are wanted
     */
    static EncodedSnapshot of(SnapshotView snapshot, boolean full) throws IOException {
        Optional<byte[]> expected = full && snapshot.expected().isPresent()
                ? Optional.of(ReportImages.png(snapshot.expected().get()))
                : Optional.empty();
        if (snapshot.actual().isEmpty()) {
            return new EncodedSnapshot(expected, Optional.empty(), Optional.empty(), Optional.empty());
        }
        Frame actual = snapshot.actual().get().frame();
        Optional<byte[]> difference = full && snapshot.expected().isPresent()
                ? Optional.of(PngEncoder.difference(
                        new KeptPicture.InFile(snapshot.expected().get()).frame(), actual, MAGENTA))
                : Optional.empty();
        return new EncodedSnapshot(
                expected,
                full ? Optional.of(PngEncoder.encode(actual)) : Optional.empty(),
                difference,
                Optional.of(PngEncoder.encode(small(actual))));
    }

    /** {@return how many bytes the full pictures have} */
    long bytes() {
        return (long) expected.map(png -> png.length).orElse(0)
                + actual.map(png -> png.length).orElse(0)
                + difference.map(png -> png.length).orElse(0);
    }

    private static Frame small(Frame picture) {
        int step = Math.max(
                1,
                Math.max(
                        Math.ceilDiv(picture.width(), THUMBNAIL_WIDTH),
                        Math.ceilDiv(picture.height(), THUMBNAIL_HEIGHT)));
        int width = Math.ceilDiv(picture.width(), step);
        int height = Math.ceilDiv(picture.height(), step);
        int[] row = new int[picture.width()];
        int[] pixels = new int[width * height];
        for (int y = 0; y < height; y++) {
            picture.copyRow(y * step, row, 0);
            for (int x = 0; x < width; x++) {
                pixels[y * width + x] = row[x * step];
            }
        }
        return Frame.ofPixels(width, height, pixels);
    }
}
