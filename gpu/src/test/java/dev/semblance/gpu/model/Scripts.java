package dev.semblance.gpu.model;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tuple;

/**
 * Makes up what a driver might do: sensible, nearly sensible, and wild. Requests are put together byte by byte. To be used
 * without jqwik's edge cases, whose favourites would make nearly every step the same.
 */
final class Scripts {

    static final int MEMORY_SIZE = 1 << 16;

    private static final int[] ID_PLACES = {24, 24, 44, 40, 48, 24, 24, 40};

    private Scripts() {}

    /** One thing that a driver does. */
    sealed interface Step {}

    /** A request with the room for its answer, and the sizes of the buffers that both are cut into. */
    record Send(boolean onCursorQueue, byte[] request, List<Integer> cuts, int room, List<Integer> roomCuts)
            implements Step {
        @Override
        public String toString() {
            return "Send[%s, type %s, %s, room %d]"
                    .formatted(
                            onCursorQueue ? "cursor" : "control",
                            request.length < 2 ? "-" : "%02x%02x".formatted(request[1], request[0]),
                            words(request),
                            room);
        }
    }

    /** A store to memory. */
    record Poke(int address, byte[] bytes) implements Step {}

    /** A reset of the device. */
    record Reset() implements Step {}

    private static List<String> words(byte[] request) {
        ByteBuffer buffer = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
        return Stream.iterate(24, at -> at + 4 <= request.length, at -> at + 4)
                .map(at -> Integer.toHexString(buffer.getInt(at)))
                .toList();
    }

