package dev.semblance.gpu.model;

import static dev.semblance.gpu.testing.Testbed.attach;
import static dev.semblance.gpu.testing.Testbed.create2d;
import static dev.semblance.gpu.testing.Testbed.detach;
import static dev.semblance.gpu.testing.Testbed.flush;
import static dev.semblance.gpu.testing.Testbed.moveCursor;
import static dev.semblance.gpu.testing.Testbed.rect;
import static dev.semblance.gpu.testing.Testbed.setScanout;
import static dev.semblance.gpu.testing.Testbed.transfer;
import static dev.semblance.gpu.testing.Testbed.unref;
import static dev.semblance.gpu.testing.Testbed.updateCursor;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.testing.Testbed;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import dev.semblance.machine.state.StateDigest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for the GPU. */
class SavedGpuTests {

    private static final DisplayConfig DISPLAYS = DisplayConfig.of(Display.of(640, 480), Display.of(64, 64));

    private static Testbed bed() {
        return new Testbed(DISPLAYS);
    }

    /** Has images of several formats, one without backing, one of several blocks; both scanouts on, a cursor, a change of displays. */
    private static Testbed busy() {
        Testbed bed = bed();
        bed.pokeCounting(0, 1, 300 * 200);
        bed.backed(7, PixelFormat.X8R8G8B8, 300, 200, 0);
        bed.ok(transfer(7, rect(0, 0, 300, 200), 0));
        bed.ok(setScanout(0, 7, rect(10, 20, 200, 100)));
        bed.ok(flush(7, rect(0, 0, 300, 200)));
        bed.ok(create2d(9, PixelFormat.R8G8B8A8, 64, 64));
        bed.ok(attach(9, new MemoryEntry(4, 12_000), new MemoryEntry(40_000, 6_000)));
        bed.ok(transfer(9, rect(0, 0, 64, 64), 0));
        bed.cursor(updateCursor(9, new CursorPosition(1, 5, -6), 1, 2));
        bed.ok(detach(9));
        bed.ok(create2d(3, PixelFormat.B8G8R8A8, 1, 1));
        bed.ok(setScanout(1, 3, rect(0, 0, 1, 1)));
        bed.ok(create2d(0xffff_ffffL, PixelFormat.B8G8R8X8, 30_000, 3));
        bed.device().changeDisplays(DISPLAYS.with(1, new Display(70, 80, false)));
        return bed;
    }

    private static Testbed loaded(SavedState state) throws BadStateException {
        Testbed bed = bed();
        state.loadInto(bed.device());
        return bed;
    }

    /** Ends of recordings have digests: what goes into one, in which order and width, is never to change. */
    @Test
    void theDigestIsWhatItWasBeforeStatesCouldBeSaved() {
        assertThat(HexFormat.of().formatHex(StateDigest.sha256(busy().device())))
                .isEqualTo("f2bb193ea756f225f576b55df19ee126cde81176acb3e67e2221b58081bc6e78");
    }

    @Test
    void whatIsSavedIsLoadedAndShowsTheSame() throws BadStateException {
        Testbed bed = busy();
        SavedState state = SavedState.of(bed.device());
        Testbed other = loaded(state);
        assertThat(SavedState.of(other.device())).as("law 1").isEqualTo(state);
        assertThat(StateList.of(other.device())).isEqualTo(StateList.of(bed.device()));
        assertThat(other.device().resourceUsage()).isEqualTo(bed.device().resourceUsage());
        assertThat(other.device().displays()).isEqualTo(bed.device().displays());
    }

