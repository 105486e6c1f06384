package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.guest.scenario.Desktop.Position;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** docs/SCENARIOS.md, "Where a tablet points". */
class DesktopProperties {

    private static final int POSITIONS = 32768;

    /** As libinput scales an absolute axis: (value - minimum) * size / (maximum - minimum + 1). */
    private static int pixel(int value, int size) {
        return (int) ((long) value * size / POSITIONS);
    }

    @Example
    void everyPixelOfEveryWidthUpTo8191IsHit() {
        for (int width = 1; width <= 8191; width++) {
            for (int x = 0; x < width; x++) {
                int value = Desktop.axis(x, width);
                if (value < 0 || value >= POSITIONS || pixel(value, width) != x) {
                    throw new AssertionError("pixel " + x + " of " + width + " is at " + value + ", which is pixel "
                            + pixel(value, width));
                }
            }
        }
    }

    @Property
    void everyPixelOfADesktopUpTo32768WideIsHit(@ForAll @IntRange(min = 1, max = POSITIONS) int width) {
        for (int x = 0; x < width; x++) {
            assertThat(pixel(Desktop.axis(x, width), width)).isEqualTo(x);
        }
    }

    /** The other way to scale one: from 0 to the largest value onto the first to the last pixel. */
    @Property
    void guestsThatRoundToTheNearestPixelHitItToo(@ForAll @IntRange(min = 2, max = 8191) int width) {
        for (int x = 0; x < width; x++) {
            double scaled = (double) Desktop.axis(x, width) * (width - 1) / (POSITIONS - 1);
            assertThat(Math.round(scaled)).isEqualTo(x);
        }
    }

    @Property
    void beyondThatAPositionIsOnTheAxisAndNoFartherThanItsStep(
            @ForAll @IntRange(min = POSITIONS + 1, max = 16 * 8191) int width,
            @ForAll @IntRange(min = 0, max = 1000) int part) {
        int x = (int) ((long) (width - 1) * part / 1000);
        int value = Desktop.axis(x, width);
        assertThat(value).isBetween(0, POSITIONS - 1);
        assertThat(Math.abs(pixel(value, width) - x)).isLessThanOrEqualTo(width / POSITIONS + 1);
    }

    @Property
    void aPixelOfADisplayIsHitBehindTheDisplaysOnItsLeft(
            @ForAll @Size(min = 1, max = 4) List<@IntRange(min = 1, max = Display.MAX_SIZE) Integer> widths,
            @ForAll @IntRange(min = 0, max = 3) int chosen,
            @ForAll @IntRange(min = 0, max = 1000) int part) {
        int number = chosen % widths.size();
        DisplayConfig displays = DisplayConfig.of(widths.stream()
                .map(width -> Display.of(width, Display.MAX_SIZE + 1 - width))
                .toArray(Display[]::new));
        Display display = displays.display(number);
        int x = (display.width() - 1) * part / 1000;
        int y = (display.height() - 1) * part / 1000;
        Desktop desktop = new Desktop(displays);
        assertThat(desktop.obstacle(number, x, y)).isEmpty();
        Position position = desktop.position(number, x, y);
        int left = widths.subList(0, number).stream().mapToInt(width -> width).sum();
        int width = widths.stream().mapToInt(each -> each).sum();
        int height =
                displays.displays().stream().mapToInt(Display::height).max().orElseThrow();
        assertThat(pixel(position.x(), width)).isEqualTo(left + x);
        assertThat(pixel(position.y(), height)).isEqualTo(y);
    }

    @Example
    void aDisplayThatIsOffTakesNoRoom() {
        Display off = new Display(640, 480, false);
        assertThat(new Desktop(DisplayConfig.of(off, Display.of(800, 600), off, Display.of(1024, 768)))
                        .position(3, 10, 20))
                .isEqualTo(
                        new Desktop(DisplayConfig.of(Display.of(800, 600), Display.of(1024, 768))).position(1, 10, 20));
    }

    /** The numbers of the page's example. */
    @Example
    void theExampleOfThePage() {
        Desktop desktop = new Desktop(DisplayConfig.of(Display.of(1024, 768), Display.of(800, 600)));
        assertThat(desktop.position(1, 400, 300)).isEqualTo(new Position(25591, 12821));
        assertThat(new Desktop(DisplayConfig.DEFAULT).position(0, 512, 384)).isEqualTo(new Position(16400, 16405));
    }
}
