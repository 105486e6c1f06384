package dev.semblance.harness.edit.redact;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What is left of a GPU's requests is what VIRTIO 1.2, 5.7.6.7 to 5.7.6.10, has names for, whatever bytes they are. */
class GpuRequestsProperties {

    private static final int GPU = 3;

    /** Bytes that look like a request: mostly a header of a known type, cut or extended, with noise in all that it leaves. */
    @Provide
    Arbitrary<byte[]> requests() {
        Arbitrary<Integer> types = Arbitraries.oneOf(
                Arbitraries.of(CommandType.values()).map(CommandType::number), Arbitraries.integers());
        Arbitrary<Integer> lengths = Arbitraries.oneOf(
                Arbitraries.integers().between(0, 130),
                Arbitraries.of(CommandType.values()).map(CommandType::size));
        return Combinators.combine(types, lengths, Arbitraries.integers().between(0, 8), Arbitraries.longs())
                .as((type, length, count, seed) -> {
                    byte[] bytes = new byte[Math.max(length, 32)];
                    noise(bytes, seed);
                    ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                    fields.putInt(0, type);
                    if (seed % 3 != 0) {
                        fields.putInt(28, count); // of the entries, in an ATTACH_BACKING
                    }
                    return Arrays.copyOf(bytes, length);
                });
    }