    @Test
    void goingOnFromASavedStateGivesTheSameAnswersAndPictures() throws BadStateException {
        Testbed bed = busy();
        SavedState state = SavedState.of(bed.device());
        Testbed other = loaded(state);
        List<GpuCommand> control = List.of(
                flush(7, rect(0, 0, 1, 1)),
                transfer(7, rect(3, 3, 5, 5), 0),
                flush(7, rect(0, 0, 1, 1)),
                attach(7, new MemoryEntry(0, 4)),
                attach(9, new MemoryEntry(0, 4)),
                create2d(3, PixelFormat.B8G8R8A8, 4, 4),
                flush(3, rect(0, 0, 1, 1)),
                setScanout(1, 7, rect(0, 0, 100, 100)),
                unref(9),
                unref(7),
                new GpuCommand.GetDisplayInfo(Header.NONE),
                create2d(7, PixelFormat.B8G8R8A8, 8000, 8000));
        bed.sink().take();
        for (Testbed each : List.of(bed, other)) {
            each.pokeCounting(0, 77, 300 * 200);
        }
        for (GpuCommand command : control) {
            assertThat(other.control(command)).as(command.toString()).isEqualTo(bed.control(command));
            assertThat(SavedState.of(other.device())).as("law 2").isEqualTo(SavedState.of(bed.device()));
            GpuCommand move = moveCursor(new CursorPosition(1, 3, 4));
            assertThat(other.cursor(move)).isEqualTo(bed.cursor(move));
        }
        assertThat(other.sink().take()).isEqualTo(bed.sink().take()).hasSizeGreaterThan(12);
    }

    @Test
    void aDeviceThatIsBusyTakesAnotherState() throws BadStateException {
        Testbed bed = busy();
        SavedState state = SavedState.of(bed.device());
        bed.ok(unref(9));
        bed.ok(create2d(11, PixelFormat.B8G8R8A8, 100, 100));
        SavedState fresh = SavedState.of(bed().device());
        fresh.loadInto(bed.device());
        assertThat(SavedState.of(bed.device())).isEqualTo(fresh);
        assertThat(bed.device().resourceUsage()).isEqualTo(bed().device().resourceUsage());
        state.loadInto(bed.device());
        assertThat(SavedState.of(bed.device())).isEqualTo(state);
        bed.sink().take();
        Testbed other = loaded(state);
        for (Testbed each : List.of(bed, other)) {
            each.ok(flush(7, rect(0, 0, 300, 200)));
        }
        assertThat(bed.sink().take()).isEqualTo(other.sink().take()).isNotEmpty();
    }

    @Test
    void aStateKeepsItsPixelsWhateverIsTransferredAfterwards() throws BadStateException {
        Testbed bed = busy();
        SavedState state = SavedState.of(bed.device());
        byte[] before = bytes(state);
        bed.pokeCounting(0, 1000, 300 * 200);
        bed.ok(transfer(7, rect(0, 0, 300, 200), 0));
        assertThat(bytes(state)).isEqualTo(before);
        Testbed other = loaded(state);
        other.pokeCounting(0, 2000, 300 * 200);
        other.ok(transfer(7, rect(0, 0, 300, 1), 0));
        assertThat(bytes(state)).isEqualTo(before);
        assertThat(SavedState.of(other.device())).isNotEqualTo(state);
    }

    @Test
    void everyFieldIsLoadedOrRefused() throws BadStateException {
        byte[] bytes = bytes(SavedState.of(busy().device()));
        int reproduced = 0;
        int length = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt(12);
        for (int at = 0; at < length; at++) {
            byte[] changed = bytes.clone();
            changed[24 + at] ^= (byte) (1 << at % 8);
            SavedState state = read(sealed(changed));
            Testbed other = bed();
            try {
                state.loadInto(other.device());
            } catch (BadStateException e) {
                continue;
            }
            reproduced++;
            assertThat(SavedState.of(other.device())).as("byte %d", at).isEqualTo(state);
            other.control(flush(7, rect(0, 0, 1, 1)));
            other.cursor(moveCursor(new CursorPosition(1, 3, 4)));
        }
        assertThat(reproduced).isBetween(40, length - 100);
    }

    @Test
    void aDeviceWithOtherScanoutsRefusesTheState() {
        SavedState state = SavedState.of(busy().device());
        assertThatThrownBy(() -> state.loadInto(new Testbed().device()))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("another number of scanouts");
    }

    private static byte[] bytes(SavedState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            state.writeTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    private static SavedState read(byte[] bytes) throws BadStateException {
        try {
            return SavedState.readFrom(new ByteArrayInputStream(bytes), Long.MAX_VALUE);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] sealed(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, bytes.length - 32);
            System.arraycopy(digest.digest(), 0, bytes, bytes.length - 32, 32);
            return bytes;
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
