package dev.semblance.gpu.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.testing.RecordingSink;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CompositionTests {

    private static final int RED = 0xffff0000;
    private static final int BLUE = 0xff0000ff;

    // docs/ARCHITECTURE.md, corner 6: (s * a + d * (255 - a) + 127) / 255 in each channel, opaque.
    @Test
    void theCursorIsBlendedByItsStraightAlpha() {
        Frame primary = Frame.solid(1, 1, 0xff1080f0);
        for (int alpha = 0; alpha < 256; alpha++) {
            Frame picture = Composition.compose(primary, cursor(Frame.solid(1, 1, alpha << 24 | 0xff4003), 0, 0));
            int red = (0xff * alpha + 0x10 * (255 - alpha) + 127) / 255;
            int green = (0x40 * alpha + 0x80 * (255 - alpha) + 127) / 255;
            int blue = (0x03 * alpha + 0xf0 * (255 - alpha) + 127) / 255;
            assertThat(picture.argb(0, 0)).isEqualTo(0xff000000 | red << 16 | green << 8 | blue);
        }
    }

    // VIRTIO 1.2, 5.7.6.10: the cursor is at its position, the hot spot is the guest's business.
    @Test
    void theHotSpotIsNotSubtracted() {
        CursorPlane cursor = new CursorPlane(Optional.of(Frame.solid(2, 1, RED)), 3, 1, 1, 1);
        assertThat(Composition.compose(Frame.solid(6, 3, BLUE), cursor)).isEqualTo(Frame.ofPixels(6, 3, new int[] {
            BLUE, BLUE, BLUE, BLUE, BLUE, BLUE, //
            BLUE, BLUE, BLUE, RED, RED, BLUE, //
            BLUE, BLUE, BLUE, BLUE, BLUE, BLUE
        }));
    }

    // VIRTIO 1.2, 5.7.6.10: positions are signed; whatever sticks out is cut off, and no sum wraps.
    @Test
    void theCursorIsClippedOnEverySide() {
        Frame image = Frame.ofPixels(3, 2, new int[] {1, 2, 3, 4, 5, 6});
        Frame opaque = Frame.ofPixels(
                3, 2, new int[] {0xff000001, 0xff000002, 0xff000003, 0xff000004, 0xff000005, 0xff000006});
        for (int x = -4; x <= 6; x++) {
            for (int y = -3; y <= 4; y++) {
                int[] expected = new int[5 * 3];
                for (int i = 0; i < expected.length; i++) {
                    int column = i % 5 - x;
                    int row = i / 5 - y;
                    boolean inside = column >= 0 && column < 3 && row >= 0 && row < 2;
                    expected[i] = inside ? opaque.argb(column, row) : BLUE;
                }
                assertThat(Composition.compose(Frame.solid(5, 3, BLUE), cursor(opaque, x, y)))
                        .as("at %d, %d", x, y)
                        .isEqualTo(Frame.ofPixels(5, 3, expected));
            }
        }
        for (int far : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(Composition.compose(Frame.solid(5, 3, BLUE), cursor(image, far, far)))
                    .isEqualTo(Frame.solid(5, 3, BLUE));
            assertThat(Composition.compose(Frame.solid(5, 3, BLUE), cursor(opaque, far, 0)))
                    .isEqualTo(Frame.solid(5, 3, BLUE));
        }
    }

    @Test
    void rowsWithoutTheCursorAreShared() {
        Frame primary = Frame.ofPixels(2, 3, new int[] {1, 2, 3, 4, 5, 6});
        Frame picture = Composition.compose(primary, cursor(Frame.solid(1, 1, RED), 0, 1));
        assertThat(picture.row(0)).isSameAs(primary.row(0));
        assertThat(picture.row(1)).isNotSameAs(primary.row(1));
        assertThat(picture.row(2)).isSameAs(primary.row(2));
    }

    // VIRTIO 1.2, 2.4
    @Test
    void noPictureIsBlackAtTheSizeAdvertised() {
        assertThat(Composition.compose(Optional.empty(), CursorPlane.HIDDEN, 7, 4))
                .isEqualTo(Frame.solid(7, 4, 0xff000000));
        assertThat(Composition.compose(Optional.empty(), cursor(Frame.solid(1, 4, RED), 6, 0), 7, 4)
                        .argb(6, 3))
                .isEqualTo(RED);
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void theStoreKeepsThePlanesOfEachScanoutApartAndHandsThemOn() {
        RecordingSink next = new RecordingSink();
        FrameStore store = new FrameStore(2, next);
        Frame frame = Frame.solid(5, 3, BLUE);
        CursorPlane cursor = cursor(Frame.solid(1, 1, RED), 2, 1);

        store.flushed(1, frame);
        store.cursorChanged(1, cursor);

        assertThat(store.primary(0)).isEmpty();
        assertThat(store.cursor(0)).isEqualTo(CursorPlane.HIDDEN);
        assertThat(store.picture(0, 4, 2)).isEqualTo(Frame.solid(4, 2, 0xff000000));
        assertThat(store.primary(1)).contains(frame);
        assertThat(store.picture(1, 4, 2)).isEqualTo(Composition.compose(frame, cursor));
        assertThat(next.take())
                .containsExactly(new RecordingSink.Flushed(1, frame), new RecordingSink.CursorChanged(1, cursor));

        store.disabled(1);

        assertThat(store.primary(1)).isEmpty();
        assertThat(store.cursor(1)).isEqualTo(cursor);
        assertThat(next.take()).containsExactly(new RecordingSink.Disabled(1));
    }

    private static CursorPlane cursor(Frame image, int x, int y) {
        return new CursorPlane(Optional.of(image), x, y, 0, 0);
    }
}