    /** No byte of it is zero, so that what is zero afterwards was taken out. */
    private static void noise(byte[] bytes, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + random.nextInt(255));
        }
    }

    /** The fields of a request, written down once more from the specification's structures. */
    private static BitSet fields(byte[] request) {
        BitSet fields = new BitSet();
        if (request.length < 24) {
            return fields;
        }
        ByteBuffer bytes = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
        int number = bytes.getInt(0);
        // A number of the specification's, be it an answer's, which no request should have.
        boolean ofCommands = number >= 0x100 && number < 0x400;
        boolean ofAnswers = number >= 0x1100 && number < 0x1300;
        fields.set(0, 4, (ofCommands || ofAnswers) && (number & 0xff) < 0x20);
        fields.set(4); // Flags beyond the two that there are do not stay.
        Optional<CommandType> type = CommandType.of(number);
        if (type.isEmpty() || request.length < type.get().size()) {
            return fields; // A fence of what is no command could be anything.
        }
        fields.set(8, 20, (bytes.getInt(4) & 1) != 0);
        fields.set(20, (bytes.getInt(4) & 2) != 0);
        switch (type.get()) {
            case GET_DISPLAY_INFO -> {}
            case RESOURCE_CREATE_2D -> fields.set(24, 40);
            case RESOURCE_UNREF, RESOURCE_DETACH_BACKING, GET_EDID -> fields.set(24, 28);
            case SET_SCANOUT -> fields.set(24, 48);
            case RESOURCE_FLUSH -> fields.set(24, 44);
            case TRANSFER_TO_HOST_2D -> fields.set(24, 52);
            case RESOURCE_ATTACH_BACKING -> {
                fields.set(24, 32);
                long count = bytes.getInt(28) & 0xffff_ffffL;
                for (int at = 32;
                        count <= GpuFields.MAX_ENTRIES && at + 16 <= request.length && (at - 32) / 16 < count;
                        at += 16) {
                    fields.set(at, at + 12);
                }
            }
            case UPDATE_CURSOR, MOVE_CURSOR -> {
                fields.set(24, 36);
                fields.set(40, 52);
            }
        }
        return fields;
    }

    private static void assertNothingElseIsLeft(byte[] redacted, byte[] request) {
        BitSet fields = fields(request);
        assertThat(redacted).hasSameSizeAs(request);
        for (int at = 0; at < request.length; at++) {
            int mask = !fields.get(at) ? 0 : at == 4 ? 3 : 0xff;
            assertThat(redacted[at]).as("byte %d", at).isEqualTo((byte) (request[at] & mask));
        }
    }

    @Property
    void nothingButFieldsIsLeftOfAnyRequest(@ForAll("requests") byte[] request) {
        assertNothingElseIsLeft(GpuFields.ofRequest(request), request);
    }

    /** The decoder, which redaction does without, agrees on what a known command says. */
    @Property
    void aWholeCommandSaysTheSameAfterwards(@ForAll("requests") byte[] request) {
        GpuCommand before = CommandCodec.decode(request, GpuFields.MAX_ENTRIES);
        if (CommandCodec.typeOf(before).isEmpty() || before instanceof GpuCommand.Truncated) {
            return;
        }
        byte[] redacted = GpuFields.ofRequest(request);
        Header header = CommandCodec.decode(redacted).header();
        assertThat(header.isFenced()).isEqualTo(before.header().isFenced());
        assertThat(header.answer()).isEqualTo(before.header().answer());
        byte[] encoded = Arrays.copyOf(CommandCodec.encode(before), request.length);
        assertThat(Arrays.copyOfRange(redacted, Header.SIZE, redacted.length))
                .isEqualTo(Arrays.copyOfRange(encoded, Header.SIZE, encoded.length));
    }

    private static TraceEvent command(byte[] request) {
        return new TraceEvent.Command(
                GPU,
                0,
                0,
                List.of(new Descriptor(0, 4096, 64, 0)),
                new Payload.Full(request, new byte[24]),
                24,
                Notification.SENT);
    }

    private static List<TraceEvent> redacted(List<TraceEvent> events) {
        List<TraceEvent> redacted = new ArrayList<>();
        GpuRequests requests = new GpuRequests(GPU, stamped -> redacted.add(stamped.event()));
        events.forEach(event -> requests.take(new Stamped(0, 0, event)));
        requests.end();
        assertThat(redacted).hasSameSizeAs(events);
        return redacted;
    }

    private static byte[] joined(List<TraceEvent> events) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (TraceEvent event : events) {
            if (event instanceof TraceEvent.RequestPart part) {
                joined.writeBytes(part.bytes());
            } else if (event instanceof TraceEvent.Command command && command.payload() instanceof Payload.Full full) {
                joined.writeBytes(full.request());
            }
        }
        return joined.toByteArray();
    }

    @Property
    void requestsInPartsAreRedactedAsOne(
            @ForAll("requests") byte[] request, @ForAll List<Byte> cuts, @ForAll boolean pictureBetween) {
        List<TraceEvent> events = new ArrayList<>();
        int at = 0;
        for (byte cut : cuts) {
            int end = Math.min(request.length, at + (cut & 0x1f));
            events.add(new TraceEvent.RequestPart(GPU, 0, Arrays.copyOfRange(request, at, end)));
            at = end;
        }
        if (pictureBetween) {
            events.add(new TraceEvent.ScanoutDisabled(0));
        }
        events.add(command(Arrays.copyOfRange(request, at, request.length)));
        List<TraceEvent> redacted = redacted(events);
        assertThat(joined(redacted)).isEqualTo(GpuFields.ofRequest(request));
        for (int i = 0; i < events.size(); i++) {
            assertThat(joined(List.of(redacted.get(i)))).hasSameSizeAs(joined(List.of(events.get(i))));
        }
    }

    /** Where the command never comes, or something stands between that no device does, only a header can be told. */
    @Property
    void partsThatNoCommandEndsKeepAHeaderAtMost(@ForAll("requests") byte[] request, @ForAll byte cut) {
        int at = Math.min(request.length, cut & 0x3f);
        TraceEvent.RequestPart first = new TraceEvent.RequestPart(GPU, 0, Arrays.copyOf(request, at));
        TraceEvent.RequestPart second =
                new TraceEvent.RequestPart(GPU, 0, Arrays.copyOfRange(request, at, request.length));
        byte[] header = request.length < Header.SIZE
                ? new byte[request.length]
                : Arrays.copyOf(GpuFields.headerOf(Arrays.copyOf(request, Header.SIZE)), request.length);
        assertThat(joined(redacted(List.of(first, second)))).isEqualTo(header);
        byte[] cutShort = joined(redacted(List.of(first, new TraceEvent.Notify(GPU, 0), second)));
        byte[] all = at < Header.SIZE ? new byte[request.length] : header;
        assertThat(cutShort).isEqualTo(all);
        // A reset, or another queue, ends a request: the next part begins another.
        List<TraceEvent> reset = redacted(List.of(first, new TraceEvent.Reset(GPU), command(request)));
        assertThat(joined(reset.subList(2, 3))).isEqualTo(GpuFields.ofRequest(request));
    }

    @Property
    void otherDevicesPass(@ForAll("requests") byte[] request) {
        List<TraceEvent> events = List.of(
                new TraceEvent.RequestPart(GPU + 1, 0, request),
                new TraceEvent.ConsoleInput(request),
                new TraceEvent.Reset(GPU + 1));
        assertThat(redacted(events)).isEqualTo(events);
    }

    /** Linux attaches images of more than 64 MiB with lists of pages that take several parts. */
    @Example
    void aLongListOfPagesSurvives() {
        List<MemoryEntry> pages = new ArrayList<>();
        for (int i = 0; i < 40_000; i++) {
            pages.add(new MemoryEntry(i * 4096L, 4096));
        }
        byte[] request =
                CommandCodec.encode(new GpuCommand.ResourceAttachBacking(Header.fenced(7), 1, pages.size(), pages));
        List<TraceEvent> events = new ArrayList<>();
        for (int at = 0; at + 262_144 < request.length; at += 262_144) {
            events.add(new TraceEvent.RequestPart(GPU, 0, Arrays.copyOfRange(request, at, at + 262_144)));
        }
        int done = events.size() * 262_144;
        events.add(command(Arrays.copyOfRange(request, done, request.length)));
        assertThat(events).hasSizeGreaterThan(2);
        assertThat(redacted(events)).isEqualTo(events);
    }

    @Example
    void aRequestLongerThanAnyThatADeviceReadsKeepsItsHeader() {
        byte[] part = new byte[1 << 20];
        noise(part, 1);
        ByteBuffer.wrap(part).order(ByteOrder.LITTLE_ENDIAN).putInt(0, CommandType.RESOURCE_ATTACH_BACKING.number());
        List<TraceEvent> events = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            events.add(new TraceEvent.RequestPart(GPU, 0, part));
        }
        events.add(command(part));
        events.add(command(new byte[] {1, 2, 3}));
        byte[] kept = joined(redacted(events));
        byte[] header = GpuFields.headerOf(Arrays.copyOf(part, Header.SIZE));
        assertThat(kept).isEqualTo(Arrays.copyOf(header, kept.length));
        assertThat((long) part.length * 8).isGreaterThan(RequestAssembler.MAX_BYTES);
    }

    /** Answers go through the same: an EDID of so many bytes, display information, or a header (5.7.6.8). */
    @Property
    void nothingButFieldsIsLeftOfAnyAnswer(
            @ForAll boolean edid,
            @ForAll boolean toCommand,
            @ForAll long seed,
            @ForAll @net.jqwik.api.constraints.IntRange(max = 1200) int length) {
        byte[] answer = new byte[Math.max(length, 40)];
        noise(answer, seed);
        ByteBuffer fields = ByteBuffer.wrap(answer).order(ByteOrder.LITTLE_ENDIAN);
        fields.putInt(0, edid ? 0x1104 : 0x1101);
        fields.putInt(24, edid ? 256 : fields.getInt(24));
        byte[] cut = Arrays.copyOf(answer, length);
        byte[] kept = GpuFields.ofResponse(cut, toCommand);
        BitSet known = new BitSet();
        known.set(0, 5);
        known.set(8, 20, toCommand && (answer[4] & 1) != 0);
        known.set(20, toCommand && (answer[4] & 2) != 0);
        known.set(24, edid ? 28 : 24 + 16 * 24);
        if (edid) {
            known.set(32, 32 + 256);
        }
        for (int at = 0; at < length; at++) {
            int mask = !known.get(at) ? 0 : at == 4 ? 3 : 0xff;
            assertThat(kept[at]).as("byte %d", at).isEqualTo((byte) (cut[at] & mask));
        }
    }
}
