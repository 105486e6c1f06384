package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordedStateTests {

    private static final int OK = 0x1100;
    private static final int UNSPECIFIED = 0x1200;

    private final RecordedState state = new RecordedState(0, 1);

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
}
