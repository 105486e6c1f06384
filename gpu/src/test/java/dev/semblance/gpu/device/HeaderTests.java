package dev.semblance.gpu.device;

import static dev.semblance.gpu.device.VirtioGpuDevice.CONTROL_QUEUE;
import static dev.semblance.gpu.device.VirtioGpuDevice.CURSOR_QUEUE;
import static dev.semblance.gpu.testing.Testbed.OK;
import static dev.semblance.gpu.testing.Testbed.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.ErrorCode;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.testing.FakeTransport.Used;
import dev.semblance.gpu.testing.Testbed;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** VIRTIO 1.2, 5.7.6.7: the header of requests and responses. */
class HeaderTests {

    private static final Header FENCED = new Header(Header.FENCE, 0xfedcba9876543210L, 77, 0);

    private final Testbed bed = new Testbed();

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void aFenceIsEchoedWithItsContext() {
        assertThat(bed.control(new GpuCommand.ResourceCreate2d(FENCED, 1, 1, 3, 2)))
                .isEqualTo(new GpuResponse.OkNoData(FENCED));
        assertThat(bed.control(new GpuCommand.GetDisplayInfo(FENCED)).header()).isEqualTo(FENCED);
        assertThat(bed.control(new GpuCommand.GetEdid(FENCED, 0)).header()).isEqualTo(FENCED);
    }

