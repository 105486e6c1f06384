package dev.semblance.gpu.device;

import static dev.semblance.gpu.testing.Testbed.attach;
import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.detach;
import static dev.semblance.gpu.testing.Testbed.flush;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.refused;
import static dev.semblance.gpu.testing.Testbed.setScanout;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.gpu.testing.ReadLog;
import dev.semblance.gpu.testing.ReadLog.Read;
import dev.semblance.gpu.testing.Testbed;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.6.8: TRANSFER_TO_HOST_2D. */
class TransferTests {

    private static final long MAX = 0xffff_ffffL;
    private static final PixelFormat FORMAT = PixelFormat.B8G8R8A8;
    private static final Rect ALL = rect(0, 0, 5, 3);

    private final List<ReadLog> logs = new ArrayList<>();
    private final Testbed bed = new Testbed(DisplayConfig.DEFAULT, 1 << 20, memory -> {
        logs.add(new ReadLog(memory));
        return logs.get(0);
    });

    // VIRTIO 1.2, 5.7.6.8: the first that fits, from left to right.
    @Test
    void errorsHaveAnOrder() {
        Rect outside = rect(MAX, MAX, MAX, MAX);
        bed.ok(create2d(1, FORMAT, 5, 3));
        assertThat(bed.control(transfer(2, outside, -1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(transfer(1, outside, -1))).isEqualTo(refused(ErrorCode.UNSPEC));
        bed.ok(attach(1, new MemoryEntry(0, 60)));
        assertThat(bed.control(transfer(1, outside, -1))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        bed.ok(detach(1));
        assertThat(bed.control(transfer(1, ALL, 0))).isEqualTo(refused(ErrorCode.UNSPEC));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void theRectangleMustLieInTheImageAndNotBeEmpty() {
        bed.backed(1, FORMAT, 5, 3, 0);
        for (Rect rect : List.of(
                rect(0, 0, 6, 3),
                rect(0, 0, 5, 4),
                rect(1, 0, 5, 3),
                rect(0, 1, 5, 3),
                rect(3, 5, 1, 1),
                rect(MAX, 0, 1, 1),
                rect(0, MAX, 1, 1),
                rect(1, 0, MAX, 1),
                rect(0, 1, 1, MAX),
                rect(0, 0, 0, 1),
                rect(0, 0, 1, 0),
                rect(5, 3, 0, 0))) {
            assertThat(bed.control(transfer(1, rect, 0)))
                    .as("%s", rect)
                    .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
        assertThat(logs.get(0).take()).as("nothing is copied").isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.8: rows are 20 bytes apart, the last one ends where its pixels do.
    @Test
    void allRowsMustLieInTheBackingInOverflowSafe64BitNumbers() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        bed.ok(attach(1, new MemoryEntry(0, 100)));
        bed.ok(transfer(1, ALL, 40));
        bed.ok(transfer(1, rect(0, 0, 2, 3), 52));
        bed.ok(transfer(1, rect(4, 2, 1, 1), 96));
        logs.get(0).take();
        for (long offset :
                new long[] {41, 60, 100, 101, 1L << 32, (1L << 32) + 8, Long.MAX_VALUE, Long.MIN_VALUE, -1, -60}) {
            assertThat(bed.control(transfer(1, ALL, offset)))
                    .as("offset %d", offset)
                    .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
        assertThat(bed.control(transfer(1, rect(0, 0, 2, 3), 53))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(logs.get(0).take()).as("nothing is copied").isEmpty();
    }

    // Section 6.6: the offset is that of the first pixel, not derived from the rectangle.
    @Test
    void theOffsetIsWhereTheFirstPixelLies() {
        bed.pokeCounting(0, 0xff000001, 15);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, rect(3, 1, 2, 2), 4));
        int black = 0xff000000;
        assertThat(shown()).isEqualTo(Frame.ofPixels(5, 3, new int[] {
            black, black, black, black, black, //
            black, black, black, 0xff000002, 0xff000003, //
            black, black, black, 0xff000007, 0xff000008
        }));
    }

    // VIRTIO 1.2, 5.7.6.8: exactly as many rows as asked for, also where the rows are whole.
    @Test
    void onlyTheRowsAskedForAreCopied() {
        bed.pokeCounting(0, 0xff000001, 15);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, rect(0, 0, 5, 2), 0));
        Frame frame = shown();
        assertThat(frame.argb(4, 1)).isEqualTo(0xff00000a);
        assertThat(frame.argb(0, 2)).isEqualTo(0xff000000);
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void offsetsNeedNoAlignment() {
        for (int i = 0; i < 10; i++) {
            bed.ram().putByte(i, (byte) (i + 1));
        }
        bed.ok(create2d(1, FORMAT, 1, 1));
        bed.ok(attach(1, new MemoryEntry(1, 9)));
        bed.ok(transfer(1, rect(0, 0, 1, 1), 3));
        bed.ok(setScanout(0, 1, rect(0, 0, 1, 1)));
        bed.ok(flush(1, rect(0, 0, 1, 1)));
        assertThat(bed.sink().takeFrame().argb(0, 0)).isEqualTo(0xff070605);
    }

    // VIRTIO 1.2, 5.7.6.8: the same memory twice, and entries that cut pixels into pieces.
    @Test
    void theBackingMayRepeatMemoryAndCutPixels() {
        bed.poke(0, 0xff030201, 0xff060504);
        bed.ok(create2d(1, FORMAT, 5, 3));
        bed.ok(attach(
                1,
                new MemoryEntry(0, 3),
                new MemoryEntry(3, 1),
                new MemoryEntry(0, 7),
                new MemoryEntry(7, 1),
                new MemoryEntry(4, 4),
                new MemoryEntry(0, 4),
                new MemoryEntry(0, 4)));
        bed.ok(transfer(1, rect(0, 0, 5, 1), 0));
        bed.ok(transfer(1, rect(4, 2, 1, 1), 20));
        Frame frame = shown();
        int[] row = new int[5];
        frame.copyRow(0, row, 0);
        assertThat(row).containsExactly(0xff030201, 0xff030201, 0xff060504, 0xff060504, 0xff030201);
        assertThat(frame.argb(4, 2)).isEqualTo(0xff030201);
    }

    // VIRTIO 1.2, 5.7.6.8: the guest's bytes count at the command, not at the flush.
    @Test
    void memoryIsReadAtTheCommandAndNeverLater() {
        bed.poke(0, 0xff111111);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, ALL, 0));
        bed.poke(0, 0xff222222);
        logs.get(0).take();
        assertThat(shown().argb(0, 0)).isEqualTo(0xff111111);
        bed.cursor(Testbed.updateCursor(1, new CursorPosition(0, 0, 0), 0, 0));
        assertThat(logs.get(0).take()).isEmpty();
    }

    /** VIRTIO 1.2, 5.7.6.8: exactly the bytes that are copied, each once, in stretches as long as they come. */
    @Test
    void exactlyTheBytesCopiedAreRead() {
        bed.ok(create2d(1, FORMAT, 5, 3));
        bed.ok(attach(
                1,
                new MemoryEntry(1000, 30),
                new MemoryEntry(2000, 4),
                new MemoryEntry(2004, 6),
                new MemoryEntry(9, 0),
                new MemoryEntry(3000, 60)));
        bed.ok(transfer(1, rect(1, 0, 4, 3), 6));
        assertThat(logs.get(0).take())
                .containsExactly(
                        new Read(1006, 16),
                        new Read(1026, 4),
                        new Read(2000, 10),
                        new Read(3000, 2),
                        new Read(3006, 16));
    }

    /** A row longer than the copy buffer. */
    @Test
    void veryLongRowsAreCopiedWhole() {
        int width = 50_000;
        bed.pokeCounting(0, 0, width);
        bed.ok(create2d(1, FORMAT, width, 1));
        bed.ok(attach(1, new MemoryEntry(0, 4L * width)));
        bed.ok(transfer(1, rect(0, 0, width, 1), 0));
        for (int x = 0; x < width; x += 1000) {
            bed.ok(setScanout(0, 1, rect(x, 0, 1000, 1)));
            bed.ok(flush(1, rect(0, 0, 1, 1)));
            Frame frame = bed.sink().takeFrame();
            for (int i = 0; i < 1000; i++) {
                if (frame.argb(i, 0) != (0xff000000 | x + i)) {
                    throw new AssertionError(String.format(Locale.ROOT, "pixel %d is %08x", x + i, frame.argb(i, 0)));
                }
            }
        }
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void pixelsOutliveTheBacking() {
        bed.poke(0, 0xff111111);
        bed.backed(1, FORMAT, 5, 3, 0);
        bed.ok(transfer(1, ALL, 0));
        bed.ok(detach(1));
        bed.ok(attach(1, new MemoryEntry(4096, 60)));
        assertThat(shown().argb(0, 0)).isEqualTo(0xff111111);
    }

    private Frame shown() {
        bed.ok(setScanout(0, 1, ALL));
        bed.ok(flush(1, ALL));
        return bed.sink().takeFrame();
    }
}
