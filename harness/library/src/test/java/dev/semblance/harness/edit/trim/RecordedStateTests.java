package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedStateTests {

    private static final int OK = 0x1100;
    private static final int UNSPECIFIED = 0x1200;

    private final RecordedState state = new RecordedState(0, DisplayConfig.DEFAULT);

    private void answered(GpuCommand command, int type) {
        byte[] response = new byte[Header.SIZE];
        response[0] = (byte) type;
        response[1] = (byte) (type >> 8);
        state.take(new TraceEvent.Command(
                0,
                0,
                0,
                List.of(),
                new TraceEvent.Payload.Full(CommandCodec.encode(command), response),
                response.length,
                Notification.SENT));
    }

    /** VIRTIO 1.2, 5.7.6.8, allows none of these; a device that took them is in some state all the same. */
    @Test
    void commandsThatADeviceTookAgainstTheRulesLeaveAStateThatCanBeTold() {
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 64, 64), OK);
        answered(new GpuCommand.ResourceDetachBacking(Header.NONE, 1), OK);
        answered(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 0, 0), 0, 1), OK);
        answered(new GpuCommand.ResourceUnref(Header.NONE, 77), OK);
        assertThat(state.isBroken()).isFalse();
        assertThat(state.images()).hasSize(1);
    }

    @Test
    void aRefusedCommandChangesNothing() {
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 64, 64), UNSPECIFIED);
        assertThat(state.images()).isEmpty();
        assertThat(state.isBroken()).isFalse();
    }

    @Test
    void anImageThatNoDeviceCanHaveIsNoStateToReturnTo() {
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 5, 64, 64), OK);
        assertThat(state.isBroken()).isTrue();
    }

    private void told(int at, byte... bytes) {
        state.take(new TraceEvent.Memory(0, List.of(new TraceEvent.Bytes(at, bytes))));
    }

    /** VIRTIO 1.2, 2.1: a reset takes back all that there was, images, scanouts and cursors included. */
    @Test
    void aResetLeavesNothingOfBefore() {
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 64, 64), OK);
        answered(new GpuCommand.SetScanout(Header.NONE, new Rect(0, 0, 64, 64), 0, 1), OK);
        answered(new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 0, 64, 64), 1), OK);
        answered(new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 3, 4), 1, 5, 6), OK);
        state.take(new TraceEvent.DriverOk(0));
        state.take(new TraceEvent.Reset(0));
        assertThat(state.images()).isEmpty();
        assertThat(state.isStarted()).isFalse();
        assertThat(state.life()).containsExactly(new TraceEvent.Reset(0));
        RecordedState.Scanout scanout = state.scanouts().getFirst();
        assertThat(scanout.resource()).isZero();
        assertThat(scanout.shown()).isEmpty();
        assertThat(scanout.cursor()).isEmpty();
        assertThat(scanout.position(0)).isEqualTo(new CursorPosition(0, 0, 0));
        assertThat(scanout.hotX() + scanout.hotY()).isZero();
    }

    /** docs/ARCHITECTURE.md, corner 9: 256 MiB of images, counted anew after a reset and given back one by one. */
    @Test
    void theBytesOfImagesThatAreGoneAreFreeAgain() {
        GpuCommand large = new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 8192, 5000);
        answered(large, OK);
        state.take(new TraceEvent.Reset(0));
        answered(large, OK);
        assertThat(state.isBroken()).isFalse();
        answered(new GpuCommand.ResourceUnref(Header.NONE, 1), OK);
        answered(large, OK);
        assertThat(state.isBroken()).isFalse();
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 2, PixelFormat.B8G8R8A8.number(), 8192, 5000), OK);
        assertThat(state.isBroken()).as("that is more than there may be").isTrue();
    }

    @Test
    void aDeviceThatNeedsAResetIsBrokenUntilThen() {
        state.take(new TraceEvent.NeedsReset(0));
        assertThat(state.isBroken()).isTrue();
        state.take(new TraceEvent.Reset(0));
        assertThat(state.isBroken()).isFalse();
        state.take(new TraceEvent.Fault(0, 0, RingFault.Reason.CHAIN_TOO_LONG, List.of()));
        assertThat(state.isBroken()).isTrue();
    }

    @Test
    void anEndlessLifeIsNotKept() {
        for (int i = 0; i < 1 << 16; i++) {
            state.take(new TraceEvent.ConfigWrite(0, 4, 4, i));
        }
        assertThat(state.isBroken()).isFalse();
        state.take(new TraceEvent.ConfigWrite(0, 4, 4, 0));
        assertThat(state.isBroken()).isTrue();
        assertThat(state.life()).hasSize(1 << 16);
        state.take(new TraceEvent.Reset(0));
        assertThat(state.isBroken()).isFalse();
    }

    @Test
    void whatConcernsAnotherDeviceChangesNothing() {
        state.take(new TraceEvent.NeedsReset(1));
        state.take(new TraceEvent.DriverOk(1));
        assertThat(state.isBroken()).isFalse();
        assertThat(state.isStarted()).isFalse();
        assertThat(state.life()).isEmpty();
    }

    /** Two bytes of a response tell good from bad (VIRTIO 1.2, 5.7.6.7); without them it is taken to be good. */
    @Test
    void anAnswerThatIsCutOffCountsAsFarAsItGoes() {
        for (int length = 0; length <= Header.SIZE; length++) {
            RecordedState here = new RecordedState(0, DisplayConfig.DEFAULT);
            byte[] request = CommandCodec.encode(
                    new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 4, 4));
            byte[] response = new byte[length];
            if (length > 1) {
                response[1] = 0x12;
            }
            here.take(new TraceEvent.Command(
                    0, 0, 0, List.of(), new TraceEvent.Payload.Full(request, response), length, Notification.SENT));
            assertThat(here.images()).hasSize(length > 1 ? 0 : 1);
        }
    }

    private static ReplayableGpu gpu(long ramBytes) {
        return gpu(ramBytes, 1L << 32);
    }

    private static ReplayableGpu gpu(long ramBytes, long features) {
        return new ReplayableGpu(0, DisplayConfig.of(Display.of(64, 64)), features, MemoryMap.of(0, ramBytes));
    }

    /** Records the way to the state and returns the state that it leads to. */
    private RecordedState again() throws StateReconstructor.ImpossibleException {
        RecordedState made = new RecordedState(0, DisplayConfig.DEFAULT);
        StateReconstructor.record(gpu(64L << 20), 5, state, List.of(), (cycle, event) -> made.take(event));
        return made;
    }

    private void started() {
        state.take(new TraceEvent.Reset(0));
        state.take(new TraceEvent.Features(0, 1L << 32, true));
        for (int queue = 0; queue < 2; queue++) {
            long at = 0x1000L + queue * 0x4000L;
            state.take(new TraceEvent.QueueEnabled(0, queue, new QueueLayout(16, at, at + 0x1000, at + 0x2000)));
        }
        state.take(new TraceEvent.DriverOk(0));
    }

    @Test
    void aHotSpotWithoutAnImageIsThereAgain() throws StateReconstructor.ImpossibleException {
        for (long[] hot : new long[][] {{0, 9}, {9, 0}}) {
            started();
            answered(new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 0, 0), 0, hot[0], hot[1]), OK);
            RecordedState.Scanout scanout = again().scanouts().getFirst();
            assertThat(scanout.hotX()).isEqualTo(hot[0]);
            assertThat(scanout.hotY()).isEqualTo(hot[1]);
        }
    }

    /** VIRTIO 1.2, 5.7.6.10: the cursor keeps the pixels that its image had at UPDATE_CURSOR. */
    @Test
    void anImageThatWasClearedSinceItBecameTheCursorIsClear() throws StateReconstructor.ImpossibleException {
        started();
        byte[] pixels = new byte[64 * 64 * 4];
        Arrays.fill(pixels, (byte) 7);
        GpuCommand transfer = new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 64, 64), 0, 1);
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 64, 64), OK);
        answered(
                new GpuCommand.ResourceAttachBacking(
                        Header.NONE, 1, 1, List.of(new MemoryEntry(0x10_0000, pixels.length))),
                OK);
        told(0x10_0000, pixels);
        answered(transfer, OK);
        answered(new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 1, 2), 1, 0, 0), OK);
        told(0x10_0000, new byte[pixels.length]);
        answered(transfer, OK);
        RecordedState made = again();
        assertThat(made.image(1).orElseThrow().bytes()).containsOnly(0);
        assertThat(made.scanouts().getFirst().cursor().orElseThrow().bytes()).containsOnly(7);
    }

    /** The picture of an image that is gone on is shown from another one, whose number has to be free. */
    @Test
    void theNumberOfAnImageMadeForAPictureIsOneThatNoOtherHas() throws StateReconstructor.ImpossibleException {
        started();
        for (long id : new long[] {0xffff_fff0L, 0xffff_ffefL}) {
            answered(new GpuCommand.ResourceCreate2d(Header.NONE, id, PixelFormat.B8G8R8A8.number(), 4, 4), OK);
        }
        answered(
                new GpuCommand.ResourceAttachBacking(
                        Header.NONE, 0xffff_fff0L, 1, List.of(new MemoryEntry(0x10_0000, 64))),
                OK);
        answered(new GpuCommand.SetScanout(Header.NONE, new Rect(0, 0, 4, 4), 0, 0xffff_fff0L), OK);
        answered(new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 0, 4, 4), 0xffff_fff0L), OK);
        byte[] white = new byte[64];
        Arrays.fill(white, (byte) -1);
        told(0x10_0000, white);
        answered(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 4, 4), 0, 0xffff_fff0L), OK);
        RecordedState made = again();
        assertThat(made.images()).hasSize(2);
        assertThat(made.scanouts().getFirst().shown())
                .isEqualTo(state.scanouts().getFirst().shown());
        assertThat(made.scanouts().getFirst().resource()).isEqualTo(0xffff_fff0L);
        assertThat(made.image(0xffff_fff0L).orElseThrow().bytes()).containsOnly(-1);
    }

    /** VIRTIO 1.2, 2.6.1: what is agreed of queues, and that one was reset, is there again. */
    @Test
    void aDriverOfQueuesWithFeaturesIsOneAgain() throws StateReconstructor.ImpossibleException {
        long features = 1L << 32 | VirtioFeatures.OF_QUEUES;
        QueueLayout[] layouts = new QueueLayout[2];
        state.take(new TraceEvent.Reset(0));
        state.take(new TraceEvent.Features(0, features, true));
        for (int queue = 0; queue < 2; queue++) {
            long at = 0x1000L + queue * 0x4000L;
            layouts[queue] = new QueueLayout(16, at, at + 0x1000, at + 0x2000);
            state.take(new TraceEvent.QueueEnabled(0, queue, layouts[queue]));
        }
        state.take(new TraceEvent.DriverOk(0));
        state.take(new TraceEvent.QueueReset(0, 0));
        state.take(new TraceEvent.QueueEnabled(0, 0, layouts[0]));
        answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 4, 4), OK);
        RecordedState made = new RecordedState(0, DisplayConfig.DEFAULT);
        StateReconstructor.record(gpu(64L << 20, features), 5, state, List.of(), (cycle, event) -> made.take(event));
        assertThat(made.life()).isEqualTo(state.life());
        assertThat(made.images()).hasSize(1);
    }

    @Test
    void whereRingsTakeAllOfRamThereIsNoWay() {
        started();
        state.take(new TraceEvent.QueueEnabled(0, 1, new QueueLayout(1024, 4L << 20, 5L << 20, 6L << 20)));
        assertThatExceptionOfType(StateReconstructor.ImpossibleException.class)
                .isThrownBy(() -> StateReconstructor.record(gpu(8L << 20), 5, state, List.of(), (cycle, event) -> {}))
                .withMessage("RAM has no room for more commands beside the rings");
    }

    @Test
    void ringsAtEitherEndOfWhatIsFreeAreNotWrittenOver() throws StateReconstructor.ImpossibleException {
        for (long table : new long[] {0, (4L << 20) - 256}) {
            state.take(new TraceEvent.Reset(0));
            state.take(new TraceEvent.Features(0, 1L << 32, true));
            for (int queue = 0; queue < 2; queue++) {
                long far = (32L << 20) + queue * 0x4000L;
                state.take(new TraceEvent.QueueEnabled(
                        0, queue, new QueueLayout(16, queue == 0 ? table : far, far + 0x1000, far + 0x2000)));
            }
            state.take(new TraceEvent.DriverOk(0));
            answered(new GpuCommand.ResourceCreate2d(Header.NONE, 1, PixelFormat.B8G8R8A8.number(), 4, 4), OK);
            assertThat(again().images()).hasSize(1);
            assertThat(again().life()).isEqualTo(state.life());
        }
    }
}
