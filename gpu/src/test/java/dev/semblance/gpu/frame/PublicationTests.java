package dev.semblance.gpu.frame;

import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.flush;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.setScanout;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static dev.semblance.gpu.testing.Testbed.unref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.testing.RecordingSink.Event;
import dev.semblance.gpu.testing.RecordingSink.Flushed;
import dev.semblance.gpu.testing.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, corner 6: a publication costs the rows changed since the last one; the others are shared. */
class PublicationTests {

    private static final Rect ALL = rect(0, 0, 5, 7);

    private final Testbed bed = new Testbed(DisplayConfig.of(Display.of(90, 70), Display.of(90, 70)));

    @Test
    void onlyRowsThatATransferChangedAreMadeAnew() {
        Frame before = image(1, 0);
        bed.pokeCounting(0, 1000, 35);
        bed.ok(transfer(1, rect(4, 2, 1, 3), 0));
        assertThat(newRows(before, flushed(1))).containsExactly(2, 3, 4);
    }

    @Test
    void aTransferOfTheSamePixelsMakesNothingAnew() {
        Frame before = image(1, 0);
        bed.ok(transfer(1, ALL, 0));
        assertThat(newRows(before, flushed(1))).isEmpty();
    }

    @Test
    void flippingBetweenBuffersKeepsTheRowsOfEach() {
        Frame first = image(1, 0);
        Frame second = image(2, 4096);
        bed.ram().putInt(4 * 5 * 6, 77);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(setScanout(0, 1, ALL));
        assertThat(newRows(first, flushed(1))).containsExactly(6);
        bed.ok(setScanout(0, 2, ALL));
        assertThat(newRows(second, flushed(2))).isEmpty();
    }

    @Test
    void twoScanoutsSideBySideKeepTheRowsOfBothViews() {
        bed.backed(1, PixelFormat.B8G8R8X8, 5, 7, 0);
        bed.ok(setScanout(0, 1, rect(0, 0, 2, 7)));
        bed.ok(setScanout(1, 1, rect(2, 1, 3, 6)));
        List<Frame> before = allFlushed(1);
        bed.ram().putInt(4 * 5, 77);
        bed.ok(transfer(1, ALL, 0));
        List<Frame> after = allFlushed(1);
        assertThat(newRows(before.get(0), after.get(0))).containsExactly(1);
        assertThat(newRows(before.get(1), after.get(1))).containsExactly(0);
        assertThat(after.get(0).argb(0, 1)).isEqualTo(0xff00004d);
    }

    // The same id, size and view, but another image.
    @Test
    void anImageOfTheSameNameHasItsOwnRows() {
        image(1, 0);
        bed.ok(unref(1));
        bed.sink().take();
        bed.backed(1, PixelFormat.B8G8R8X8, 5, 7, 0);
        bed.ok(setScanout(0, 1, ALL));
        assertThat(flushed(1)).isEqualTo(Frame.solid(5, 7, 0xff000000));
        bed.ok(unref(1));
        bed.sink().take();
        bed.backed(1, PixelFormat.X8R8G8B8, 5, 7, 0);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(setScanout(0, 1, ALL));
        assertThat(flushed(1).argb(1, 0)).isEqualTo(0xff000000);
    }

    @Test
    void anotherViewHasItsOwnRows() {
        image(1, 0);
        bed.ok(setScanout(0, 1, rect(1, 2, 4, 5)));
        assertThat(flushed(1).argb(0, 0)).isEqualTo(0xff00000b);
        bed.ok(setScanout(0, 1, rect(0, 2, 4, 5)));
        assertThat(flushed(1).argb(0, 0)).isEqualTo(0xff00000a);
        bed.ok(setScanout(0, 1, rect(0, 0, 4, 5)));
        assertThat(flushed(1).argb(0, 0)).isEqualTo(0xff000000);
    }

    // More views than are kept: the oldest are made anew, and none comes out wrong.
    @Test
    void moreViewsThanAreKeptStillComeOutRight() {
        bed.pokeCounting(0, 0, 90 * 2);
        bed.ok(create2d(1, PixelFormat.B8G8R8X8, 90, 2));
        bed.ok(Testbed.attach(1, new MemoryEntry(0, 720)));
        bed.ok(transfer(1, rect(0, 0, 90, 2), 0));
        for (int round = 0; round < 3; round++) {
            for (int x = 0; x < 90; x++) {
                bed.ok(setScanout(0, 1, rect(x, 1, 1, 1)));
                assertThat(flushed(1).argb(0, 0)).isEqualTo(0xff000000 | 90 + x + 1000 * round);
            }
            bed.pokeCounting(0, 1000 * (round + 1), 180);
            bed.ok(transfer(1, rect(0, 0, 90, 2), 0));
        }
    }

    // A frame handed out never changes.
    @Test
    void framesAreImmutable() {
        Frame frame = image(1, 0);
        long digest = frame.digest();
        bed.pokeCounting(0, 1000, 35);
        bed.ok(transfer(1, ALL, 0));
        flushed(1);
        assertThat(frame.argb(3, 0)).isEqualTo(0xff000003);
        assertThat(Frame.of(5, IntStream.range(0, 7).mapToObj(frame::row).toArray(Frame.Row[]::new))
                        .digest())
                .isEqualTo(digest);
    }

    /** Shows an image whose pixels are their own numbers. */
    private Frame image(long id, long address) {
        bed.pokeCounting(address, 0, 35);
        bed.backed(id, PixelFormat.B8G8R8X8, 5, 7, address);
        bed.ok(transfer(id, ALL, 0));
        bed.ok(setScanout(0, id, ALL));
        return flushed(id);
    }

    private Frame flushed(long id) {
        bed.ok(flush(id, rect(0, 0, 1, 1)));
        return bed.sink().takeFrame();
    }

    private List<Frame> allFlushed(long id) {
        bed.ok(flush(id, rect(0, 0, 1, 1)));
        List<Frame> frames = new ArrayList<>();
        for (Event event : bed.sink().take()) {
            frames.add(((Flushed) event).frame());
        }
        return frames;
    }

    private static List<Integer> newRows(Frame before, Frame after) {
        return IntStream.range(0, after.height())
                .filter(y -> before.row(y) != after.row(y))
                .boxed()
                .toList();
    }
}
