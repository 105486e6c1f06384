package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Memory;
import dev.semblance.harness.trace.TraceEvent.OfDevice;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceEvent.Snapshot;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.JqwikException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "Events". */
class EventCodecTests {

    @Test
    void aConsoleByteTakesThreeBytes() {
        assertThat(EventCodec.encode(100, new ConsoleOutput((byte) 'x'))).containsExactly(17, 100, 'x');
    }

    @Test
    void descriptorsThatFollowEachOtherCostFourBytesEach() {
        Command command = new Command(
                1,
                0,
                5,
                List.of(new Descriptor(5, 0x8000_0000L, 32, 1), new Descriptor(6, 0x8000_0020L, 24, 2)),
                new Payload.Full(new byte[] {1, 2}, new byte[] {3}),
                24,
                Notification.SENT);
        assertThat(HexFormat.of().formatHex(EventCodec.encode(300, command)))
                .isEqualTo("0c" + "ac02" + "01" + "00" + "05" + "02"
                        + "00" + "8080808010" + "20" + "01"
                        + "00" + "00" + "18" + "02"
                        + "18" + "00" + "020102" + "0103");
    }

    @Test
    void theNumbersOfEnumsNeverChange() {
        assertThat(WireEnums.NOTIFICATIONS)
                .containsExactly(Notification.SENT, Notification.SUPPRESSED, Notification.HELD);
        assertThat(WireEnums.NOTIFICATIONS).containsExactlyInAnyOrder(Notification.values());
        assertThat(WireEnums.FAULTS)
                .containsExactly(
                        RingFault.Reason.AVAILABLE_INDEX_JUMPED,
                        RingFault.Reason.INDEX_OUT_OF_RANGE,
                        RingFault.Reason.CHAIN_TOO_LONG,
                        RingFault.Reason.READABLE_AFTER_WRITABLE,
                        RingFault.Reason.BUFFER_OUTSIDE_MEMORY,
                        RingFault.Reason.INDIRECT_NOT_NEGOTIATED,
                        RingFault.Reason.INDIRECT_MALFORMED)
                .containsExactlyInAnyOrder(RingFault.Reason.values());
        assertThat(WireEnums.ENDS)
                .containsExactly(
                        End.Reason.POWER_OFF,
                        End.Reason.REBOOT,
                        End.Reason.IDLE,
                        End.Reason.LIMIT,
                        End.Reason.SCENARIO,
                        End.Reason.SCENARIO_FAILED,
                        End.Reason.INTERRUPTED,
                        End.Reason.SCRIPT,
                        End.Reason.STUCK)
                .containsExactlyInAnyOrder(End.Reason.values());
    }

    @Test
    void theArbitraryEventsAreOfEveryKind() throws JqwikException {
        Set<String> made = new TreeSet<>();
        EventArbitraries.events()
                .sampleStream()
                .limit(3000)
                .forEach(event -> made.add(event.getClass().getSimpleName()));
        made.add(End.class.getSimpleName());
        assertThat(made).isEqualTo(kinds(TraceEvent.class, new TreeSet<>()));
    }

