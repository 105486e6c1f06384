package dev.semblance.gpu.device;

import static dev.semblance.gpu.testing.Testbed.OK;
import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.detach;
import static dev.semblance.gpu.testing.Testbed.flush;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.refused;
import static dev.semblance.gpu.testing.Testbed.setScanout;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static dev.semblance.gpu.testing.Testbed.unref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.testing.RecordingSink.CursorChanged;
import dev.semblance.gpu.testing.RecordingSink.Disabled;
import dev.semblance.gpu.testing.RecordingSink.Flushed;
import dev.semblance.gpu.testing.Testbed;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** VIRTIO 1.2, 5.7.6.8: SET_SCANOUT and RESOURCE_FLUSH, and what a reset (2.4) leaves of them. */
class ScanoutTests {

    private static final long MAX = 0xffff_ffffL;
    private static final PixelFormat FORMAT = PixelFormat.B8G8R8X8;
    private static final Rect ALL = rect(0, 0, 5, 3);

    private final DisplayConfig displays = DisplayConfig.of(Display.of(8, 4), new Display(5, 3, false));
    private final Testbed bed = new Testbed(displays);

    // VIRTIO 1.2, 5.7.6.8: the first that fits, from left to right.
    @Test
    void errorsHaveAnOrder() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        Rect bad = rect(MAX, MAX, MAX, MAX);
        for (long scanout : new long[] {2, 16, MAX}) {
            assertThat(bed.control(setScanout(scanout, 9, bad))).isEqualTo(refused(ErrorCode.INVALID_SCANOUT_ID));
            assertThat(bed.control(setScanout(scanout, 0, bad))).isEqualTo(refused(ErrorCode.INVALID_SCANOUT_ID));
        }
        assertThat(bed.control(setScanout(0, 9, bad))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(setScanout(0, 1, bad))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
    }

