package dev.semblance.bridge.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.vhost.DisplayCodec;
import dev.semblance.bridge.vhost.DisplayMessage;
import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a back-end shows is kept as QEMU keeps it, and numbers of its own choice lead nowhere. */
class FrontEndDisplayTests {

    private static final int RED = 0xffff_0000;

    private final AtomicInteger changes = new AtomicInteger();
    private final FrontEndDisplay display =
            new FrontEndDisplay(DisplayConfig.of(Display.of(64, 48)), changes::incrementAndGet);

    private void take(DisplayMessage... messages) throws LinkFailedException {
        for (DisplayMessage message : messages) {
            assertThat(display.take(message)).isEmpty();
        }
    }

    private static DisplayMessage.Update red(int scanout, int x, int y, int width, int height) {
        byte[] pixels = new byte[4 * width * height];
        for (int i = 2; i < pixels.length; i += 4) {
            pixels[i] = -1;
        }
        return new DisplayMessage.Update(scanout, x, y, width, height, pixels);
    }

    @Test
    void aNewSizeIsSeenWithTheFirstPixelsForIt() throws LinkFailedException {
        take(new DisplayMessage.Scanout(0, 2, 2));
        assertThat(display.primary(0)).isEmpty();
        take(red(0, 0, 0, 2, 2), new DisplayMessage.Scanout(0, 3, 1));
        assertThat(display.primary(0)).contains(Frame.solid(2, 2, RED));
        take(red(0, 0, 0, 1, 1));
        assertThat(display.primary(0)).contains(Frame.ofPixels(3, 1, new int[] {RED, 0xff00_0000, 0xff00_0000}));
        take(new DisplayMessage.Scanout(0, 0, 0));
        assertThat(display.primary(0)).isEmpty();
    }

    @Test
    void pixelsOutsideOfThePictureAreLeftOut() throws LinkFailedException {
        take(new DisplayMessage.Scanout(0, 3, 2), red(0, 2, 1, 5, 5));
        Frame frame = display.primary(0).orElseThrow();
        assertThat(frame.argb(2, 1)).isEqualTo(RED);
        assertThat(frame.argb(1, 1)).isEqualTo(0xff00_0000);
        take(red(0, -1, 0, 2, 2), red(0, 0, -1, 2, 2), red(0, Integer.MAX_VALUE, 0, 1, 1), red(0, 3, 0, 1, 1));
        assertThat(display.primary(0)).contains(frame);
    }

    @Test
    void aPictureThatWasGivenOutDoesNotChange() throws LinkFailedException {
        take(new DisplayMessage.Scanout(0, 1, 1), red(0, 0, 0, 1, 1));
        Frame before = display.primary(0).orElseThrow();
        take(new DisplayMessage.Update(0, 0, 0, 1, 1, new byte[4]));
        assertThat(before.argb(0, 0)).isEqualTo(RED);
        assertThat(display.primary(0).orElseThrow().argb(0, 0)).isEqualTo(0xff00_0000);
    }

    @Test
    void scanoutsThatDoNotExistAreNobodys() throws LinkFailedException {
        byte[] image = new byte[DisplayCodec.CURSOR_BYTES];
        for (int scanout : new int[] {1, 16, Integer.MAX_VALUE, Integer.MIN_VALUE, -1}) {
            take(
                    new DisplayMessage.Scanout(scanout, 5, 5),
                    red(scanout, 0, 0, 1, 1),
                    new DisplayMessage.CursorUpdate(scanout, 0, 0, 0, 0, image),
                    new DisplayMessage.CursorPosition(scanout, 0, 0),
                    new DisplayMessage.CursorHide(scanout, 0, 0));
        }
        assertThat(display.primary(0)).isEmpty();
    }

    @Test
    void theCursorIsInThePictureAndNotInThePrimaryPlane() throws LinkFailedException {
        byte[] image = new byte[DisplayCodec.CURSOR_BYTES];
        Arrays.fill(image, (byte) -1);
        Frame plain = Frame.solid(2, 2, RED);
        take(new DisplayMessage.Scanout(0, 2, 2), red(0, 0, 0, 2, 2));
        take(new DisplayMessage.CursorUpdate(0, 1, 0, 0, 0, image));
        assertThat(display.primary(0)).contains(plain);
        assertThat(display.picture(0, 9, 9).argb(1, 1)).isEqualTo(-1);
        assertThat(display.picture(0, 9, 9).argb(0, 1)).isEqualTo(RED);
        take(new DisplayMessage.CursorPosition(0, -63, 0));
        assertThat(display.picture(0, 9, 9).argb(0, 0)).isEqualTo(-1);
        assertThat(display.picture(0, 9, 9).argb(1, 0)).isEqualTo(RED);
        take(new DisplayMessage.CursorHide(0, 0, 0));
        assertThat(display.picture(0, 9, 9)).isEqualTo(plain);
        take(new DisplayMessage.CursorPosition(0, 0, 0));
        assertThat(display.picture(0, 9, 9).argb(0, 0)).isEqualTo(-1);
    }

    @Test
    void aDarkScanoutIsBlackInTheSizeThatIsAskedFor() {
        assertThat(display.picture(0, 3, 2)).isEqualTo(Frame.solid(3, 2, 0xff00_0000));
    }

    @Test
    void changedDisplaysAreAnsweredAndTold() throws LinkFailedException {
        byte[] before = display.take(new DisplayMessage.GetDisplayInfo()).orElseThrow();
        display.changeDisplays(new DisplayConfig(List.of(Display.of(65, 48)), false));
        byte[] after = display.take(new DisplayMessage.GetDisplayInfo()).orElseThrow();
        assertThat(changes).hasValue(1);
        assertThat(before[32]).isEqualTo((byte) 64);
        assertThat(after[32]).isEqualTo((byte) 65);
    }
}
