package dev.semblance.gpu.device;

import static dev.semblance.gpu.testing.Testbed.OK;
import static dev.semblance.gpu.testing.Testbed.attach;
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
import dev.semblance.gpu.model.Gpu2d;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.testing.RecordingSink;
import dev.semblance.gpu.testing.RecordingSink.CursorChanged;
import dev.semblance.gpu.testing.RecordingSink.Disabled;
import dev.semblance.gpu.testing.Testbed;
import dev.semblance.machine.memory.Ram;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.6.8: RESOURCE_CREATE_2D, RESOURCE_UNREF, RESOURCE_ATTACH_BACKING and RESOURCE_DETACH_BACKING. */
class ResourceTests {

    private static final PixelFormat FORMAT = PixelFormat.B8G8R8X8;
    private static final long MAX = 0xffff_ffffL;

    private final Testbed bed = new Testbed();

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void idZeroCannotBeCreated() {
        assertThat(bed.control(create2d(0, FORMAT, 3, 2))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(raw(0, 99, 0, 0))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
    }

    // VIRTIO 1.2, 5.7.6.8: and that wins over format and size.
    @Test
    void anIdInUseCannotBeCreatedAgain() {
        bed.ok(create2d(MAX, FORMAT, 3, 2));
        assertThat(bed.control(create2d(MAX, FORMAT, 3, 2))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(raw(MAX, 99, 0, MAX))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        bed.ok(unref(MAX));
        bed.ok(create2d(MAX, FORMAT, 3, 2));
    }

    // VIRTIO 1.2, 5.7.6.8: wins over too large.
    @Test
    void aFormatThatIsNoneOrAnEmptySizeIsRefused() {
        for (long format : new long[] {0, 5, 66, 69, 122, 133, 135, MAX}) {
            assertThat(bed.control(raw(1, format, 3, 2))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
            assertThat(bed.control(raw(1, format, MAX, MAX))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
        for (PixelFormat format : PixelFormat.values()) {
            assertThat(bed.control(create2d(1, format, 0, 2))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
            assertThat(bed.control(create2d(1, format, MAX, 0))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
            bed.ok(create2d(10 + format.number(), format, 3, 2));
        }
    }

    // VIRTIO 1.2, 5.7.6.8: in 64 bits; 65536 x 65536 x 4 is 0 modulo 2^32.
    @Test
    void sizesThatOverflowAreTooLarge() {
        for (long[] size : new long[][] {
            {65536, 65536}, {MAX, MAX}, {MAX, 1}, {1, MAX}, {1L << 31, 1L << 31}, {8192, 8193}, {1 << 26, 2}
        }) {
            assertThat(bed.control(create2d(1, FORMAT, size[0], size[1])))
                    .as("%d x %d", size[0], size[1])
                    .isEqualTo(refused(ErrorCode.OUT_OF_MEMORY));
        }
    }

    // VIRTIO 1.2, 5.7.6.8: exactly 256 MiB is OK, and what is given back can be had again.
    @Test
    void allImagesTogetherMayTake256MiB() {
        bed.ok(create2d(1, FORMAT, 8192, 8191));
        bed.ok(create2d(2, FORMAT, 8191, 1));
        assertThat(bed.control(create2d(3, FORMAT, 2, 1))).isEqualTo(refused(ErrorCode.OUT_OF_MEMORY));
        bed.ok(create2d(3, FORMAT, 1, 1));
        assertThat(bed.control(create2d(4, FORMAT, 1, 1))).isEqualTo(refused(ErrorCode.OUT_OF_MEMORY));
        bed.ok(unref(2));
        bed.ok(create2d(4, FORMAT, 1, 8191));
        bed.reset();
        bed.ok(create2d(1, FORMAT, 4096, 16384));
    }

    /** A limit of ours: images of one pixel would cost the host many times the 256 MiB. */
    @Test
    void thereIsALimitToTheNumberOfImages() {
        Gpu2d gpu = new Gpu2d(bed.ram(), DisplayConfig.DEFAULT, new RecordingSink());
        for (int id = 1; id <= Gpu2d.MAX_RESOURCES; id++) {
            if (!gpu.execute(create2d(id, FORMAT, 1, 1)).equals(OK)) {
                throw new AssertionError("image " + id + " was refused");
            }
        }
        assertThat(gpu.execute(create2d(MAX, FORMAT, 1, 1))).isEqualTo(refused(ErrorCode.OUT_OF_MEMORY));
        assertThat(gpu.execute(unref(7))).isEqualTo(OK);
        assertThat(gpu.execute(create2d(MAX, FORMAT, 1, 1))).isEqualTo(OK);
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void aNewImageIsZero() {
        bed.backed(1, PixelFormat.B8G8R8A8, 3, 2, 0);
        bed.ok(setScanout(0, 1, rect(0, 0, 3, 2)));
        bed.ok(flush(1, rect(0, 0, 3, 2)));
        assertThat(bed.sink().takeFrame()).isEqualTo(Frame.solid(3, 2, 0xff000000));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void unrefOfAnUnknownImageIsRefused() {
        assertThat(bed.control(unref(0))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(unref(1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
    }

    // VIRTIO 1.2, 5.7.6.8: the screen goes dark, the cursor vanishes, and a new image with the same id is not shown.
    @Test
    void unrefDisablesScanoutsAndCursorsThatShowTheImage() {
        Testbed two = new Testbed(DisplayConfig.of(Display.of(9, 5), Display.of(7, 4)));
        two.backed(1, FORMAT, 64, 64, 0);
        two.backed(2, FORMAT, 64, 64, 0);
        two.ok(setScanout(0, 1, rect(0, 0, 3, 2)));
        two.ok(setScanout(1, 1, rect(0, 0, 2, 1)));
        two.ok(flush(1, rect(0, 0, 3, 2)));
        two.cursor(Testbed.updateCursor(1, new CursorPosition(1, 4, -5), 1, 2));
        two.cursor(Testbed.updateCursor(2, new CursorPosition(0, 4, -5), 1, 2));
        two.sink().take();

        two.ok(unref(1));

        assertThat(two.sink().take())
                .containsExactly(
                        new Disabled(0),
                        new Disabled(1),
                        new CursorChanged(1, new CursorPlane(Optional.empty(), 4, -5, 1, 2)));
        two.backed(1, FORMAT, 64, 64, 0);
        two.ok(flush(1, rect(0, 0, 3, 2)));
        assertThat(two.sink().take()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void unrefDetachesTheBacking() {
        bed.backed(1, FORMAT, 3, 2, 0);
        bed.ok(unref(1));
        bed.ok(create2d(1, FORMAT, 3, 2));
        assertThat(bed.control(detach(1))).isEqualTo(refused(ErrorCode.UNSPEC));
    }

    // VIRTIO 1.2, 5.7.6.8: the first that fits, from left to right.
    @Test
    void attachErrorsHaveAnOrder() {
        MemoryEntry good = new MemoryEntry(0, 16);
        MemoryEntry outside = new MemoryEntry(bed.ram().size(), 1);
        bed.ok(create2d(1, FORMAT, 3, 2));
        bed.ok(create2d(2, FORMAT, 3, 2));
        bed.ok(attach(2, good));

        assertThat(bed.control(counted(9, MAX, good))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(counted(0, 0))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(counted(2, MAX, outside))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.control(counted(2, 0))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.control(counted(1, 0))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(counted(1, 2, good))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(counted(1, MAX, good))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(attach(1, good, outside))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.control(detach(1))).as("nothing was attached").isEqualTo(refused(ErrorCode.UNSPEC));
        bed.ok(attach(1, good));
    }

    // VIRTIO 1.2, 5.7.6.8: one entry for each page of memory, and one more.
    @Test
    void thereIsALimitToTheNumberOfEntries() {
        Testbed small = new Testbed(DisplayConfig.DEFAULT, 5 * Ram.PAGE_SIZE, memory -> memory);
        MemoryEntry[] six = Collections.nCopies(6, new MemoryEntry(4, 8)).toArray(MemoryEntry[]::new);
        MemoryEntry[] seven = Collections.nCopies(7, new MemoryEntry(4, 8)).toArray(MemoryEntry[]::new);
        small.ok(create2d(1, FORMAT, 3, 2));
        assertThat(small.control(attach(1, seven))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        small.ok(attach(1, six));
        assertThat(new Gpu2d(new Ram(512 << 20), DisplayConfig.DEFAULT, new RecordingSink()).maxBackingEntries())
                .isEqualTo(131073);
    }

    /** A limit of ours: backings would otherwise cost the host memory without end. */
    @Test
    void thereIsALimitToTheStretchesOfAllBackings() {
        Gpu2d gpu = new Gpu2d(new Ram(512 << 20), DisplayConfig.DEFAULT, new RecordingSink());
        List<MemoryEntry> entries = Collections.nCopies(1 << 17, new MemoryEntry(4, 8));
        for (int id = 1; id <= Gpu2d.MAX_BACKING_STRETCHES >> 17; id++) {
            assertThat(gpu.execute(create2d(id, FORMAT, 1, 1))).isEqualTo(OK);
            assertThat(gpu.execute(new GpuCommand.ResourceAttachBacking(Header.NONE, id, 1 << 17, entries)))
                    .isEqualTo(OK);
        }
        assertThat(gpu.execute(create2d(MAX, FORMAT, 1, 1))).isEqualTo(OK);
        GpuCommand one = attach(MAX, new MemoryEntry(0, 4));
        assertThat(gpu.execute(one)).isEqualTo(refused(ErrorCode.OUT_OF_MEMORY));
        assertThat(gpu.execute(detach(1))).isEqualTo(OK);
        assertThat(gpu.execute(one)).isEqualTo(OK);
        assertThat(gpu.execute(detach(MAX))).isEqualTo(OK);
        assertThat(gpu.execute(unref(2))).isEqualTo(OK);
        assertThat(gpu.execute(new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 1 << 17, entries)))
                .isEqualTo(OK);
        assertThat(gpu.execute(new GpuCommand.ResourceAttachBacking(Header.NONE, MAX, 1 << 17, entries)))
                .isEqualTo(OK);
        gpu.reset();
        for (int id = 1; id <= Gpu2d.MAX_BACKING_STRETCHES >> 17; id++) {
            assertThat(gpu.execute(create2d(id, FORMAT, 1, 1))).isEqualTo(OK);
            assertThat(gpu.execute(new GpuCommand.ResourceAttachBacking(Header.NONE, id, 1 << 17, entries)))
                    .isEqualTo(OK);
        }
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void entriesBeyondTheCountAreIgnored() {
        bed.ok(create2d(1, FORMAT, 3, 2));
        assertThat(bed.control(counted(1, 1, new MemoryEntry(0, 24), new MemoryEntry(-1, 4))))
                .isEqualTo(OK);
        bed.ok(transfer(1, rect(0, 0, 3, 2), 0));
    }

    // VIRTIO 1.2, 5.7.6.8: in 64 bits; address plus length that wraps to a small number.
    @Test
    void anEntryMustLieWhollyInsideMemory() {
        long size = bed.ram().size();
        bed.ok(create2d(1, FORMAT, 3, 2));
        for (MemoryEntry entry : List.of(
                new MemoryEntry(size, 1),
                new MemoryEntry(size - 1, 2),
                new MemoryEntry(0, MAX),
                new MemoryEntry(-1, 1),
                new MemoryEntry(-4, 8),
                new MemoryEntry(Long.MIN_VALUE, 4),
                new MemoryEntry(Long.MAX_VALUE, MAX),
                new MemoryEntry(1L << 32, 4))) {
            assertThat(bed.control(attach(1, entry))).as("%s", entry).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        }
        bed.ok(attach(1, new MemoryEntry(size - 1, 1), new MemoryEntry(0, size)));
    }

    // VIRTIO 1.2, 5.7.6.8: wherever it points to.
    @Test
    void emptyEntriesAreSkipped() {
        bed.poke(100, 0x111111, 0x222222, 0x333333, 0x444444, 0x555555, 0x666666);
        bed.ok(create2d(1, FORMAT, 3, 2));
        bed.ok(attach(
                1,
                new MemoryEntry(-1, 0),
                new MemoryEntry(100, 9),
                new MemoryEntry(0, 0),
                new MemoryEntry(109, 15),
                new MemoryEntry(5, 0)));
        bed.ok(transfer(1, rect(0, 0, 3, 2), 0));
        bed.ok(create2d(2, FORMAT, 3, 2));
        bed.ok(attach(2, new MemoryEntry(7, 0)));
        assertThat(bed.control(transfer(2, rect(0, 0, 1, 1), 0)))
                .as("a backing without bytes")
                .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        bed.ok(detach(2));
    }

    // VIRTIO 1.2, 5.7.6.8
    @Test
    void detachNeedsAnImageWithBacking() {
        assertThat(bed.control(detach(1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(detach(0))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        bed.backed(1, FORMAT, 3, 2, 0);
        bed.ok(detach(1));
        assertThat(bed.control(detach(1))).isEqualTo(refused(ErrorCode.UNSPEC));
    }

    private static GpuCommand raw(long id, long format, long width, long height) {
        return new GpuCommand.ResourceCreate2d(Header.NONE, id, format, width, height);
    }

    private static GpuCommand counted(long id, long count, MemoryEntry... entries) {
        return new GpuCommand.ResourceAttachBacking(Header.NONE, id, count, List.of(entries));
    }
}
