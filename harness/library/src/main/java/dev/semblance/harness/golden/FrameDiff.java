package dev.semblance.harness.golden;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.util.Text;

/** What a comparison of two pictures found. */
public sealed interface FrameDiff {

    /** {@return the finding as one sentence for people} */
    String sentence();

    /** Every pixel is the same. */
    record Same() implements FrameDiff {
        @Override
        public String sentence() {
            return "The pictures are the same.";
        }
    }

    /**
     * The sizes differ, so pixels were not compared.
     *
     * @param expectedWidth in pixels
     * @param expectedHeight in pixels
     * @param actualWidth in pixels
     * @param actualHeight in pixels
     */
    record SizeDiffers(int expectedWidth, int expectedHeight, int actualWidth, int actualHeight) implements FrameDiff {
        @Override
        public String sentence() {
            return "The sizes differ: expected " + expectedWidth + "x" + expectedHeight + ", got " + actualWidth + "x"
                    + actualHeight + ".";
        }
    }

    /**
     * Some pixels differ.
     *
     * @param count how many
     * @param total how many pixels there are
     * @param box the smallest rectangle that holds all of them
     * @param firstX column of the first one, row by row from the top left
     * @param firstY its row
     * @param expected its colour as expected, {@code 0xRRGGBB}
     * @param actual its colour as found
     */
    record PixelsDiffer(long count, long total, PixelRect box, int firstX, int firstY, int expected, int actual)
            implements FrameDiff {
        @Override
        public String sentence() {
            return Text.format(
                    "%d of %d pixels %s, within %s; the first at (%d, %d): expected #%06X, got #%06X.",
                    count, total, count == 1 ? "differs" : "differ", box.sentence(), firstX, firstY, expected, actual);
        }
    }
}
