package dev.semblance.harness.golden.policy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.FrameComparator;
import dev.semblance.harness.golden.FrameDiff;
import java.nio.file.Path;
import java.util.List;

/** Compares pictures outside masks, and measures by how much they differ. */
public final class MaskedComparator {

    private static final int OPAQUE = 0xff00_0000;

    private MaskedComparator() {}

    /**
     * Compares what is outside the masks, by red, green and blue.
     *
     * @param file where {@code expected} was read from
     * @param expected the golden
     * @param actual what was shown
     * @param masks what is not compared
     * @return what differs, and how much of it is masked
     */
    public static MaskedComparison compare(Path file, Frame expected, Frame actual, List<PixelRect> masks) {
        FrameDiff exact = FrameComparator.compare(expected, actual);
        if (!(exact instanceof FrameDiff.PixelsDiffer)) {
            return new MaskedComparison(file, exact, 0);
        }
        Frame unmasked = masks.isEmpty() ? actual : withMasked(expected, actual, masks);
        FrameDiff diff = masks.isEmpty() ? exact : FrameComparator.compare(expected, unmasked);
        return new MaskedComparison(
                file, diff, diff instanceof FrameDiff.Same ? 0 : maxChannelDelta(expected, unmasked));
    }

    /** {@return the picture with the expected pixels in the masks, so that nothing differs there} */
    private static Frame withMasked(Frame expected, Frame actual, List<PixelRect> masks) {
        Frame.Row[] rows = new Frame.Row[actual.height()];
        int[] wanted = new int[actual.width()];
        for (int y = 0; y < rows.length; y++) {
            int[] row = new int[actual.width()];
            actual.copyRow(y, row, 0);
            expected.copyRow(y, wanted, 0);
            for (PixelRect mask : masks) {
                if (y >= mask.y() && y - mask.y() < mask.height()) {
                    int from = Math.min(mask.x(), row.length);
                    int to = (int) Math.min((long) mask.x() + mask.width(), row.length);
                    System.arraycopy(wanted, from, row, from, to - from);
                }
            }
            for (int x = 0; x < row.length; x++) {
                row[x] |= OPAQUE;
            }
            rows[y] = new Frame.Row(row);
        }
        return Frame.of(actual.width(), rows);
    }

    private static int maxChannelDelta(Frame expected, Frame actual) {
        int most = 0;
        int[] wanted = new int[expected.width()];
        int[] found = new int[expected.width()];
        for (int y = 0; y < expected.height(); y++) {
            if (!expected.sameRow(actual, y)) {
                expected.copyRow(y, wanted, 0);
                actual.copyRow(y, found, 0);
                for (int x = 0; x < found.length; x++) {
                    most = Math.max(most, maxChannelDelta(wanted[x], found[x]));
                }
            }
        }
        return most;
    }

    private static int maxChannelDelta(int wanted, int found) {
        int red = Math.abs((wanted >> 16 & 0xff) - (found >> 16 & 0xff));
        int green = Math.abs((wanted >> 8 & 0xff) - (found >> 8 & 0xff));
        int blue = Math.abs((wanted & 0xff) - (found & 0xff));
        return Math.max(red, Math.max(green, blue));
    }
}
