package dev.semblance.bridge.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Messages as QEMU 10.0 sends them (docs/interop/vhost-user.rst of QEMU), byte by byte. */
class VhostCodecTests {

    private static final int REQUEST = Message.VERSION;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static Message message(String bytes) {
        byte[] all = hex(bytes);
        Payload header = new Payload("a header", Arrays.copyOf(all, Message.HEADER));
        try {
            int number = header.u32();
            int flags = header.u32();
            assertThat(header.u32()).isEqualTo(all.length - Message.HEADER);
            return new Message(number, flags, Arrays.copyOfRange(all, Message.HEADER, all.length), List.of());
        } catch (ProtocolException problem) {
            throw new AssertionError(problem);
        }
    }

    private static byte[] encoded(VhostRequest request, int flags) {
        return MessageSocket.encode(
                new Message(VhostCodec.number(request), flags, VhostCodec.payload(request), List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "01000000 01000000 00000000, GetFeatures[]",
        "02000000 01000000 08000000 0200007001000000, SetFeatures[features=6174015490]",
        "03000000 01000000 00000000, SetOwner[]",
        "04000000 01000000 00000000, ResetOwner[]",
        "08000000 01000000 08000000 01000000 00040000, 'SetQueueSize[queue=1, size=1024]'",
        "0a000000 01000000 08000000 00000000 07000000, 'SetQueueBase[queue=0, base=7]'",
        "0b000000 01000000 08000000 01000000 00000000, GetQueueBase[queue=1]",
        "0c000000 01000000 08000000 0100000000000000, 'SetQueueKick[queue=1, fd=true]'",
        "0d000000 01000000 08000000 0001000000000000, 'SetQueueCall[queue=0, fd=false]'",
        "0e000000 01000000 08000000 0000000000000000, 'SetQueueError[queue=0, fd=true]'",
        "0f000000 01000000 00000000, GetProtocolFeatures[]",
        "10000000 01000000 08000000 0902000000000000, SetProtocolFeatures[features=521]",
        "11000000 01000000 00000000, GetQueueCount[]",
        "12000000 09000000 08000000 01000000 01000000, 'SetQueueEnabled[queue=1, enabled=true]'",
        "21000000 01000000 00000000, SetDisplaySocket[]",
    })
    void aRequestIsTheSameBytesBothWays(String bytes, String request) throws Exception {
        Message message = message(bytes);
        VhostRequest decoded = VhostCodec.decode(message);
        assertThat(decoded).hasToString(request);
        assertThat(encoded(decoded, message.flags())).isEqualTo(hex(bytes));
        assertThat(message.needsReply()).isEqualTo(bytes.contains(" 09000000"));
    }

    /** QEMU asks for 16 bytes from 0, and sends room for them. */
    @Test
    void aConfigurationIsAskedForWithRoomForIt() throws Exception {
        String bytes = "18000000 01000000 1c000000 00000000 10000000 00000000 00000000000000000000000000000000";
        VhostRequest request = VhostCodec.decode(message(bytes));
        assertThat(request).isEqualTo(new VhostRequest.GetConfig(0, 16, 0));
        assertThat(encoded(request, REQUEST)).isEqualTo(hex(bytes));
        byte[] config = {1, 2, 3};
        Message reply = new Message(24, REQUEST | Message.REPLY, Replies.config(0, 0, config), List.of());
        assertThat(Replies.readConfig(reply)).isEqualTo(config);
    }

    /** The PC's memory at 4 GiB: two regions of one file. Used comes before available in the addresses of a queue. */
    @Test
    void memoryAndRingsAreToldOfByAddresses() throws Exception {
        String table = "05000000 09000000 48000000 02000000 00000000"
                + "0000000000000000 0000008000000000 00000000407f0000 0000000000000000"
                + "0000000001000000 0000008000000000 00000080407f0000 0000008000000000";
        VhostRequest request = VhostCodec.decode(message(table));
        assertThat(request)
                .isEqualTo(new VhostRequest.SetMemoryTable(List.of(
                        new MemoryRegion(0, 0x8000_0000L, 0x7f40_0000_0000L, 0),
                        new MemoryRegion(0x1_0000_0000L, 0x8000_0000L, 0x7f40_8000_0000L, 0x8000_0000L))));
        assertThat(encoded(request, REQUEST | Message.NEED_REPLY)).isEqualTo(hex(table));

        String rings = "09000000 01000000 28000000 00000000 00000000"
                + "0010000000000000 0030000000000000 0020000000000000 0000000000000000";
        VhostRequest addresses = VhostCodec.decode(message(rings));
        assertThat(addresses).isEqualTo(new VhostRequest.SetQueueAddresses(0, 0, 0x1000, 0x3000, 0x2000, 0));
        assertThat(encoded(addresses, REQUEST)).isEqualTo(hex(rings));
    }

    @Test
    void repliesAreNumbers() throws Exception {
        Message reply = new Message(1, REQUEST | Message.REPLY, Replies.u64(0x1_7000_0002L), List.of());
        assertThat(MessageSocket.encode(reply)).isEqualTo(hex("01000000 05000000 08000000 0200007001000000"));
        assertThat(Replies.readU64(reply)).isEqualTo(0x1_7000_0002L);
        Message state = new Message(11, REQUEST | Message.REPLY, Replies.queueState(1, 9), List.of());
        assertThat(Replies.readQueueState(state)).isEqualTo(new Replies.QueueState(1, 9));
        assertThatThrownBy(() -> Replies.readU64(new Message(1, REQUEST, new byte[8], List.of())))
                .hasMessageContaining("GET_FEATURES");
    }

    @ParameterizedTest
    @CsvSource({
        "02000000 01000000 04000000 02000070, SET_FEATURES is too short",
        "02000000 01000000 09000000 020000700100000000, 1 bytes too long",
        "05000000 01000000 08000000 09000000 00000000, has 9 regions",
        "05000000 01000000 08000000 ffffffff 00000000, has 4294967295 regions",
        "05000000 01000000 08000000 01000000 00000000, SET_MEM_TABLE is too short",
        "12000000 01000000 08000000 01000000 02000000, neither 0 nor 1",
        "18000000 01000000 0c000000 f0000000 ffffff7f 00000000, is not one",
        "18000000 01000000 0c000000 00000000 10000000 00000000, is not one",
        "01000000 05000000 00000000, flags 0x5",
        "01000000 02000000 00000000, flags 0x2",
    })
    void whatIsNotARequestIsRefusedInASentence(String bytes, String sentence) {
        assertThatThrownBy(() -> VhostCodec.decode(message(bytes)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining(sentence);
    }

    @Test
    void aRequestThatIsNotKnownIsOneToo() throws Exception {
        assertThat(VhostCodec.decode(message("ffffffff 01000000 00000000"))).isEqualTo(new VhostRequest.Unknown(-1));
    }

    @Test
    void aRegionWhoseNumbersWrapIsNotSoundAndOverlapsAreSeen() {
        MemoryRegion sound = new MemoryRegion(0, 0x2000, 0x10000, 0);
        assertThat(sound.isSound()).isTrue();
        assertThat(new MemoryRegion(0, 0, 0, 0).isSound()).isFalse();
        assertThat(new MemoryRegion(0, -4096, 0, 0).isSound()).isFalse();
        assertThat(new MemoryRegion(512, 4096, 0, 0).isSound()).isFalse();
        assertThat(new MemoryRegion(Long.MAX_VALUE - 4095, 8192, 0, 0).isSound())
                .isFalse();
        assertThat(new MemoryRegion(0, 4096, 0, Long.MAX_VALUE - 4095).isSound())
                .isFalse();
        assertThat(new MemoryRegion(0, 4096, -4096, 0).isSound()).isFalse();
        assertThat(sound.overlaps(new MemoryRegion(0x1000, 0x1000, 0x50000, 0))).isTrue();
        assertThat(sound.overlaps(new MemoryRegion(0x8000, 0x1000, 0x11000, 0))).isTrue();
        assertThat(sound.overlaps(new MemoryRegion(0x2000, 0x1000, 0x12000, 0))).isFalse();
    }
}
