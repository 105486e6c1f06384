package dev.semblance.bridge.vhost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Messages of the display protocol (docs/interop/vhost-user-gpu.rst of QEMU), byte by byte. */
class DisplayCodecTests {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    private static void isTheSameBothWays(DisplayMessage message, String start) throws Exception {
        Message encoded = DisplayCodec.encode(message);
        assertThat(MessageSocket.encode(encoded)).startsWith(hex(start));
        assertThat(DisplayCodec.decode(encoded)).usingRecursiveComparison().isEqualTo(message);
    }

    @Test
    void aMessageIsTheSameBytesBothWays() throws Exception {
        isTheSameBothWays(new DisplayMessage.GetProtocolFeatures(), "01000000 00000000 00000000");
        isTheSameBothWays(new DisplayMessage.SetProtocolFeatures(1), "02000000 00000000 08000000 0100000000000000");
        isTheSameBothWays(new DisplayMessage.GetDisplayInfo(), "03000000 00000000 00000000");
        isTheSameBothWays(
                new DisplayMessage.CursorPosition(0, 5, 6), "04000000 00000000 0c000000 00000000 05000000 06000000");
        isTheSameBothWays(
                new DisplayMessage.CursorHide(1, 5, 6), "05000000 00000000 0c000000 01000000 05000000 06000000");
        byte[] cursor = new byte[DisplayCodec.CURSOR_BYTES];
        cursor[0] = 9;
        isTheSameBothWays(
                new DisplayMessage.CursorUpdate(0, 1, 2, 3, 4, cursor),
                "06000000 00000000 14400000 00000000 01000000 02000000 03000000 04000000 09000000");
        isTheSameBothWays(
                new DisplayMessage.Scanout(0, 1280, 800), "07000000 00000000 0c000000 00000000 00050000 20030000");
        isTheSameBothWays(
                new DisplayMessage.Update(0, 0, 16, 2, 1, new byte[] {1, 2, 3, 0, 4, 5, 6, 0}),
                "08000000 00000000 1c000000 00000000 00000000 10000000 02000000 01000000 0102030004050600");
        isTheSameBothWays(new DisplayMessage.GetEdid(1), "0b000000 00000000 04000000 01000000");
    }

    @Test
    void theHeaderOfAnUpdateIsThatOfTheEncodedMessage() {
        DisplayMessage.Update update = new DisplayMessage.Update(1, 0, 16, 2, 1, new byte[8]);
        byte[] bytes = new byte[DisplayCodec.UPDATE_HEADER + 8];
        DisplayCodec.putUpdateHeader(bytes, update.scanout(), update.y(), update.width(), update.height());
        assertThat(bytes).isEqualTo(MessageSocket.encode(DisplayCodec.encode(update)));
    }

    @Test
    void anUpdateHasAsManyPixelsAsItSays() {
        for (int[] size : List.of(
                new int[] {2, 2}, new int[] {0x10000, 0x10000}, new int[] {-1, -1}, new int[] {0x4000_0000, 0})) {
            Message lie = DisplayCodec.encode(new DisplayMessage.Update(0, 0, 0, size[0], size[1], new byte[4]));
            assertThatThrownBy(() -> DisplayCodec.decode(lie)).isInstanceOf(ProtocolException.class);
        }
        Message half = new Message(6, 0, new byte[100], List.of());
        assertThatThrownBy(() -> DisplayCodec.decode(half)).hasMessageContaining("too short");
        Message reply = new Message(3, Message.REPLY, new byte[0], List.of());
        assertThatThrownBy(() -> DisplayCodec.decode(reply)).hasMessageContaining("nobody asked");
    }

    @Test
    void whatIsNotKnownIsAMessageToo() throws Exception {
        assertThat(DisplayCodec.decode(new Message(9, 0, new byte[40], List.of())))
                .isEqualTo(new DisplayMessage.Unknown(9));
    }
}
