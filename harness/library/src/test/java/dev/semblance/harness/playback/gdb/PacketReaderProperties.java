package dev.semblance.harness.playback.gdb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** GDB manual, E.1: a packet is {@code $data#checksum}, the checksum is the sum of the data modulo 256, and {@code }} escapes. */
class PacketReaderProperties {

    private static List<PacketReader.Event> read(byte... bytes) {
        PacketReader reader = new PacketReader();
        List<PacketReader.Event> events = new ArrayList<>();
        for (byte one : bytes) {
            reader.take(one & 0xff).ifPresent(events::add);
        }
        return events;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What GDB does with an answer: data without its escapes. */
    private static String plain(String data) {
        StringBuilder plain = new StringBuilder();
        for (int i = 0; i < data.length(); i++) {
            plain.append(data.charAt(i) == '}' ? (char) (data.charAt(++i) ^ 0x20) : data.charAt(i));
        }
        return plain.toString();
    }

    @Property
    void whatIsWrittenIsReadWhateverItIs(@ForAll @Size(max = 400) byte[] data) {
        String text = new String(data, StandardCharsets.ISO_8859_1);
        assertThat(read(PacketReader.encode(text)))
                .hasSize(1)
                .first()
                .isInstanceOfSatisfying(
                        PacketReader.Packet.class,
                        packet -> assertThat(plain(packet.data())).isEqualTo(text));
    }

    @Property
    void aPacketIsFoundBehindAnyGarbage(@ForAll @Size(max = 400) byte[] garbage) {
        PacketReader reader = new PacketReader();
        for (byte one : garbage) {
            reader.take(one & 0xff);
        }
        // What is begun is ended: a checksum that is wrong, or the first digit of one.
        for (byte one : bytes("#xx")) {
            reader.take(one & 0xff);
        }
        List<PacketReader.Event> events = new ArrayList<>();
        for (byte one : PacketReader.encode("g")) {
            reader.take(one & 0xff).ifPresent(events::add);
        }
        assertThat(events).containsExactly(new PacketReader.Packet("g"));
    }

    @Property
    void aByteThatWasChangedOnTheWayIsFoundOut(
            @ForAll @Size(min = 1, max = 50) byte[] data,
            @ForAll @IntRange(min = 0, max = 100) int place,
            @ForAll @IntRange(min = 1, max = 255) int change) {
        byte[] packet = PacketReader.encode(new String(data, StandardCharsets.ISO_8859_1));
        int at = 1 + place % (packet.length - 4);
        packet[at] ^= (byte) change;
        assertThat(read(packet))
                .doesNotContain(new PacketReader.Packet(new String(
                        PacketReader.encode(new String(data, StandardCharsets.ISO_8859_1)),
                        1,
                        packet.length - 4,
                        StandardCharsets.ISO_8859_1)));
    }

    /** The example of the manual: a checksum of two digits. */
    @Test
    void aPacketIsFramedAsTheManualHasIt() {
        assertThat(new String(PacketReader.encode("OK"), StandardCharsets.ISO_8859_1))
                .isEqualTo("$OK#9a");
        assertThat(read(bytes("+$OK#9a"))).containsExactly(new PacketReader.Packet("OK"));
        assertThat(read(bytes("$OK#9A"))).containsExactly(new PacketReader.Packet("OK"));
        assertThat(read(bytes("$OK#9b"))).containsExactly(new PacketReader.Damaged());
        assertThat(read(bytes("$OK$OK#9a"))).as("begun anew").containsExactly(new PacketReader.Packet("OK"));
        assertThat(read(bytes("-\u0003"))).containsExactly(new PacketReader.Again(), new PacketReader.Interrupt());
        assertThat(new String(PacketReader.encode("a}b"), StandardCharsets.ISO_8859_1))
                .startsWith("$a}]b#");
    }

    @Test
    void aPacketWithoutAnEndTakesNoMoreThanOneOfTheLongest() {
        PacketReader reader = new PacketReader();
        reader.take('$');
        for (int i = 0; i < 100_000_001; i++) {
            reader.take('a');
        }
        int sum = (int) (100_000_001L * 'a' & 0xff);
        reader.take('#');
        reader.take(Character.forDigit(sum >> 4, 16));
        assertThat(reader.take(Character.forDigit(sum & 15, 16))).contains(new PacketReader.TooLong());
    }
}
