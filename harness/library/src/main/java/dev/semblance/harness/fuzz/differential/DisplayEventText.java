package dev.semblance.harness.fuzz.differential;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.util.Text;
import java.util.Optional;

/** Says in words what was shown. */
public final class DisplayEventText {

    private DisplayEventText() {}

    /**
     * {@return a phrase for what was shown}
     *
     * @param shown what a scanout showed
     */
    public static String describe(DisplayEvent shown) {
        return switch (shown) {
            case DisplayEvent.Picture picture ->
                Text.format(
                        "a picture of %dx%d on scanout %d",
                        picture.frame().width(), picture.frame().height(), picture.scanout());
            case DisplayEvent.Dark dark -> Text.format("no picture on scanout %d any more", dark.scanout());
            case DisplayEvent.Cursor cursor ->
                Text.format(
                        "a cursor %s at %d,%d with hot spot %d,%d on scanout %d",
                        size(cursor.plane().image()),
                        cursor.plane().x(),
                        cursor.plane().y(),
                        cursor.plane().hotX(),
                        cursor.plane().hotY(),
                        cursor.scanout());
        };
    }

    private static String size(Optional<Frame> image) {
        return image.map(frame -> Text.format("of %dx%d", frame.width(), frame.height()))
                .orElse("without an image");
    }

    /** {@return where two pictures of one size differ first, or nothing} */
    static String firstDifference(DisplayEvent expected, DisplayEvent actual) {
        Optional<Frame> one = frame(expected);
        Optional<Frame> other = frame(actual);
        if (one.isEmpty() || other.isEmpty()) {
            return "";
        }
        Frame wanted = one.get();
        Frame got = other.get();
        if (wanted.width() != got.width() || wanted.height() != got.height()) {
            return "";
        }
        for (int y = 0; y < wanted.height(); y++) {
            for (int x = 0; x < wanted.width(); x++) {
                if (wanted.argb(x, y) != got.argb(x, y)) {
                    return Text.format(": pixel %d,%d is %08x, not %08x", x, y, got.argb(x, y), wanted.argb(x, y));
                }
            }
        }
        return "";
    }

    private static Optional<Frame> frame(DisplayEvent shown) {
        return switch (shown) {
            case DisplayEvent.Picture picture -> Optional.of(picture.frame());
            case DisplayEvent.Cursor cursor -> cursor.plane().image();
            case DisplayEvent.Dark dark -> Optional.empty();
        };
    }
}
