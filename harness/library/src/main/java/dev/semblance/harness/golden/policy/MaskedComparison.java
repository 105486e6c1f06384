package dev.semblance.harness.golden.policy;

import dev.semblance.harness.golden.FrameDiff;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A picture compared with a golden or one of its alternatives, outside the masks.
 *
 * @param file what it was compared with
 * @param diff what differs outside the masks
 * @param maxChannelDelta the most that red, green or blue of a pixel is off; 0 if nothing differs or the sizes do
 */
public record MaskedComparison(Path file, FrameDiff diff, int maxChannelDelta) {

    /** {@return whether nothing differs outside the masks} */
    public boolean same() {
        return diff instanceof FrameDiff.Same;
    }

    /**
     * {@return whether what differs is within a tolerance; without one, nothing may differ}
     *
     * @param tolerance what is allowed
     */
    public boolean isWithin(Optional<Tolerance> tolerance) {
        return switch (diff) {
            case FrameDiff.Same same -> true;
            case FrameDiff.SizeDiffers size -> false;
            case FrameDiff.PixelsDiffer pixels ->
                tolerance
                        .filter(limits ->
                                pixels.count() <= limits.maxPixels() && maxChannelDelta <= limits.maxChannelDelta())
                        .isPresent();
        };
    }

    /**
     * {@return what was measured and how it stands to a tolerance, limit by limit, as part of a sentence}
     *
     * @param tolerance what is allowed
     */
    public String measured(Optional<Tolerance> tolerance) {
        return switch (diff) {
            case FrameDiff.Same same -> "no pixel differs";
            case FrameDiff.SizeDiffers size -> "the sizes differ, which no tolerance covers";
            case FrameDiff.PixelsDiffer pixels -> {
                List<String> parts = new ArrayList<>();
                parts.add(limit(
                        Text.format("%d %s", pixels.count(), pixels.count() == 1 ? "pixel differs" : "pixels differ"),
                        pixels.count(),
                        tolerance.map(Tolerance::maxPixels)));
                parts.add(limit(
                        Text.format("by up to %d a channel", maxChannelDelta), maxChannelDelta, tolerance.map(limits ->
                                (long) limits.maxChannelDelta())));
                yield String.join(", ", parts);
            }
        };
    }

    private static String limit(String found, long value, Optional<Long> max) {
        return max.map(most -> Text.format("%s (%s %d)", found, value <= most ? "within" : "EXCEEDS", most))
                .orElse(found);
    }
}
