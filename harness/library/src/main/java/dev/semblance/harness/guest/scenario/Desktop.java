package dev.semblance.harness.guest.scenario;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.input.InputProfile;
import java.util.Optional;

/**
 * The displays that are on, side by side from left to right in the order of their numbers, top aligned, as guests lay them out
 * if nobody says otherwise. A tablet's axes span the whole: docs/SCENARIOS.md, "Where a tablet points".
 *
 * @param displays what the GPU offers
 */
public record Desktop(DisplayConfig displays) {

    /** How many positions an axis of the tablet has. */
    private static final int POSITIONS = InputProfile.TABLET_MAX + 1;

    /**
     * Where on the tablet's axes a pixel is.
     *
     * @param x 0 to {@link InputProfile#TABLET_MAX}, to the right
     * @param y likewise, down
     */
    record Position(int x, int y) {}

    /**
     * A pixel of a display.
     *
     * @param display its number
     * @param x in pixels, from the left of the display
     * @param y in pixels, from its top
     */
    public record Pixel(int display, int x, int y) {

        /**
         * {@return the pixel that a cursor points to, as far as its guest tells: one that tells of no hot spot points with its corner}
         *
         * @param display its number
         * @param x the left edge of the cursor
         * @param y its upper edge
         * @param hotX the column of the cursor that points
         * @param hotY the row of the cursor that points
         */
        public static Pixel of(int display, int x, int y, int hotX, int hotY) {
            return new Pixel(display, sum(x, hotX), sum(y, hotY));
        }

        private static int sum(int edge, int hot) {
            return Math.clamp((long) edge + hot, Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
    }

    /**
     * {@return the pixel on which a tablet is, or the nearest one where there is none; empty if no display is on}
     *
     * @param axisX 0 to {@link InputProfile#TABLET_MAX}, to the right; what is beyond counts as the end
     * @param axisY likewise, down
     */
    public Optional<Pixel> pixel(int axisX, int axisY) {
        int width = 0;
        int height = 0;
        for (Display display : displays.displays()) {
            width += display.enabled() ? display.width() : 0;
            height = Math.max(height, display.enabled() ? display.height() : 0);
        }
        int x = pixelOf(axisX, width);
        int y = pixelOf(axisY, height);
        for (int i = 0; i < displays.count(); i++) {
            Display display = displays.display(i);
            if (display.enabled() && x < display.width()) {
                return Optional.of(new Pixel(i, x, Math.min(y, display.height() - 1)));
            }
            x -= display.enabled() ? display.width() : 0;
        }
        return Optional.empty();
    }

    private static int pixelOf(int axis, int size) {
        return (int) ((long) Math.clamp(axis, 0, InputProfile.TABLET_MAX) * size / POSITIONS);
    }

    /** {@return why a pixel of a display cannot be pointed at, if so} */
    Optional<String> obstacle(int number, int x, int y) {
        if (number >= displays.count()) {
            return Optional.of(Text.format("there is no display %d; the last one is %d", number, displays.count() - 1));
        }
        Display display = displays.display(number);
        if (!display.enabled()) {
            return Optional.of(Text.format("display %d is off", number));
        }
        if (x >= display.width() || y >= display.height()) {
            return Optional.of(Text.format(
                    "display %d has no pixel %d %d: it has %dx%d, counted from 0",
                    number, x, y, display.width(), display.height()));
        }
        return Optional.empty();
    }

    /** {@return the desktop from a step on that changes a display; empty if there is no such display} */
    Optional<Desktop> after(Step.DisplayChange change) {
        return change.number() < displays.count()
                ? Optional.of(
                        new Desktop(displays.with(change.number(), change.mode().display())))
                : Optional.empty();
    }

    /** {@return how far to the right of the desktop's edge a display is, in pixels; 0 where there is no such display} */
    int left(int number) {
        int left = 0;
        for (int i = 0; i < Math.min(number, displays.count()); i++) {
            left += displays.display(i).enabled() ? displays.display(i).width() : 0;
        }
        return number < displays.count() ? left : 0;
    }

    /** {@return where a pixel is that has no {@link #obstacle}} */
    Position position(int number, int x, int y) {
        int left = 0;
        int width = 0;
        int height = 0;
        for (int i = 0; i < displays.count(); i++) {
            Display display = displays.display(i);
            if (display.enabled()) {
                left = i == number ? width : left;
                width += display.width();
                height = Math.max(height, display.height());
            }
        }
        return new Position(axis(left + x, width), axis(y, height));
    }

    /**
     * {@return the position on an axis of pixel {@code pixel} of {@code size}} The middle of the pixel, rounded down, so that
     * guests hit it that round down as well as guests that round to the nearest; where pixels are so narrow that this is
     * before the pixel, the first position in it.
     */
    static int axis(int pixel, int size) {
        long middle = (2L * pixel + 1) * POSITIONS / (2L * size);
        long first = ((long) pixel * POSITIONS + size - 1) / size;
        return (int) Math.min(Math.max(middle, first), InputProfile.TABLET_MAX);
    }
}
