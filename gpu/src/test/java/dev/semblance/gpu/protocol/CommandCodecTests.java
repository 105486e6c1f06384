package dev.semblance.gpu.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.GpuCommand.NoHeader;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.TransferToHost2d;
import dev.semblance.gpu.protocol.GpuCommand.Truncated;
import dev.semblance.gpu.protocol.GpuCommand.Unknown;
import dev.semblance.gpu.protocol.GpuCommand.UpdateCursor;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.ChainReader;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandCodecTests {

    /** Type, flags, fence, context, ring with padding: 5.7.6.7. */
    private static final String HEADER = " 03000000 8877665544332211 0d0c0b0a 07 ffffff ";

    private static final Header DECODED_HEADER = new Header(3, 0x1122334455667788L, 0x0a0b0c0dL, 7);

    // 5.7.6.7, 5.7.6.8: the layout, written out by hand.
    @Test
    void theFieldsLieWhereTheSpecificationSaysLittleEndian() {
        byte[] request =
                hex("05010000" + HEADER + "01000000 02000000 03000000 04000000 0807060504030281 fffffffe 00000000");
        assertThat(CommandCodec.decode(request))
                .isEqualTo(
                        new TransferToHost2d(DECODED_HEADER, new Rect(1, 2, 3, 4), 0x8102030405060708L, 0xfeff_ffffL));
    }

    // VIRTIO 1.2, 5.7.6.10: the position is signed.
    @Test
    void cursorPositionsAreSigned() {
        byte[] request =
                hex("00030000" + HEADER + "02000000 feffffff 00000080 00000000 05000000 06000000 ffffffff 00000000");
        assertThat(CommandCodec.decode(request))
                .isEqualTo(new UpdateCursor(
                        DECODED_HEADER, new CursorPosition(2, -2, Integer.MIN_VALUE), 5, 6, 0xffff_ffffL));
    }

    // VIRTIO 1.2, 5.7.6.8: nothing is read or allocated for a count over the limit.
    @Test
    void entriesOverTheLimitAreNotRead() {
        byte[] request = hex(
                "06010000" + HEADER + "09000000 03000000"
                        + "1000000000000000 20000000 00000000 3000000000000000 40000000 00000000 5000000000000000 60000000 00000000");
        Ram ram = new Ram(4096);
        ram.write(0, request, 0, request.length);
        Descriptor whole = new Descriptor(0, 0, request.length, 0);

        ChainReader within = new DescriptorChain(ram, 0, List.of(whole)).reader();
        ChainReader beyond = new DescriptorChain(ram, 0, List.of(whole)).reader();

        assertThat(CommandCodec.decode(within, 3))
                .isEqualTo(new ResourceAttachBacking(
                        DECODED_HEADER,
                        9,
                        3,
                        List.of(new MemoryEntry(16, 32), new MemoryEntry(48, 64), new MemoryEntry(80, 96))));
        assertThat(within.remaining()).isZero();
        assertThat(CommandCodec.decode(beyond, 2))
                .isEqualTo(new ResourceAttachBacking(DECODED_HEADER, 9, 3, List.of()));
        assertThat(beyond.remaining()).isEqualTo(48);
    }

    // VIRTIO 1.2, 5.7.6.8: the count is kept beside what is really there, half an entry is none.
    @Test
    void missingEntriesShow() {
        byte[] request = hex("06010000" + HEADER + "09000000 ffffffff 1000000000000000 20000000 00000000 0000");
        assertThat(CommandCodec.decode(request, 0xffff_ffffL))
                .as("a count no array can hold")
                .isEqualTo(new ResourceAttachBacking(DECODED_HEADER, 9, 0xffff_ffffL, List.of()));
        request[28] = 2;
        request[29] = request[30] = request[31] = 0;
        assertThat(CommandCodec.decode(request, 5))
                .isEqualTo(new ResourceAttachBacking(DECODED_HEADER, 9, 2, List.of(new MemoryEntry(16, 32))));
    }

    // VIRTIO 1.2, 5.7.6.7
    @Test
    void whatIsNoCommandStillDecodes() {
        assertThat(CommandCodec.decode(new byte[0])).isEqualTo(new NoHeader(new byte[0]));
        assertThat(CommandCodec.decode(new byte[23])).isEqualTo(new NoHeader(new byte[23]));
        assertThat(CommandCodec.decode(hex("02010000" + HEADER + "01020304 050607")))
                .isEqualTo(new Truncated(DECODED_HEADER, CommandType.RESOURCE_UNREF, hex("01020304 050607")));
        assertThat(CommandCodec.decode(hex("0b010000" + HEADER + "0102")))
                .isEqualTo(new Unknown(DECODED_HEADER, 0x10b, hex("0102")));
    }

    @Test
    void anUnknownCommandIsKeptOnlyInPart() {
        byte[] request = new byte[5000];
        request[0] = 7;
        assertThat(CommandCodec.decode(request)).isEqualTo(new Unknown(Header.NONE, 7, new byte[256]));
    }

    @Test
    void numbersAndTypesBelongTogether() {
        for (CommandType type : CommandType.values()) {
            byte[] request = new byte[type.size()];
            Wire.of(request).putInt(type.number());
            GpuCommand command = CommandCodec.decode(request);
            assertThat(CommandCodec.typeOf(command)).contains(type);
            assertThat(CommandCodec.numberOf(command)).contains(type.number());
            assertThat(CommandCodec.encode(command)).isEqualTo(request);
        }
        assertThat(CommandCodec.numberOf(new Unknown(Header.NONE, 9, new byte[0])))
                .contains(9);
        assertThat(CommandCodec.numberOf(new NoHeader(new byte[0]))).isEmpty();
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