    // VIRTIO 1.2, 5.7.6.8: a disabled scanout is as good as any.
    @Test
    void aDisabledScanoutCanBeUsed() {
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(setScanout(1, 1, ALL));
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take()).containsExactly(new Flushed(1, Frame.solid(5, 3, 0xff000000)));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void idZeroDisablesWhateverTheRectangle() {
        assertThat(bed.control(setScanout(0, 0, rect(MAX, MAX, MAX, MAX)))).isEqualTo(OK);
        assertThat(bed.sink().take()).as("it was dark before").isEmpty();
        shown();
        bed.ok(setScanout(0, 0, rect(MAX, MAX, MAX, MAX)));
        assertThat(bed.sink().take()).containsExactly(new Disabled(0));
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take()).as("nothing is bound").isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.8 asks for backing where pixels come from it, at a transfer, and nowhere else.
    @Test
    void anImageThatNeverHadBackingCanBeBoundAndAFlushShowsItBlack() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        bed.ok(setScanout(0, 1, ALL));
        assertThat(bed.sink().take()).isEmpty();
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take()).containsExactly(new Flushed(0, Frame.solid(5, 3, 0xff000000)));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aFlushAfterTheBackingWasDetachedShowsThePixelsOnTheHost() {
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.pokeCounting(0, 0xff000000, 15);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(setScanout(0, 1, ALL));
        bed.ok(detach(1));
        assertThat(bed.sink().take()).as("detaching alone shows nothing").isEmpty();
        bed.poke(0, 0xff777777);
        bed.ok(flush(1, ALL));
        Frame shown = bed.sink().takeFrame();
        assertThat(shown.argb(0, 0)).isEqualTo(0xff000000);
        assertThat(shown.argb(4, 2)).isEqualTo(0xff00000e);
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void theViewMustLieInTheImageAndNotBeEmpty() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        for (Rect rect : List.of(
                rect(0, 0, 6, 3),
                rect(0, 0, 5, 4),
                rect(1, 0, 5, 3),
                rect(0, 1, 5, 3),
                rect(MAX, 0, 1, 1),
                rect(0, MAX, 1, 1),
                rect(1, 0, MAX, 1),
                rect(0, 1, 1, MAX),
                rect(0, 0, 0, 3),
                rect(0, 0, 5, 0))) {
            assertThat(bed.control(setScanout(0, 1, rect)))
                    .as("%s", rect)
                    .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aViewOfOnePixelIsFine() {
        bed.poke(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(setScanout(0, 1, rect(4, 1, 1, 1)));
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().takeFrame()).isEqualTo(Frame.solid(1, 1, 0xff00000a));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aViewLargerThanTheModeIsRefusedUnlessTheSwitchAllowsIt() {
        bed.ok(create2d(1, FORMAT, 20, 20));
        bed.ok(setScanout(0, 1, rect(3, 3, 8, 4)));
        assertThat(bed.control(setScanout(0, 1, rect(0, 0, 9, 4)))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(setScanout(0, 1, rect(0, 0, 8, 5)))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(setScanout(1, 1, rect(0, 0, 8, 4)))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));

        Testbed growing = new Testbed(new DisplayConfig(displays.displays(), true));
        growing.backed(1, FORMAT, 20, 20, 0);
        growing.ok(setScanout(0, 1, rect(1, 2, 19, 18)));
        growing.ok(flush(1, ALL));
        assertThat(growing.sink().takeFrame()).isEqualTo(Frame.solid(19, 18, 0xff000000));
    }

    // VIRTIO 1.2, 5.7.6.8: in the order of the scanouts, each with its own view.
    @Test
    void severalScanoutsCanShowOneImage() {
        bed.pokeCounting(0, 1, 15);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(setScanout(1, 1, rect(3, 1, 2, 1)));
        bed.ok(setScanout(0, 1, rect(0, 0, 1, 2)));
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take())
                .containsExactly(
                        new Flushed(0, Frame.ofPixels(1, 2, new int[] {0xff000001, 0xff000006})),
                        new Flushed(1, Frame.ofPixels(2, 1, new int[] {0xff000009, 0xff00000a})));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void bindingShowsNothingBeforeTheFlush() {
        shown();
        bed.backed(2, FORMAT, 5, 3, 0);
        bed.ok(setScanout(0, 2, ALL));
        assertThat(bed.sink().take()).isEmpty();
        bed.ok(unref(1));
        assertThat(bed.sink().take()).as("the picture stays until a flush").isEmpty();
        bed.ok(flush(2, ALL));
        assertThat(bed.sink().takeFrame()).isEqualTo(Frame.solid(5, 3, 0xff000000));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aRefusedBindingLeavesTheOneBefore() {
        shown();
        bed.control(setScanout(0, 1, rect(0, 0, 6, 3)));
        bed.control(setScanout(0, 7, ALL));
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().takeFrame().width()).isEqualTo(5);
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aFlushNeedsAnImageAndARectangleInIt() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        assertThat(bed.control(flush(0, ALL))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(flush(2, rect(9, 9, 9, 9)))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        for (Rect rect : List.of(
                rect(0, 0, 6, 3),
                rect(0, 0, 5, 4),
                rect(MAX, 0, 1, 1),
                rect(1, 0, MAX, 1),
                rect(0, 0, 0, 1),
                rect(0, 0, 1, 0),
                rect(5, 3, 0, 0))) {
            assertThat(bed.control(flush(1, rect))).as("%s", rect).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
        assertThat(bed.sink().take()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aFlushOfAnImageThatIsNotShownDoesNothing() {
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.8: also pixels outside the flushed rectangle, even where that does not touch the view.
    @Test
    void aFlushShowsTheWholeViewAndNotOnlyItsRectangle() {
        bed.pokeCounting(0, 1, 15);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(setScanout(0, 1, rect(1, 1, 2, 2)));
        bed.ok(transfer(1, ALL, 0));
        bed.ok(flush(1, rect(4, 0, 1, 1)));
        assertThat(bed.sink().takeFrame())
                .isEqualTo(Frame.ofPixels(2, 2, new int[] {0xff000007, 0xff000008, 0xff00000c, 0xff00000d}));
    }

    // Section 7: alpha means nothing on a scanout.
    @ParameterizedTest
    @EnumSource(PixelFormat.class)
    void everyFormatComesOutInTheRightColoursAndOpaque(PixelFormat format) {
        bed.poke(0, 0x40302010, 0);
        bed.backed(1, format, 2, 1, 0);
        bed.ok(transfer(1, rect(0, 0, 2, 1), 0));
        bed.ok(setScanout(0, 1, rect(0, 0, 2, 1)));
        bed.ok(flush(1, rect(0, 0, 2, 1)));
        int expected = switch (format) {
            case B8G8R8A8, B8G8R8X8 -> 0xff302010;
            case A8R8G8B8, X8R8G8B8 -> 0xff203040;
            case R8G8B8A8, R8G8B8X8 -> 0xff102030;
            case X8B8G8R8, A8B8G8R8 -> 0xff403020;
        };
        assertThat(bed.sink().takeFrame()).isEqualTo(Frame.ofPixels(2, 1, new int[] {expected, 0xff000000}));
    }

    // VIRTIO 1.2, 2.4
    @Test
    void aResetDarkensWhatWasLitAndForgetsEverything() {
        shown();
        bed.cursor(Testbed.updateCursor(1, new CursorPosition(1, 2, 3), 0, 0));
        bed.sink().take();

        bed.reset();

        assertThat(bed.sink().take()).containsExactly(new Disabled(0), new CursorChanged(1, CursorPlane.HIDDEN));
        assertThat(bed.control(flush(1, ALL))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(flush(1, ALL));
        assertThat(bed.sink().take()).as("nothing is bound").isEmpty();
        bed.reset();
        assertThat(bed.sink().take()).as("nothing was lit").isEmpty();
    }

    private void shown() {
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(setScanout(0, 1, ALL));
        bed.ok(flush(1, ALL));
        bed.sink().take();
    }
}
