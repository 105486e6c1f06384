package dev.semblance.gpu.device;

import static dev.semblance.gpu.device.VirtioGpuDevice.CURSOR_QUEUE;
import static dev.semblance.gpu.testing.Testbed.OK;
import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.detach;
import static dev.semblance.gpu.testing.Testbed.moveCursor;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.refused;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static dev.semblance.gpu.testing.Testbed.unref;
import static dev.semblance.gpu.testing.Testbed.updateCursor;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.testing.RecordingSink.CursorChanged;
import dev.semblance.gpu.testing.Testbed;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.6.10: the cursor. */
class CursorTests {

    private static final long MAX = 0xffff_ffffL;
    private static final CursorPosition HERE = new CursorPosition(0, 10, 20);

    private final Testbed bed = new Testbed(DisplayConfig.of(Display.of(90, 80), Display.of(40, 32)));

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void theAnswerIsWrittenIfThereIsRoom() {
        byte[] request = CommandCodec.encode(moveCursor(HERE));
        assertThat(bed.transport().exchange(CURSOR_QUEUE, request, 24).length()).isEqualTo(24);
        assertThat(bed.transport().exchange(CURSOR_QUEUE, request, 0).length()).isZero();
        assertThat(bed.sink().take()).hasSize(2);
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void updateSetsImagePositionAndHotSpot() {
        cursor(1);
        assertThat(bed.cursor(updateCursor(1, HERE, 2, 1))).isEqualTo(OK);
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(), 10, 20, 2, 1));
    }

    // VIRTIO 1.2, 5.7.6.10: the image must be 64x64. Where it is not, the one that the cursor has stays, as with
    // QEMU.
    @Test
    void anImageOfAnotherSizeMovesTheCursorAndLeavesItsPicture() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        Optional<Frame> before = bed.sink().takeCursor().image();
        int id = 2;
        for (int[] size : new int[][] {{63, 64}, {64, 63}, {65, 64}, {64, 65}, {32, 128}, {128, 128}, {1, 1}}) {
            bed.backed(id, PixelFormat.B8G8R8A8, size[0], size[1], 0);
            assertThat(bed.cursor(updateCursor(id, new CursorPosition(0, id, -id), 3, 4 + id)))
                    .isEqualTo(OK);
            assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(before, id, -id, 3, 4 + id));
            id++;
        }
        bed.ok(unref(2));
        assertThat(bed.sink().take()).as("it is not the cursor's image").isEmpty();
        bed.ok(unref(1));
        assertThat(bed.sink().takeCursor().image()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void anImageOfAnotherSizeLeavesAHiddenCursorHidden() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.cursor(updateCursor(0, HERE, 0, 0));
        bed.sink().take();
        bed.backed(2, PixelFormat.B8G8R8A8, 32, 32, 0);
        assertThat(bed.cursor(updateCursor(2, new CursorPosition(0, 7, 8), 5, 6)))
                .isEqualTo(OK);
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(Optional.empty(), 7, 8, 5, 6));
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void theImageMayBeLargerThanTheScanout() {
        cursor(1);
        assertThat(bed.cursor(updateCursor(1, new CursorPosition(1, 0, 0), 0, 0)))
                .isEqualTo(OK);
        assertThat(bed.sink().take()).containsExactly(new CursorChanged(1, new CursorPlane(image(), 0, 0, 0, 0)));
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void theImageNeedsNoBackingWhenItIsShown() {
        cursor(1);
        bed.ok(detach(1));
        bed.cursor(updateCursor(1, HERE, 2, 1));
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(), 10, 20, 2, 1));
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void theImageIsCopiedAtTheUpdate() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 0, 0));
        Optional<Frame> before = bed.sink().takeCursor().image();
        bed.poke(0, 0x12345678);
        bed.ok(transfer(1, rect(0, 0, 64, 64), 0));
        bed.cursor(moveCursor(new CursorPosition(0, 11, 20)));
        assertThat(bed.sink().takeCursor().image()).isEqualTo(before);
        bed.cursor(updateCursor(1, HERE, 0, 0));
        assertThat(bed.sink().takeCursor().image().orElseThrow().argb(0, 0)).isEqualTo(0x12345678);
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void idZeroHidesTheCursor() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.sink().take();
        assertThat(bed.cursor(updateCursor(0, new CursorPosition(0, 7, 8), 0, 0)))
                .isEqualTo(OK);
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(Optional.empty(), 7, 8, 0, 0));
    }

    // VIRTIO 1.2, 5.7.6.10: nothing changes, the position neither.
    @Test
    void anUnknownImageOrScanoutIsRefusedAndChangesNothing() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.sink().take();
        CursorPosition there = new CursorPosition(0, 70, 80);
        for (long scanout : new long[] {2, 16, MAX}) {
            CursorPosition nowhere = new CursorPosition(scanout, 70, 80);
            assertThat(bed.cursor(updateCursor(9, nowhere, 0, 0))).isEqualTo(refused(ErrorCode.INVALID_SCANOUT_ID));
            assertThat(bed.cursor(updateCursor(0, nowhere, 0, 0))).isEqualTo(refused(ErrorCode.INVALID_SCANOUT_ID));
            assertThat(bed.cursor(moveCursor(nowhere))).isEqualTo(refused(ErrorCode.INVALID_SCANOUT_ID));
        }
        assertThat(bed.cursor(updateCursor(9, there, 0, 0))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.sink().take()).isEmpty();
        bed.cursor(moveCursor(new CursorPosition(0, 11, 20)));
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(), 11, 20, 2, 1));
    }

    // VIRTIO 1.2, 5.7.6.10: Linux leaves the image's id in the structure, and no other field counts either.
    @Test
    void moveUsesOnlyThePosition() {
        cursor(1);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.sink().take();
        for (long id : new long[] {0, 1, 9}) {
            bed.cursor(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 3, 4), id, 55, 66));
            assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(), 3, 4, 2, 1));
        }
        bed.cursor(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(1, 3, 4), 1, 55, 66));
        assertThat(bed.sink().take())
                .containsExactly(new CursorChanged(1, new CursorPlane(Optional.empty(), 3, 4, 0, 0)));
    }

    // VIRTIO 1.2, 5.7.6.10: and the hot spot is not subtracted.
    @Test
    void positionsAreSigned() {
        cursor(1);
        bed.cursor(updateCursor(1, new CursorPosition(0, -7, Integer.MIN_VALUE), 2, 1));
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(), -7, Integer.MIN_VALUE, 2, 1));
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void otherCommandsOnTheCursorQueueAreAnsweredUnspecAndNotDone() {
        assertThat(bed.cursor(create2d(1, PixelFormat.B8G8R8A8, 3, 2))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.cursor(new GpuCommand.GetDisplayInfo(Header.NONE))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.control(unref(1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
    }

    // VIRTIO 1.2, 5.7.6.10
    @Test
    void fencesAreEchoed() {
        Header fence = Header.fenced(42);
        assertThat(bed.cursor(new GpuCommand.MoveCursor(fence, HERE, 0, 0, 0)))
                .isEqualTo(new GpuResponse.OkNoData(fence));
        assertThat(bed.cursor(new GpuCommand.UpdateCursor(fence, HERE, 5, 0, 0)))
                .isEqualTo(new GpuResponse.Refused(fence, ErrorCode.INVALID_RESOURCE_ID));
    }

    // Section 7: straight alpha, also from the X byte: Linux makes its cursors' dumb buffers with an X format.
    @Test
    void theImageKeepsItsAlpha() {
        bed.poke(0, 0x40302010);
        for (PixelFormat format : new PixelFormat[] {PixelFormat.R8G8B8A8, PixelFormat.R8G8B8X8}) {
            bed.backed(format.number(), format, 64, 64, 0);
            bed.ok(transfer(format.number(), rect(0, 0, 1, 1), 0));
            bed.cursor(updateCursor(format.number(), HERE, 0, 0));
            Frame image = bed.sink().takeCursor().image().orElseThrow();
            assertThat(image.argb(0, 0)).isEqualTo(0x40102030);
            assertThat(image.argb(1, 0)).isZero();
        }
    }

    /** Makes an image whose pixels are their own numbers, alpha 0. */
    private void cursor(long id) {
        bed.pokeCounting(0, 0, CursorPlane.SIZE * CursorPlane.SIZE);
        bed.backed(id, PixelFormat.B8G8R8A8, CursorPlane.SIZE, CursorPlane.SIZE, 0);
        bed.ok(transfer(id, rect(0, 0, CursorPlane.SIZE, CursorPlane.SIZE), 0));
    }

    private static Optional<Frame> image() {
        int[] pixels = new int[CursorPlane.SIZE * CursorPlane.SIZE];
        Arrays.setAll(pixels, i -> i);
        return Optional.of(Frame.ofPixels(CursorPlane.SIZE, CursorPlane.SIZE, pixels));
    }
}