    /** Any steps. */
    static Arbitrary<List<Step>> wild() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(90);
        Arbitrary<byte[]> request = Arbitraries.frequencyOf(
                Tuple.of(8, requests(wildId(), wildNumber())),
                Tuple.of(30, requests(id(), Arbitraries.integers().between(0, 8).map(Integer::longValue))),
                Tuple.of(3, nearly()),
                Tuple.of(1, noise));
        Arbitrary<Boolean> otherQueue = Arbitraries.frequency(Tuple.of(30, false), Tuple.of(1, true));
        Arbitrary<Integer> room = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(1056)),
                Tuple.of(1, Arbitraries.integers().between(0, 500)));
        Arbitrary<List<Integer>> cuts =
                Arbitraries.integers().between(0, 40).list().ofMaxSize(5);
        Arbitrary<Step> send = Combinators.combine(request, otherQueue, cuts, room, cuts)
                .as((bytes, other, requestCuts, size, roomCuts) ->
                        new Send(isForCursorQueue(bytes) ^ other, bytes, requestCuts, size, roomCuts));
        return steps(Arbitraries.frequencyOf(
                Tuple.of(200, send),
                Tuple.of(25, pokes()),
                Tuple.of(1, Arbitraries.create(Reset::new).map(reset -> (Step) reset))));
    }

    /** Steps with images 1, 2 and 3 only, most of which make sense. */
    static Arbitrary<List<Step>> tame() {
        Arbitrary<Long> small = Arbitraries.integers().between(0, 6).map(Integer::longValue);
        Arbitrary<Step> send = requests(id(), small).map(Scripts::plain);
        return steps(Arbitraries.frequencyOf(Tuple.of(8, send), Tuple.of(1, pokes())));
    }

    /** Returns the same step with the images under other names. */
    static Step rename(Step step, List<Long> names) {
        if (!(step instanceof Send send)) {
            return step;
        }
        byte[] request = send.request().clone();
        ByteBuffer buffer = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN);
        int type = buffer.getInt(0);
        int place = type == 0x300 || type == 0x301 ? ID_PLACES[7] : ID_PLACES[type - 0x101];
        int id = buffer.getInt(place);
        if (id != 0) {
            buffer.putInt(place, names.get(id - 1).intValue());
        }
        return plain(request);
    }

    /** Returns a request in one buffer with enough room for any answer. */
    static Send plain(byte[] request) {
        return new Send(isForCursorQueue(request), request, List.of(), 1056, List.of());
    }

    private static boolean isForCursorQueue(byte[] request) {
        return request.length > 1 && request[1] == 3;
    }

    /** Most scripts start with three images, two of them bound to scanouts. */
    private static Arbitrary<List<Step>> steps(Arbitrary<Step> step) {
        List<Step> start = Stream.of(
                        request(0x101, 0, b -> put(b, 1, 2, 6, 5)),
                        request(0x101, 0, b -> put(b, 2, 67, 5, 7)),
                        request(0x101, 0, b -> put(b, 3, 121, 8, 6)),
                        request(0x106, 0, b -> putEntries(put(b, 1, 1), List.of(new long[] {50, 300}))),
                        request(0x106, 0, b -> putEntries(put(b, 2, 1), List.of(new long[] {150, 300}))),
                        request(0x106, 0, b -> putEntries(put(b, 3, 1), List.of(new long[] {9, 300}))),
                        request(0x103, 0, b -> put(b, 1, 1, 4, 3, 0, 1)),
                        request(0x103, 0, b -> put(b, 0, 2, 5, 4, 1, 2)))
                .map(request -> (Step) plain(request))
                .toList();
        Arbitrary<List<Step>> starts = Arbitraries.of(List.of(), start, start, start);
        return Combinators.combine(
                        starts,
                        step.list().ofMinSize(1).ofMaxSize(60).withSizeDistribution(RandomDistribution.uniform()))
                .as((first, rest) ->
                        Stream.concat(first.stream(), rest.stream()).toList());
    }

    private static Arbitrary<Step> pokes() {
        return Combinators.combine(
                        Arbitraries.integers().between(0, 400),
                        Arbitraries.bytes().array(byte[].class).ofMinSize(1).ofMaxSize(200))
                .as(Poke::new);
    }

    private static Arbitrary<Long> id() {
        return Arbitraries.longs().between(1, 3);
    }

    private static Arbitrary<Long> wildId() {
        return Arbitraries.frequencyOf(
                Tuple.of(8, id()),
                Tuple.of(1, Arbitraries.just(0L)),
                Tuple.of(1, Arbitraries.longs().between(0, 0xffff_ffffL)));
    }

    private static Arbitrary<Long> wildNumber() {
        return Arbitraries.frequencyOf(
                Tuple.of(14, Arbitraries.integers().between(0, 9).map(Integer::longValue)),
                Tuple.of(1, Arbitraries.of(65536L, 0x7fff_ffffL, 0x8000_0000L, 0xffff_fffeL, 0xffff_ffffL)));
    }

    /** A request of one of the commands: images called {@code ids}, coordinates like {@code numbers}. */
    private static Arbitrary<byte[]> requests(Arbitrary<Long> ids, Arbitrary<Long> numbers) {
        Arbitrary<Long> sizes = numbers.map(number -> number < 7 ? number % 6 + 3 : number);
        Arbitrary<Long> extents = numbers.map(number -> number < 6 ? number % 4 + 1 : number);
        Arbitrary<Integer> fences =
                Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(0, 1)), Tuple.of(1, Arbitraries.integers()));
        Arbitrary<Long> scanouts =
                Arbitraries.frequencyOf(Tuple.of(20, Arbitraries.of(0L, 1L)), Tuple.of(1, wildNumber()));
        Arbitrary<Long> formats = Arbitraries.frequencyOf(
                Tuple.of(20, Arbitraries.of(1L, 2L, 3L, 4L, 67L, 68L, 121L, 134L)), Tuple.of(1, wildNumber()));
        Arbitrary<Long> offsets = Arbitraries.frequencyOf(
                Tuple.of(9, Arbitraries.longs().between(0, 60)), Tuple.of(1, Arbitraries.longs()));
        Arbitrary<long[]> entries = Combinators.combine(
                        Arbitraries.frequencyOf(
                                Tuple.of(40, Arbitraries.longs().between(0, 500)),
                                Tuple.of(1, Arbitraries.longs()),
                                Tuple.of(1, Arbitraries.longs().between(MEMORY_SIZE - 50, MEMORY_SIZE))),
                        Arbitraries.frequencyOf(
                                Tuple.of(40, Arbitraries.longs().between(0, 200)),
                                Tuple.of(1, Arbitraries.longs().between(0, 0xffff_ffffL))))
                .as((address, length) -> new long[] {address, length});
        Arbitrary<Consumer<ByteBuffer>> rects = Combinators.combine(
                        numbers.map(number -> number < 9 ? number % 4 : number),
                        numbers.map(number -> number < 9 ? number % 3 : number),
                        extents,
                        extents)
                .as((x, y, width, height) -> b -> put(b, x, y, width, height));

        Arbitrary<byte[]> create = Combinators.combine(fences, ids, formats, sizes, sizes)
                .as((fence, id, format, width, height) ->
                        request(0x101, fence, b -> put(b, id, format, width, height)));
        Arbitrary<byte[]> unref =
                Combinators.combine(fences, ids).as((fence, id) -> request(0x102, fence, b -> put(b, id, 0)));
        Arbitrary<byte[]> setScanout = Combinators.combine(
                        fences,
                        rects,
                        scanouts,
                        Arbitraries.frequencyOf(Tuple.of(9, ids), Tuple.of(1, Arbitraries.just(0L))))
                .as((fence, rect, scanout, id) -> request(0x103, fence, b -> {
                    rect.accept(b);
                    put(b, scanout, id);
                }));
        Arbitrary<byte[]> flush = Combinators.combine(fences, rects, ids)
                .as((fence, rect, id) -> request(0x104, fence, b -> {
                    rect.accept(b);
                    put(b, id, 0);
                }));
        Arbitrary<byte[]> transfer = Combinators.combine(fences, rects, offsets, ids)
                .as((fence, rect, offset, id) -> request(0x105, fence, b -> {
                    rect.accept(b);
                    b.putLong(offset);
                    put(b, id, 0);
                }));
        Arbitrary<byte[]> attach = Combinators.combine(
                        fences,
                        ids,
                        entries.list().ofMaxSize(19),
                        Arbitraries.frequency(Tuple.of(20, 0), Tuple.of(1, -1), Tuple.of(1, 1), Tuple.of(1, 1 << 30)))
                .as((fence, id, list, extra) ->
                        request(0x106, fence, b -> putEntries(put(b, id, list.size() + extra), list)));
        Arbitrary<byte[]> detach =
                Combinators.combine(fences, ids).as((fence, id) -> request(0x107, fence, b -> put(b, id, 0)));
        Arbitrary<byte[]> cursor = Combinators.combine(
                        fences,
                        Arbitraries.of(0x300, 0x301),
                        scanouts,
                        Arbitraries.integers(),
                        Arbitraries.integers().between(-9, 9),
                        Arbitraries.frequencyOf(Tuple.of(9, ids), Tuple.of(1, Arbitraries.just(0L))),
                        numbers)
                .as((fence, type, scanout, x, y, id, hot) ->
                        request(type, fence, b -> put(b, scanout, x, y, 0, id, hot, hot / 2, 0)));
        return Arbitraries.frequencyOf(
                Tuple.of(6, create),
                Tuple.of(1, unref),
                Tuple.of(8, setScanout),
                Tuple.of(18, flush),
                Tuple.of(18, transfer),
                Tuple.of(6, attach),
                Tuple.of(1, detach),
                Tuple.of(6, cursor));
    }

    /** Displays and EDIDs, and requests with a byte changed, or cut off. */
    private static Arbitrary<byte[]> nearly() {
        Arbitrary<byte[]> queries = Arbitraries.of(0L, 1L, 2L, 0xffff_ffffL)
                .flatMap(scanout -> Arbitraries.of(0x100, 0x10a, 0x108, 0x10b)
                        .map(type -> request(type, 1, b -> put(b, scanout, 0))));
        Arbitrary<byte[]> damaged = Combinators.combine(
                        requests(wildId(), wildNumber()), Arbitraries.integers().between(0, 55), Arbitraries.bytes())
                .as((request, at, value) -> {
                    request[at % request.length] = value;
                    return request;
                });
        Arbitrary<byte[]> cut = Combinators.combine(
                        requests(wildId(), wildNumber()), Arbitraries.integers().between(0, 60))
                .as((request, length) -> Arrays.copyOf(request, Math.min(length, request.length)));
        return Arbitraries.oneOf(queries, damaged, cut);
    }

    private static byte[] request(int type, int fence, Consumer<ByteBuffer> body) {
        ByteBuffer buffer = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(type)
                .putInt(fence)
                .putLong(fence * 0x1_0000_0003L)
                .putInt(fence * 7)
                .putInt(0);
        body.accept(buffer);
        byte[] request = new byte[buffer.position()];
        buffer.flip().get(request);
        return request;
    }

    private static ByteBuffer put(ByteBuffer buffer, long... values) {
        for (long value : values) {
            buffer.putInt((int) value);
        }
        return buffer;
    }

    private static void putEntries(ByteBuffer buffer, List<long[]> entries) {
        for (long[] entry : entries) {
            buffer.putLong(entry[0]);
            put(buffer, entry[1], 0xdeadbeef);
        }
    }
}
