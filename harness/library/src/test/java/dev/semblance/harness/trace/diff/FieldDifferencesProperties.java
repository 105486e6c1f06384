package dev.semblance.harness.trace.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.trace.EventArbitraries;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Where two events differ, field by field. */
class FieldDifferencesProperties {

    @Provide
    Arbitrary<TraceEvent> events() {
        return EventArbitraries.events();
    }

    private static List<TraceDifference> between(TraceEvent first, TraceEvent second) {
        return FieldDifferences.between(new Stamped(0, 5, first), new Stamped(0, 5, second), false);
    }

    private static TraceEvent.Command command(byte[] request, byte[] response, long used) {
        return new TraceEvent.Command(
                0, 0, 0, List.of(), new TraceEvent.Payload.Full(request, response), used, Notification.SENT);
    }

    @Property(tries = 500)
    void eventsHaveDifferencesExactlyIfTheyAreNotEqual(
            @ForAll("events") TraceEvent first, @ForAll("events") TraceEvent second) {
        assertThat(between(first, first)).isEmpty();
        assertThat(between(first, second).isEmpty()).isEqualTo(first.equals(second));
        if (!first.getClass().equals(second.getClass())) {
            assertThat(between(first, second))
                    .containsExactly(new TraceDifference(
                            "event",
                            first.getClass().getSimpleName(),
                            second.getClass().getSimpleName()));
        }
    }

    @Property(tries = 100)
    void anotherCycleComesFirst(@ForAll("events") TraceEvent event) {
        assertThat(FieldDifferences.between(new Stamped(0, 5, event), new Stamped(0, 6, event), false))
                .containsExactly(new TraceDifference("cycle", "5", "6"));
    }

    @Example
    void bytesAreShownFromWhereTheyPart() {
        byte[] ten = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
        byte[] other = ten.clone();
        other[1] = 17;
        assertThat(between(new TraceEvent.ConsoleInput(ten), new TraceEvent.ConsoleInput(other)))
                .containsExactly(
                        new TraceDifference("bytes, from byte 1 on", "0102030405060708...", "1102030405060708..."));
        other = ten.clone();
        other[2] = 18;
        assertThat(between(new TraceEvent.ConsoleInput(ten), new TraceEvent.ConsoleInput(other)))
                .containsExactly(new TraceDifference("bytes, from byte 2 on", "0203040506070809", "1203040506070809"));
        assertThat(between(new TraceEvent.ConsoleInput(new byte[] {0, 1}), new TraceEvent.ConsoleInput(ten)))
                .containsExactly(new TraceDifference("bytes, from byte 2 on", "ends", "0203040506070809"));
    }

    @Example
    void addressesDigestsAndFeaturesAreHexadecimal() {
        assertThat(between(new TraceEvent.Flush(0, 255, 1, 255), new TraceEvent.Flush(0, 16, 1, -1)))
                .containsExactly(
                        new TraceDifference("width", "255", "16"),
                        new TraceDifference("digest", "0xff", "0xffffffffffffffff"));
        assertThat(between(new TraceEvent.Features(1, 16, true), new TraceEvent.Features(1, 17, false)))
                .containsExactly(
                        new TraceDifference("features", "0x10", "0x11"),
                        new TraceDifference("agreed", "true", "false"));
        assertThat(between(
                        new TraceEvent.Memory(0, List.of(new TraceEvent.Bytes(16, new byte[1]))),
                        new TraceEvent.Memory(0, List.of(new TraceEvent.Bytes(32, new byte[1])))))
                .containsExactly(new TraceDifference("runs[0].address", "0x10", "0x20"));
    }

    @Example
    void listsOfOtherLengthsSayHowLongAndAreComparedAsFarAsBothGo() {
        List<TraceEvent.InputItem> two = List.of(new TraceEvent.InputItem(1, 2, 3), new TraceEvent.InputItem(4, 5, 6));
        assertThat(between(
                        new TraceEvent.Input(0, two),
                        new TraceEvent.Input(0, List.of(new TraceEvent.InputItem(1, 9, 3)))))
                .containsExactly(
                        new TraceDifference("items", "2 of them", "1 of them"),
                        new TraceDifference("items[0].code", "2", "9"));
    }

    @Example
    void noMoreThanSixteenAreListed() {
        List<TraceEvent.InputItem> zeros = Collections.nCopies(40, new TraceEvent.InputItem(0, 0, 0));
        List<TraceEvent.InputItem> ones = Collections.nCopies(41, new TraceEvent.InputItem(1, 1, 1));
        assertThat(between(new TraceEvent.Input(0, zeros), new TraceEvent.Input(0, ones)))
                .hasSize(16)
                .startsWith(new TraceDifference("items", "40 of them", "41 of them"));
    }

    @Example
    void aGpusRequestAndAnswerAreComparedFieldByFieldFirst() {
        byte[] ok = new byte[24];
        ok[1] = 0x11;
        byte[] error = ok.clone();
        error[1] = 0x12;
        TraceEvent.Command first = command(
                CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, new Rect(1, 2, 3, 4), 7)), ok, 24);
        TraceEvent.Command second = command(
                CommandCodec.encode(new GpuCommand.ResourceFlush(Header.NONE, new Rect(1, 2, 9, 4), 7)), error, 24);
        List<TraceDifference> found =
                FieldDifferences.between(new Stamped(0, 0, first), new Stamped(0, 0, second), true);
        assertThat(found.getFirst()).isEqualTo(new TraceDifference("command.rect.width", "3", "9"));
        assertThat(found.get(1).field()).startsWith("answer");
        assertThat(found.subList(found.size() - 2, found.size()))
                .extracting(TraceDifference::field)
                .containsExactly("request, from byte 32 on", "response, from byte 1 on");
        assertThat(between(first, second))
                .as("not a GPU's")
                .extracting(TraceDifference::field)
                .containsExactly("request, from byte 32 on", "response, from byte 1 on");
    }

    @Example
    void ofACommandWithManyFieldsOnlyTheFirstSixteenAreDecoded() {
        List<MemoryEntry> zeros = Collections.nCopies(20, new MemoryEntry(0, 1));
        List<MemoryEntry> ones = IntStream.range(0, 20)
                .mapToObj(i -> new MemoryEntry(4096L * (i + 1), 2))
                .toList();
        assertThat(FieldDifferences.between(
                        new Stamped(
                                0,
                                0,
                                command(
                                        CommandCodec.encode(
                                                new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 20, zeros)),
                                        new byte[24],
                                        1)),
                        new Stamped(
                                0,
                                0,
                                command(
                                        CommandCodec.encode(
                                                new GpuCommand.ResourceAttachBacking(Header.NONE, 1, 20, ones)),
                                        new byte[24],
                                        2)),
                        true))
                .hasSize(16)
                .startsWith(
                        new TraceDifference("command.entries[0].address", "0x0", "0x1000"),
                        new TraceDifference("command.entries[0].length", "1", "2"));
    }
}
