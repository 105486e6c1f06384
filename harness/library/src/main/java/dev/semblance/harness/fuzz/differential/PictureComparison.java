package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.fuzz.differential.DeviceDifference.Kind;
import dev.semblance.harness.rig.DeviceRig;
import dev.semblance.harness.target.Pictures;
import dev.semblance.harness.util.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Compares what two devices show.
 *
 * @param expectedShown what the device that is right has published
 * @param shown what the tested device has published
 * @param expectedRig the device that is right
 * @param rig the tested device
 */
record PictureComparison(DisplayLog expectedShown, DisplayLog shown, DeviceRig expectedRig, DeviceRig rig) {

    /**
     * A difference of pictures.
     *
     * @param head the scanout, of a device that is asked for what each shows; empty of one that publishes its pictures
     * @param difference what it is
     */
    record Seen(OptionalInt head, DeviceDifference difference) {}

    /**
     * Returns the differences in what a line showed, at most one a scanout.
     *
     * @param line the index of the script's line
     * @param cause what the line is, in words
     */
    List<Seen> compare(int line, String cause) {
        return switch (rig.pictures()) {
            case Pictures.Published published ->
                comparePublished(line, cause).stream()
                        .map(difference -> new Seen(OptionalInt.empty(), difference))
                        .toList();
            case Pictures.Screendump screendump -> compareScanouts(line, cause, screendump);
        };
    }

    private Optional<DeviceDifference> comparePublished(int line, String cause) {
        List<DisplayEvent> expected = expectedShown.events();
        List<DisplayEvent> actual = shown.events();
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        int at = 0;
        while (at < expected.size() && at < actual.size() && expected.get(at).equals(actual.get(at))) {
            at++;
        }
        String wanted = at < expected.size() ? DisplayEventText.describe(expected.get(at)) : "nothing";
        String got = at < actual.size() ? DisplayEventText.describe(actual.get(at)) : "nothing";
        String where = at < expected.size() && at < actual.size()
                ? DisplayEventText.firstDifference(expected.get(at), actual.get(at))
                : "";
        String signature = Text.format(
                "%s: %s, not %s",
                cause,
                at < actual.size() ? actual.get(at).getClass().getSimpleName() : "nothing",
                at < expected.size() ? expected.get(at).getClass().getSimpleName() : "nothing");
        String what = got.equals(wanted) ? "a wrong " + got.substring("a ".length()) : got + ", not " + wanted;
        return Optional.of(
                DeviceDifference.of(Kind.PICTURE, line, signature, Text.format("%s shows %s%s", cause, what, where)));
    }

    /** Compares what the scanouts show after a command, of a device that tells nothing of what they showed before. */
    private List<Seen> compareScanouts(int line, String cause, Pictures.Screendump screendump) {
        List<Seen> seen = new ArrayList<>();
        for (int head = 0; head < rig.heads(); head++) {
            Frame expected = screendump.showsCursor() ? expectedRig.picture(head) : expectedRig.primary(head);
            Frame actual = rig.picture(head);
            if (!expected.equals(actual)) {
                DeviceDifference difference = DeviceDifference.of(
                        Kind.PICTURE,
                        line,
                        cause + ": screendump",
                        Text.format("after %s scanout %d shows %s, not %s", cause, head, actual, expected));
                seen.add(new Seen(OptionalInt.of(head), difference));
            }
        }
        return seen;
    }
}
