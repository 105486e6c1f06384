package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Memory;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.RequestPart;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** docs/TRACE_FORMAT.md, "Events". */
class EventCodecProperties {

    @Provide
    Arbitrary<TraceEvent> events() {
        return Arbitraries.oneOf(
                EventArbitraries.events(), EventArbitraries.ends().map(TraceEvent.class::cast));
    }

    @Provide
    Arbitrary<List<Step>> traces() {
        return EventArbitraries.traces(20);
    }

    @Provide
    Arbitrary<byte[]> almostEvents() {
        Arbitrary<byte[]> damaged = Combinators.combine(
                        events().map(event -> EventCodec.encode(7, event)),
                        Arbitraries.integers().between(0, 1 << 20),
                        Arbitraries.bytes())
                .as((bytes, at, value) -> {
                    bytes[at % bytes.length] = value;
                    return bytes;
                });
        Arbitrary<byte[]> random = Combinators.combine(
                        Arbitraries.integers().between(0, 30),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(60))
                .as((type, bytes) -> {
                    byte[] all = new byte[bytes.length + 1];
                    all[0] = type.byteValue();
                    System.arraycopy(bytes, 0, all, 1, bytes.length);
                    return all;
                });
        return Arbitraries.oneOf(damaged, random);
    }

    @Property(tries = 3000)
    void everyEventComesBackAsItWas(@ForAll("events") TraceEvent event, @ForAll long anyDelta) throws Exception {
        long delta = anyDelta & Long.MAX_VALUE;
        byte[] bytes = EventCodec.encode(delta, event);
        EventCodec.Decoded decoded = EventCodec.decode(bytes, 0, bytes.length);
        assertThat(decoded).isEqualTo(new EventCodec.Decoded(delta, event, bytes.length));
    }

    @Property(tries = 300)
    void eventsOneAfterTheOtherComeApartAgain(@ForAll("traces") List<Step> steps) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (Step step : steps) {
            all.writeBytes(EventCodec.encode(step.cycleDelta(), step.event()));
        }
        byte[] bytes = all.toByteArray();
        List<Step> back = new ArrayList<>();
        int at = 0;
        while (at < bytes.length) {
            EventCodec.Decoded decoded = EventCodec.decode(bytes, at, bytes.length);
            back.add(new Step(decoded.cycleDelta(), decoded.event()));
            at = decoded.end();
        }
        assertThat(back).isEqualTo(steps);
    }

    /** One encoding for each event, so that identities mean something: what decodes is what encoding would give. */
    @Property(tries = 5000)
    void bytesDecodeOnlyIfEncodingGivesThemBack(@ForAll("almostEvents") byte[] bytes) {
        EventCodec.Decoded decoded;
        try {
            decoded = EventCodec.decode(bytes, 0, bytes.length);
        } catch (TraceFormatException e) {
            assertThat(e.offset()).isBetween(0L, (long) bytes.length);
            assertThat(e.reason()).isNotEmpty();
            return;
        }
        assertThat(EventCodec.encode(decoded.cycleDelta(), decoded.event()))
                .isEqualTo(Arrays.copyOf(bytes, decoded.end()));
    }

    @Property(tries = 300)
    void everyShorterPrefixOfAnEventIsRefused(@ForAll("events") TraceEvent event) {
        byte[] bytes = EventCodec.encode(1, event);
        for (int length = 0; length < bytes.length; length++) {
            int limit = length;
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> EventCodec.decode(bytes, 0, limit)))
                    .isInstanceOf(TraceFormatException.class);
        }
    }

    @Provide
    Arbitrary<List<Bytes>> longRuns() {
        return Combinators.combine(
                        Arbitraries.longs().between(0, 1L << 32),
                        Arbitraries.integers().between(0, 700_000))
                .as((address, length) -> {
                    byte[] bytes = new byte[length];
                    for (int i = 0; i < length; i++) {
                        bytes[i] = (byte) (i * 31 + i / 256);
                    }
                    return new Bytes(address, bytes);
                })
                .list()
                .ofMaxSize(4);
    }

    @Property(tries = 60)
    void memoryCutIntoPartsTellsTheSameBytesInTheSameOrder(@ForAll("longRuns") List<Bytes> runs) {
        List<TraceEvent> parts = EventParts.split(new Memory(3, runs));
        Map<Long, Byte> expected = new TreeMap<>();
        Map<Long, Byte> actual = new TreeMap<>();
        put(expected, runs);
        for (TraceEvent part : parts) {
            assertThat(EventCodec.encode(0, part)).hasSizeLessThanOrEqualTo(EventCodec.MAX_EVENT_BYTES);
            assertThat(part).isInstanceOfSatisfying(Memory.class, memory -> put(actual, memory.runs()));
        }
        assertThat(actual).isEqualTo(expected);
    }

    /** A sample of the bytes, and the ends of every run, are enough to see a shift, a gap or a wrong order. */
    private static void put(Map<Long, Byte> memory, List<Bytes> runs) {
        for (Bytes run : runs) {
            for (int i = 0; i < run.bytes().length; i++) {
                long address = run.address() + i;
                if (address % 251 == 0) {
                    memory.put(address, run.bytes()[i]);
                }
            }
        }
    }

    @Property(tries = 60)
    void aRequestCutIntoPartsJoinsToTheRequest(@ForAll("commandsWithLongRequests") Command command) {
        List<TraceEvent> parts = EventParts.split(command);
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        for (TraceEvent part : parts) {
            assertThat(EventCodec.encode(0, part)).hasSizeLessThanOrEqualTo(EventCodec.MAX_EVENT_BYTES);
            switch (part) {
                case RequestPart piece -> request.writeBytes(piece.bytes());
                case Command last -> {
                    assertThat(last).isEqualTo(parts.getLast());
                    assertThat(last.payload())
                            .isInstanceOfSatisfying(Payload.Full.class, full -> request.writeBytes(full.request()));
                }
                default -> throw new AssertionError(part);
            }
        }
        assertThat(command.payload())
                .isInstanceOfSatisfying(
                        Payload.Full.class,
                        full -> assertThat(request.toByteArray()).isEqualTo(full.request()));
    }

    @Provide
    Arbitrary<Command> commandsWithLongRequests() {
        return Combinators.combine(
                        EventArbitraries.commands(), Arbitraries.integers().between(0, 1_500_000))
                .as((command, length) -> {
                    byte[] request = new byte[length];
                    for (int i = 0; i < length; i++) {
                        request[i] = (byte) (i * 13 + i / 256);
                    }
                    return new Command(
                            command.device(),
                            command.queue(),
                            command.head(),
                            command.descriptors(),
                            new Payload.Full(request, new byte[24]),
                            command.usedLength(),
                            command.notification());
                });
    }
}
