package dev.semblance.gpu.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.testing.RecordingSink;
import dev.semblance.gpu.testing.Testbed;
import dev.semblance.machine.memory.Ram;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, corner 9: what is kept for speed has limits, and goes with what it was kept for. */
class PublishedRowsTests {

    private final PublishedRows rows = new PublishedRows();

    // A view of 10x4 pixels: 4 rows of 40 bytes and 72 more each.
    @Test
    void rowsOfAnImageThatIsGoneAreNotKept() {
        Resource2d one = new Resource2d(1, PixelFormat.B8G8R8X8, 20, 10);
        Resource2d other = new Resource2d(2, PixelFormat.B8G8R8X8, 20, 10);
        rows.publish(one, new Rect(0, 0, 10, 4));
        rows.publish(one, new Rect(0, 1, 10, 4));
        rows.publish(one, new Rect(0, 0, 10, 4));
        rows.publish(other, new Rect(0, 0, 10, 4));
        assertThat(rows.keptBytes()).isEqualTo(3 * 448);
        rows.forget(one);
        assertThat(rows.keptBytes()).isEqualTo(448);
        rows.clear();
        assertThat(rows.keptBytes()).isZero();
    }

    // VIRTIO 1.2, 5.7.6.8 and 2.4
    @Test
    void unrefAndResetLetGoOfThem() {
        Gpu2d gpu = new Gpu2d(new Ram(4096), DisplayConfig.DEFAULT, new RecordingSink());
        for (int round = 0; round < 2; round++) {
            assertThat(gpu.execute(Testbed.create2d(1, PixelFormat.B8G8R8X8, 20, 10)))
                    .isEqualTo(Testbed.OK);
            gpu.execute(Testbed.attach(1, new MemoryEntry(0, 800)));
            gpu.execute(Testbed.setScanout(0, 1, new Rect(0, 0, 10, 4)));
            gpu.execute(Testbed.flush(1, new Rect(0, 0, 1, 1)));
            assertThat(gpu.keptBytes()).isEqualTo(448);
            if (round == 0) {
                gpu.execute(Testbed.unref(1));
            } else {
                gpu.reset();
            }
            assertThat(gpu.keptBytes()).isZero();
        }
    }

    @Test
    void onlySoManyViewsAreKept() {
        Resource2d image = new Resource2d(1, PixelFormat.B8G8R8X8, 500, 4);
        for (int x = 0; x < 300; x++) {
            rows.publish(image, new Rect(x, 0, 10, 4));
        }
        assertThat(rows.keptBytes()).isEqualTo(PublishedRows.MAX_VIEWS * 448L);
    }

    @Test
    void onlySoManyBytesAreKept() {
        Resource2d image = new Resource2d(1, PixelFormat.B8G8R8X8, 1, 1_500_000);
        for (int y = 0; y < 5; y++) {
            rows.publish(image, new Rect(0, y, 1, 1_400_000));
            assertThat(rows.keptBytes()).isBetween(1L, PublishedRows.MAX_BYTES);
        }
    }

    // Larger than all that may be kept: shown all the same.
    @Test
    void aViewTooLargeToKeepIsShown() {
        Resource2d image = new Resource2d(1, PixelFormat.B8G8R8X8, 1, 4_000_000);
        image.write(3_999_999, 0, new byte[] {1, 2, 3, 4}, 4);
        Frame frame = rows.publish(image, new Rect(0, 0, 1, 4_000_000));
        assertThat(frame.argb(0, 3_999_999)).isEqualTo(0xff030201);
        assertThat(rows.keptBytes()).isZero();
    }

    // What a flush shows is the image as it is, however little of a row a transfer has changed (VIRTIO 1.2, 5.7.6.8).
    @Test
    void rowsOfWhichPartsHaveChangedAreThoseMadeAnew() {
        Random random = new Random(5);
        for (PixelFormat format : PixelFormat.values()) {
            Resource2d image = new Resource2d(1, format, 700, 6);
            Rect[] views = {new Rect(0, 0, 700, 6), new Rect(130, 2, 513, 3), new Rect(699, 0, 1, 6)};
            for (int round = 0; round < 300; round++) {
                for (int change = random.nextInt(4); change > 0; change--) {
                    int left = random.nextInt(700);
                    byte[] pixels = new byte[4 * (1 + random.nextInt(random.nextBoolean() ? 3 : 700 - left))];
                    int count = Math.min(pixels.length / 4, 700 - left);
                    int y = random.nextInt(6);
                    random.nextBytes(pixels);
                    if (image.write(y, 4 * left, pixels, 4 * count)) {
                        rows.rowChanged(image, y, left, count);
                    }
                }
                Rect view = views[random.nextInt(views.length)];
                Frame shown = rows.publish(image, view);
                Frame anew = new PublishedRows().publish(image, view);
                assertThat(shown).as("%s, round %d", format, round).isEqualTo(anew);
            }
            rows.forget(image);
        }
    }

    @Test
    void aRowIsMadeAnewOnlyWhereAViewShowsWhatHasChanged() {
        Resource2d image = new Resource2d(1, PixelFormat.B8G8R8X8, 20, 2);
        Rect view = new Rect(5, 0, 10, 2);
        Frame before = rows.publish(image, view);
        image.write(0, 0, new byte[] {1, 2, 3, 4}, 4);
        rows.rowChanged(image, 0, 0, 5);
        rows.rowChanged(image, 0, 15, 5);
        assertThat(rows.publish(image, view)).isEqualTo(before);
        image.write(1, 4 * 14, new byte[] {1, 2, 3, 4}, 4);
        rows.rowChanged(image, 1, 14, 1);
        assertThat(rows.publish(image, view).argb(9, 1)).isEqualTo(0xff030201);
    }
}