    private static Set<String> kinds(Class<?> sealed, Set<String> found) {
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.equals(OfDevice.class)) {
                kinds(permitted, found);
            } else {
                found.add(permitted.getSimpleName());
            }
        }
        return found;
    }

    @Test
    void anEventOfExactly512KiBPassesAndALongerOneIsRefused() throws Exception {
        // Type, delta, and three bytes of length.
        byte[] longest = new byte[EventCodec.MAX_EVENT_BYTES - 5];
        byte[] encoded = EventCodec.encode(0, new ConsoleInput(longest));
        assertThat(encoded).hasSize(EventCodec.MAX_EVENT_BYTES);
        assertThat(EventCodec.decode(encoded, 0, encoded.length).event()).isEqualTo(new ConsoleInput(longest));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventCodec.encode(0, new ConsoleInput(new byte[longest.length + 1])))
                .withMessageContaining("split it");
    }

    @Test
    void aLongerEventIsNotReadEither() {
        byte[] bytes = new byte[EventCodec.MAX_EVENT_BYTES * 2];
        byte[] start = EventCodec.encode(0, new ConsoleInput(new byte[EventCodec.MAX_EVENT_BYTES - 5]));
        System.arraycopy(start, 0, bytes, 0, 5);
        // One more byte of content, which is there.
        bytes[2]++;
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> EventCodec.decode(bytes, 0, bytes.length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", // nothing
                "00", // no type 0
                "19", // no type 25
                "0100", // ends before the device
                "018000ff", // a cycle delta with a byte too many
                "01ffffffffffffffffff0100", // a cycle delta of 64 bits
                "01ffffffffffffffffff0200", // beyond 64 bits
                "01008002", // device 256
                "02000000" + "02", // a flag of 2
                "0a0000ffffffff0f", // 2^32 - 1 runs
                "0a000001" + "00" + "ffffff7f", // a run longer than the bytes left
                "0c0000000001" + "010000" + "0000", // descriptor index -1
                "0c00000000" + "00" + "00" + "03", // notification 3
                "0f0000" + "ffffffffffffffffff01", // 2^64 - 1 input items
                "150002" + "2e2e", // label ".."
                "1700" + "09" + "0000", // end of reason 9
            })
    void malformedBytesAreRefused(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> EventCodec.decode(bytes, 0, bytes.length));
    }

    @Test
    void fieldsBeyondTheirRangeAreNotWritten() {
        assertThatIllegalArgumentException().isThrownBy(() -> EventCodec.encode(0, new Reset(256)));
        assertThatIllegalArgumentException().isThrownBy(() -> EventCodec.encode(0, new Reset(-1)));
        assertThatIllegalArgumentException().isThrownBy(() -> EventCodec.encode(-1, new Reset(0)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EventCodec.encode(0, new Snapshot("../x", 0, 1, 1, 0)))
                .withMessageContaining("../x");
    }

    @Test
    void shortEventsAreNotCut() {
        TraceEvent event = new Memory(0, List.of(new TraceEvent.Bytes(4096, new byte[4096])));
        assertThat(EventParts.split(event)).containsExactly(event);
    }

    @Test
    void aMillionRunsOfOneByteAreCutSoThatEachPartFits() {
        List<TraceEvent.Bytes> runs = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            runs.add(new TraceEvent.Bytes(i * -7_777_777_777_777L, new byte[] {(byte) i}));
        }
        List<TraceEvent> parts = EventParts.split(new Memory(0, runs));
        List<TraceEvent.Bytes> joined = new ArrayList<>();
        for (TraceEvent part : parts) {
            assertThat(EventCodec.encode(0, part).length).isLessThanOrEqualTo(EventCodec.MAX_EVENT_BYTES);
            joined.addAll(((Memory) part).runs());
        }
        assertThat(joined).isEqualTo(runs);
    }

    @Test
    void splittingKeepsTheCycle() {
        List<Long> cycles = new ArrayList<>();
        EventParts.splitting((cycle, event) -> cycles.add(cycle))
                .accept(9, new ConsoleInput(new byte[EventParts.PART_BYTES * 2 + 1]));
        assertThat(cycles).containsExactly(9L, 9L, 9L);
    }

    @Test
    void labelsAreSafeFileNames() {
        assertThat(List.of("end", "a", "smpte-720", "A.b_c", "x".repeat(64), "end@1", "end@15"))
                .allMatch(SnapshotLabel::isLabel);
        assertThat(Arrays.asList(
                        "",
                        ".",
                        "..",
                        "a/b",
                        "a\\b",
                        "-x",
                        ".x",
                        "x.",
                        "a b",
                        "ä",
                        "x".repeat(65),
                        "a@0",
                        "a@16",
                        "a@01",
                        "a@",
                        "@1",
                        "a\n",
                        "a\0"))
                .noneMatch(SnapshotLabel::isLabel);
        assertThat(SnapshotLabel.of("end", 0)).isEqualTo("end");
        assertThat(SnapshotLabel.of("end", 2)).isEqualTo("end@2");
    }
}
