package dev.semblance.gpu.device;

import static dev.semblance.gpu.device.VirtioGpuDevice.CURSOR_QUEUE;
import static dev.semblance.gpu.testing.Testbed.OK;
import static dev.semblance.gpu.testing.Testbed.create2d;
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
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Checklist section 9: rows K1 to K11. */
class CursorTests {

    private static final long MAX = 0xffff_ffffL;
    private static final CursorPosition HERE = new CursorPosition(0, 10, 20);

    private final Testbed bed = new Testbed(DisplayConfig.of(Display.of(90, 80), Display.of(64, 64)));

    // K1
    @Test
    void theAnswerIsWrittenIfThereIsRoom() {
        byte[] request = CommandCodec.encode(moveCursor(HERE));
        assertThat(bed.transport().exchange(CURSOR_QUEUE, request, 24).length()).isEqualTo(24);
        assertThat(bed.transport().exchange(CURSOR_QUEUE, request, 0).length()).isZero();
        assertThat(bed.sink().take()).hasSize(2);
    }

    // K2
    @Test
    void updateSetsImagePositionAndHotSpot() {
        cursor(1, 3, 2);
        assertThat(bed.cursor(updateCursor(1, HERE, 2, 1))).isEqualTo(OK);
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(3, 2), 10, 20, 2, 1));
    }

    // K2: any size up to that of the scanout, 64x64 being the usual one.
    @Test
    void theImageMayBeAsLargeAsTheScanout() {
        cursor(1, 64, 64);
        cursor(2, 65, 64);
        cursor(3, 90, 80);
        cursor(4, 90, 81);
        assertThat(bed.cursor(updateCursor(1, new CursorPosition(1, 0, 0), 0, 0)))
                .isEqualTo(OK);
        assertThat(bed.cursor(updateCursor(3, HERE, 0, 0))).isEqualTo(OK);
        bed.sink().take();
        assertThat(bed.cursor(updateCursor(2, new CursorPosition(1, 0, 0), 0, 0)))
                .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.cursor(updateCursor(4, HERE, 0, 0))).isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
        assertThat(bed.sink().take()).isEmpty();
    }

    // K3
    @Test
    void theImageIsCopiedAtTheUpdate() {
        cursor(1, 3, 2);
        bed.cursor(updateCursor(1, HERE, 0, 0));
        Optional<Frame> before = bed.sink().takeCursor().image();
        bed.poke(0, 0x12345678);
        bed.ok(transfer(1, rect(0, 0, 3, 2), 0));
        bed.cursor(moveCursor(new CursorPosition(0, 11, 20)));
        assertThat(bed.sink().takeCursor().image()).isEqualTo(before);
        bed.cursor(updateCursor(1, HERE, 0, 0));
        assertThat(bed.sink().takeCursor().image().orElseThrow().argb(0, 0)).isEqualTo(0x12345678);
    }

    // K4
    @Test
    void idZeroHidesTheCursor() {
        cursor(1, 3, 2);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.sink().take();
        assertThat(bed.cursor(updateCursor(0, new CursorPosition(0, 7, 8), 0, 0)))
                .isEqualTo(OK);
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(Optional.empty(), 7, 8, 0, 0));
    }

    // K5, K6: nothing changes, the position neither.
    @Test
    void anUnknownImageOrScanoutIsRefusedAndChangesNothing() {
        cursor(1, 3, 2);
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
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(3, 2), 11, 20, 2, 1));
    }

    // K7: Linux leaves the image's id in the structure, and no other field counts either.
    @Test
    void moveUsesOnlyThePosition() {
        cursor(1, 3, 2);
        bed.cursor(updateCursor(1, HERE, 2, 1));
        bed.sink().take();
        for (long id : new long[] {0, 1, 9}) {
            bed.cursor(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(0, 3, 4), id, 55, 66));
            assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(3, 2), 3, 4, 2, 1));
        }
        bed.cursor(new GpuCommand.MoveCursor(Header.NONE, new CursorPosition(1, 3, 4), 1, 55, 66));
        assertThat(bed.sink().take())
                .containsExactly(new CursorChanged(1, new CursorPlane(Optional.empty(), 3, 4, 0, 0)));
    }

    // K8: and the hot spot is not subtracted.
    @Test
    void positionsAreSigned() {
        cursor(1, 3, 2);
        bed.cursor(updateCursor(1, new CursorPosition(0, -7, Integer.MIN_VALUE), 2, 1));
        assertThat(bed.sink().takeCursor()).isEqualTo(new CursorPlane(image(3, 2), -7, Integer.MIN_VALUE, 2, 1));
    }

    // K9
    @Test
    void otherCommandsOnTheCursorQueueAreAnsweredUnspecAndNotDone() {
        assertThat(bed.cursor(create2d(1, PixelFormat.B8G8R8A8, 3, 2))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.cursor(new GpuCommand.GetDisplayInfo(Header.NONE))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.control(unref(1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
    }

    // K10
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
            bed.backed(format.number(), format, 1, 1, 0);
            bed.ok(transfer(format.number(), rect(0, 0, 1, 1), 0));
            bed.cursor(updateCursor(format.number(), HERE, 0, 0));
            assertThat(bed.sink().takeCursor().image()).contains(Frame.solid(1, 1, 0x40102030));
        }
    }

    /** Makes an image whose pixels are their own numbers, alpha 0. */
    private void cursor(long id, int width, int height) {
        bed.pokeCounting(0, 0, width * height);
        bed.backed(id, PixelFormat.B8G8R8A8, width, height, 0);
        bed.ok(transfer(id, rect(0, 0, width, height), 0));
    }

    private static Optional<Frame> image(int width, int height) {
        int[] pixels = new int[width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = i;
        }
        return Optional.of(Frame.ofPixels(width, height, pixels));
    }
}