    // VIRTIO 1.2, 5.7.6.7: also on errors; Linux waits for it without a timeout.
    @Test
    void aFenceIsEchoedOnErrorsToo() {
        assertThat(bed.control(new GpuCommand.ResourceUnref(FENCED, 5)))
                .isEqualTo(new GpuResponse.Refused(FENCED, ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.control(new GpuCommand.Unknown(FENCED, 0x108, new byte[8])))
                .isEqualTo(new GpuResponse.Refused(FENCED, ErrorCode.UNSPEC));
        assertThat(bed.control(new GpuCommand.Truncated(FENCED, CommandType.SET_SCANOUT, new byte[23])))
                .isEqualTo(new GpuResponse.Refused(FENCED, ErrorCode.INVALID_PARAMETER));
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void withoutAFenceEverythingInTheHeaderIsZero() {
        Header noise = new Header(~Header.FENCE, 123, 77, 9);
        assertThat(bed.control(new GpuCommand.ResourceCreate2d(noise, 1, 1, 3, 2)))
                .isEqualTo(OK);
    }

    // VIRTIO 1.2, 5.7.6.7: the ring index and other flags are never echoed, and padding is zero.
    @Test
    void onlyTheFenceFlagIsEchoed() {
        Header noise = new Header(-1, 5, 77, 9);
        byte[] request = CommandCodec.encode(new GpuCommand.ResourceCreate2d(noise, 1, 1, 3, 2));
        Arrays.fill(request, 21, 24, (byte) 0x5a);
        Used used = bed.transport().exchange(CONTROL_QUEUE, request, 24);
        ByteBuffer expected = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        expected.putInt(0x1100).putInt(1).putLong(5).putInt(77);
        assertThat(used.writable()).isEqualTo(expected.array());
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void anErrorAnswerIs24BytesAndLeavesTheRestOfTheBufferAlone() {
        byte[] request = CommandCodec.encode(new GpuCommand.GetEdid(Header.NONE, 9));
        Used used = bed.transport().exchange(CONTROL_QUEUE, request, 1056);
        assertThat(used.length()).isEqualTo(24);
        assertThat(Arrays.copyOfRange(used.writable(), 24, 1056)).containsOnly(0xa5);
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void aShortBufferGetsTheStartOfTheAnswer() {
        byte[] request = CommandCodec.encode(new GpuCommand.GetDisplayInfo(Header.NONE));
        byte[] whole = bed.transport().exchange(CONTROL_QUEUE, request, 408).writable();
        for (int room : new int[] {1, 23, 24, 50, 407}) {
            Used used = bed.transport().exchange(CONTROL_QUEUE, request, room);
            assertThat(used.length()).isEqualTo(room);
            assertThat(used.writable()).isEqualTo(Arrays.copyOf(whole, room));
        }
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void withoutABufferTheCommandIsExecutedAllTheSame() {
        byte[] request = CommandCodec.encode(Testbed.create2d(1, PixelFormat.B8G8R8A8, 3, 2));
        assertThat(bed.transport().exchange(CONTROL_QUEUE, request, 0).length()).isZero();
        assertThat(bed.control(Testbed.unref(1))).isEqualTo(OK);
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void aRequestShorterThanItsStructureIsRefusedAndDoesNothing() {
        for (CommandType type : CommandType.values()) {
            int queue = type.isForCursorQueue() ? CURSOR_QUEUE : CONTROL_QUEUE;
            for (int length = 24; length < type.size(); length++) {
                byte[] request = new byte[length];
                ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).putInt(type.number());
                assertThat(bed.send(queue, request))
                        .as("%s of %d bytes", type, length)
                        .isEqualTo(refused(ErrorCode.INVALID_PARAMETER));
            }
        }
        byte[] create = CommandCodec.encode(Testbed.create2d(1, PixelFormat.B8G8R8A8, 3, 2));
        bed.send(CONTROL_QUEUE, Arrays.copyOf(create, 39));
        assertThat(bed.control(Testbed.unref(1))).isEqualTo(refused(ErrorCode.INVALID_RESOURCE_ID));
        assertThat(bed.sink().take()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void aRequestShorterThanAHeaderIsAnsweredUnspec() {
        for (int length = 0; length < 24; length++) {
            byte[] request = new byte[length];
            Arrays.fill(request, (byte) 1);
            for (int queue : new int[] {CONTROL_QUEUE, CURSOR_QUEUE}) {
                assertThat(bed.send(queue, request)).isEqualTo(refused(ErrorCode.UNSPEC));
                assertThat(bed.transport().exchange(queue, request, 0).length()).isZero();
            }
        }
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void bytesAfterTheStructureAreIgnored() {
        byte[] request = CommandCodec.encode(Testbed.create2d(1, PixelFormat.B8G8R8A8, 3, 2));
        byte[] longer = Arrays.copyOf(request, 3000);
        Arrays.fill(longer, request.length, 3000, (byte) 0xee);
        assertThat(bed.send(CONTROL_QUEUE, longer)).isEqualTo(OK);
    }

    // VIRTIO 1.2, 5.7.6.7: 3D, blobs, capsets and UUIDs are of features that are not offered.
    @Test
    void unsupportedCommandsAreAnsweredUnspec() {
        for (int type : new int[] {
            0, 0x108, 0x109, 0x10b, 0x10c, 0x10d, 0x200, 0x201, 0x202, 0x203, 0x204, 0x205, 0x206, 0x207, 0x208, 0x209,
            0x302, 0x1100, -1
        }) {
            byte[] request = CommandCodec.encode(new GpuCommand.Unknown(Header.NONE, type, new byte[100]));
            assertThat(bed.send(CONTROL_QUEUE, request)).isEqualTo(refused(ErrorCode.UNSPEC));
            assertThat(bed.send(CONTROL_QUEUE, Arrays.copyOf(request, 24))).isEqualTo(refused(ErrorCode.UNSPEC));
            assertThat(bed.send(CURSOR_QUEUE, request)).isEqualTo(refused(ErrorCode.UNSPEC));
        }
    }

    // VIRTIO 1.2, 5.7.6.7: the cursor's commands belong on the cursor queue.
    @Test
    void cursorCommandsOnTheControlQueueAreAnsweredUnspec() {
        CursorPosition position = new CursorPosition(0, 1, 1);
        assertThat(bed.control(Testbed.updateCursor(0, position, 0, 0))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.control(Testbed.moveCursor(position))).isEqualTo(refused(ErrorCode.UNSPEC));
        assertThat(bed.sink().take()).isEmpty();
    }

    // VIRTIO 1.2, 5.7.6.7 and 2.7.13: one notification for several requests.
    @Test
    void aBatchIsAnsweredInOrder() {
        byte[] create = CommandCodec.encode(Testbed.create2d(1, PixelFormat.B8G8R8A8, 3, 2));
        byte[] unref = CommandCodec.encode(Testbed.unref(1));
        for (byte[] request : List.of(create, unref, unref, create)) {
            bed.transport().offer(CONTROL_QUEUE, request, List.of(), 24, List.of());
        }
        bed.transport().kick(CONTROL_QUEUE);
        List<Used> used = bed.transport().used(CONTROL_QUEUE);
        assertThat(used).extracting(Used::head).containsExactly(0, 1, 2, 3);
        assertThat(used).extracting(Used::length).containsOnly(24L);
        assertThat(used).extracting(one -> one.writable()[0] & 0xff).containsExactly(0x00, 0x00, 0x03, 0x00);
        assertThat(used).extracting(one -> one.writable()[1] & 0xff).containsExactly(0x11, 0x11, 0x12, 0x11);
    }

    // VIRTIO 1.2, 2.7.4.1
    @Test
    void anyCuttingOfRequestAndAnswerWillDo() {
        byte[] request = CommandCodec.encode(new GpuCommand.GetEdid(FENCED, 0));
        byte[] whole = bed.transport().exchange(CONTROL_QUEUE, request, 1056).writable();
        Used pieces = bed.transport()
                .exchange(CONTROL_QUEUE, request, List.of(1, 0, 2, 20, 3), 1100, List.of(0, 1, 22, 3, 500, 1));
        assertThat(pieces.length()).isEqualTo(1056);
        assertThat(Arrays.copyOf(pieces.writable(), 1056)).isEqualTo(whole);
        assertThat(Arrays.copyOfRange(pieces.writable(), 1056, 1100)).containsOnly(0xa5);
    }

    // VIRTIO 1.2, 3.1.1 and 4.2.2: queues are looked at only between start and reset, and only those that exist.
    @Test
    void nothingIsServedBeforeStartNorOnQueuesThatDoNotExist() {
        VirtioGpuDevice device = new VirtioGpuDevice(bed.ram(), DisplayConfig.DEFAULT, bed.sink());
        device.queueNotified(CONTROL_QUEUE);
        bed.device().queueNotified(2);
        bed.device().queueNotified(-1);
        bed.transport()
                .offer(
                        CONTROL_QUEUE,
                        CommandCodec.encode(Testbed.create2d(1, PixelFormat.B8G8R8A8, 3, 2)),
                        List.of(),
                        24,
                        List.of());
        bed.device().reset();
        bed.transport().kick(CONTROL_QUEUE);
        assertThat(bed.transport().used(CONTROL_QUEUE)).isEmpty();
    }
}
