package dev.semblance.harness.golden.policy;

import dev.semblance.harness.util.Text;

/**
 * How much a picture may differ. Both limits hold at once.
 *
 * @param maxChannelDelta the most that red, green or blue of one pixel may be off, 1 to 255
 * @param maxPixels the most pixels that may differ at all, 1 or more
 */
public record Tolerance(int maxChannelDelta, long maxPixels) {

    /** {@return the limits as part of a sentence} */
    public String sentence() {
        return Text.format(
                "at most %d %s by at most %d a channel",
                maxPixels, maxPixels == 1 ? "pixel" : "pixels", maxChannelDelta);
    }
}
