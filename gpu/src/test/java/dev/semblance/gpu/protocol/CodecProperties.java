package dev.semblance.gpu.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.GpuCommand.NoHeader;
import dev.semblance.gpu.protocol.GpuCommand.ResourceAttachBacking;
import dev.semblance.gpu.protocol.GpuCommand.Truncated;
import dev.semblance.gpu.protocol.GpuCommand.Unknown;
import dev.semblance.gpu.protocol.GpuResponse.DisplayInfo;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.DescriptorChain;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class CodecProperties {

    private static final long MAX = 0xffff_ffffL;

    @Property(tries = 500)
    void aCommandSurvivesEncodingAndDecoding(@ForAll("commands") GpuCommand command) {
        assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }

    @Property(tries = 500)
    void anAnswerSurvivesEncodingAndDecoding(@ForAll("responses") GpuResponse response) {
        assertThat(ResponseCodec.decode(ResponseCodec.encode(response))).isEqualTo(response);
    }

    /** Whatever the bytes are: the second decoding sees what the first one saw, though padding is gone. */
    @Property(tries = 1000)
    void anyRequestDecodesAndWhatItDecodesToIsStable(@ForAll("requests") byte[] request) {
        GpuCommand command = CommandCodec.decode(request);
        assertThat(CommandCodec.decode(CommandCodec.encode(command))).isEqualTo(command);
    }

    @Property(tries = 500)
    void anyAnswerDecodes(@ForAll("requests") byte[] bytes, @ForAll("responseTypes") int type) {
        if (bytes.length >= 4) {
            Wire.of(bytes).putInt(0, type);
        }
        GpuResponse response = ResponseCodec.decode(bytes);
        assertThat(ResponseCodec.decode(ResponseCodec.encode(response))).isEqualTo(response);
    }

    // VIRTIO 1.2, 2.7.4.1, how a request is cut into buffers means nothing.
    @Property(tries = 300)
    void aRequestInPiecesDecodesLikeTheWhole(
            @ForAll("requests") byte[] request,
            @ForAll @Size(max = 9) List<@IntRange(min = 0, max = 40) Integer> cuts) {
        Ram ram = new Ram(1 << 20);
        List<Descriptor> descriptors = new ArrayList<>();
        int done = 0;
        for (int i = 0; done < request.length; i++) {
            int size = i < cuts.size() ? Math.min(cuts.get(i), request.length - done) : request.length - done;
            long address = 5 + done + 100L * i;
            ram.write(address, request, done, size);
            descriptors.add(new Descriptor(i, address, size, 0));
            done += size;
        }
        DescriptorChain chain = new DescriptorChain(ram, 0, descriptors);
        assertThat(CommandCodec.decode(chain.reader(), 100)).isEqualTo(CommandCodec.decode(request, 100));
    }

    // VIRTIO 1.2, 5.7.6.7: what follows the structure is not even read.
    @Property(tries = 200)
    void bytesAfterTheStructureMeanNothing(
            @ForAll("commands") GpuCommand command, @ForAll @Size(min = 1, max = 50) byte[] tail) {
        if (command instanceof Unknown || command instanceof Truncated || command instanceof NoHeader) {
            return;
        }
        if (command instanceof ResourceAttachBacking attach
                && attach.entryCount() > attach.entries().size()) {
            return;
        }
        byte[] request = CommandCodec.encode(command);
        byte[] longer = Arrays.copyOf(request, request.length + tail.length);
        System.arraycopy(tail, 0, longer, request.length, tail.length);
        assertThat(CommandCodec.decode(longer)).isEqualTo(command);
    }

    @Provide
    Arbitrary<byte[]> requests() {
        Arbitrary<byte[]> wild = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
        Arbitrary<byte[]> typed = Combinators.combine(wild, Arbitraries.of(CommandType.values()))
                .as((bytes, type) -> {
                    if (bytes.length >= 4) {
                        Wire.of(bytes).putInt(0, type.number());
                    }
                    return bytes;
                });
        Arbitrary<byte[]> cut = Combinators.combine(
                        commands(), Arbitraries.integers().between(0, 80))
                .as((command, length) -> {
                    byte[] request = CommandCodec.encode(command);
                    return Arrays.copyOf(request, Math.min(length, request.length));
                });
        return Arbitraries.oneOf(wild, typed, cut);
    }

    @Provide
    Arbitrary<Integer> responseTypes() {
        return Arbitraries.of(0x1100, 0x1101, 0x1102, 0x1104, 0x1200, 0x1205, 0x1206, 0);
    }

    @Provide
    Arbitrary<GpuCommand> commands() {
        return Arbitraries.of(CommandType.values()).flatMap(type -> headers().flatMap(header -> command(type, header)));
    }

    private static Arbitrary<GpuCommand> command(CommandType type, Header header) {
        Arbitrary<CursorPosition> positions = Combinators.combine(u32(), Arbitraries.integers(), Arbitraries.integers())
                .as(CursorPosition::new);
        Arbitrary<byte[]> shortBody =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(Math.max(0, type.size() - Header.SIZE - 1));
        Arbitrary<GpuCommand> whole = switch (type) {
            case GET_DISPLAY_INFO -> Arbitraries.just(new GpuCommand.GetDisplayInfo(header));
            case RESOURCE_CREATE_2D ->
                Combinators.combine(u32(), u32(), u32(), u32())
                        .as((id, format, width, height) ->
                                new GpuCommand.ResourceCreate2d(header, id, format, width, height));
            case RESOURCE_UNREF -> u32().map(id -> new GpuCommand.ResourceUnref(header, id));
            case SET_SCANOUT ->
                Combinators.combine(rects(), u32(), u32())
                        .as((rect, scanout, id) -> new GpuCommand.SetScanout(header, rect, scanout, id));
            case RESOURCE_FLUSH ->
                Combinators.combine(rects(), u32()).as((rect, id) -> new GpuCommand.ResourceFlush(header, rect, id));
            case TRANSFER_TO_HOST_2D ->
                Combinators.combine(rects(), Arbitraries.longs(), u32())
                        .as((rect, offset, id) -> new GpuCommand.TransferToHost2d(header, rect, offset, id));
            case RESOURCE_ATTACH_BACKING ->
                Combinators.combine(
                                u32(),
                                entries().list().ofMaxSize(4),
                                Arbitraries.integers().between(0, 2))
                        .as((id, entries, missing) ->
                                new ResourceAttachBacking(header, id, entries.size() + (long) missing, entries));
            case RESOURCE_DETACH_BACKING -> u32().map(id -> new GpuCommand.ResourceDetachBacking(header, id));
            case GET_EDID -> u32().map(scanout -> new GpuCommand.GetEdid(header, scanout));
            case UPDATE_CURSOR ->
                Combinators.combine(positions, u32(), u32(), u32())
                        .as((position, id, x, y) -> new GpuCommand.UpdateCursor(header, position, id, x, y));
            case MOVE_CURSOR ->
                Combinators.combine(positions, u32(), u32(), u32())
                        .as((position, id, x, y) -> new GpuCommand.MoveCursor(header, position, id, x, y));
        };
        Arbitrary<GpuCommand> cut = type.size() == Header.SIZE
                ? Arbitraries.bytes().array(byte[].class).ofMaxSize(23).map(NoHeader::new)
                : shortBody.map(body -> new Truncated(header, type, body));
        Arbitrary<GpuCommand> unknown = Combinators.combine(
                        Arbitraries.of(0, 0x108, 0x109, 0x10b, 0x10c, 0x10d, 0x200, 0x207, 0x302, -1),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(CommandCodec.MAX_UNKNOWN_BODY))
                .as((number, body) -> new Unknown(header, number, body));
        return Arbitraries.frequencyOf(Tuple.of(6, whole), Tuple.of(1, cut), Tuple.of(1, unknown));
    }

    @Provide
    Arbitrary<GpuResponse> responses() {
        Arbitrary<DisplayInfo> displays =
                Combinators.combine(rects(), u32(), Arbitraries.integers()).as(DisplayInfo::new);
        return headers()
                .flatMap(header -> Arbitraries.oneOf(
                        Arbitraries.just(new GpuResponse.OkNoData(header)),
                        Arbitraries.of(ErrorCode.values()).map(code -> new GpuResponse.Refused(header, code)),
                        displays.list().ofSize(16).map(list -> new GpuResponse.OkDisplayInfo(header, list)),
                        Arbitraries.bytes()
                                .array(byte[].class)
                                .ofMaxSize(1024)
                                .map(edid -> new GpuResponse.OkEdid(header, edid)),
                        Arbitraries.bytes()
                                .array(byte[].class)
                                .ofMaxSize(60)
                                .map(body -> new GpuResponse.Unknown(header, 0x1103, body)),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(23).map(GpuResponse.Truncated::new)));
    }

    private static Arbitrary<Header> headers() {
        return Combinators.combine(
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        u32(),
                        Arbitraries.integers().between(0, 255))
                .as(Header::new);
    }

    private static Arbitrary<MemoryEntry> entries() {
        return Combinators.combine(Arbitraries.longs(), u32()).as(MemoryEntry::new);
    }

    private static Arbitrary<Rect> rects() {
        return Combinators.combine(u32(), u32(), u32(), u32()).as(Rect::new);
    }

    private static Arbitrary<Long> u32() {
        return Arbitraries.longs().between(0, MAX);
    }
}
