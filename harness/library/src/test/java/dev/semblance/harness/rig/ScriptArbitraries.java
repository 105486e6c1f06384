package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Lines of scripts, sensible or not. */
final class ScriptArbitraries {

    private ScriptArbitraries() {}

    static Arbitrary<ScriptLine> lines() {
        Arbitrary<Optional<String>> ids = ids();
        return Arbitraries.oneOf(
                commands().map(command -> command),
                Combinators.combine(ids, commands().list().ofMinSize(1).ofMaxSize(3))
                        .as(ScriptLine.Batch::new),
                Combinators.combine(ids, writes()).as(ScriptLine.Poke::new),
                Combinators.combine(ids, sizes(), points().list().ofMaxSize(3), pngs())
                        .as(ScriptLine.Screendump::new),
                ids.map(id -> new ScriptLine.Reset(id, true)),
                Combinators.combine(ids, Arbitraries.longs().optional())
                        .as((id, features) -> new ScriptLine.Reset(
                                id, false, features.map(OptionalLong::of).orElseGet(OptionalLong::empty))),
                ids.map(ScriptLine.Status::new),
                Combinators.combine(ids, Arbitraries.of(ScriptLine.Queue.class)).as(ScriptLine.QueueReset::new),
                Combinators.combine(
                                ids, Arbitraries.longs(), Arbitraries.integers().between(0, 8 << 20))
                        .as(ScriptLine.MemoryRead::new),
                Combinators.combine(ids, sizes(), Arbitraries.of(1, 2, 4)).as(ScriptLine.ConfigRead::new));
    }

    private static Arbitrary<Optional<String>> ids() {
        return Arbitraries.of(
                        "7",
                        "\"a\"",
                        "null",
                        "true",
                        "[1,2.50,{\"x\":[]}]",
                        "18446744073709551616",
                        "\"\\u0000\\\"ü\"",
                        "{\"op\":\"reset\"}")
                .optional();
    }

    private static Arbitrary<Optional<String>> pngs() {
        return Arbitraries.of("a.png", "b/c d.png", "ü\".png").optional();
    }

    private static Arbitrary<Integer> sizes() {
        return Arbitraries.integers().between(0, Integer.MAX_VALUE);
    }

    private static Arbitrary<Point> points() {
        return Combinators.combine(sizes(), sizes()).as(Point::new);
    }

    private static Arbitrary<byte[]> bytes() {
        Arbitrary<byte[]> filled = Combinators.combine(
                        Arbitraries.of(1, 2, 3, 4, 5), Arbitraries.integers().between(0, 70))
                .as((period, length) -> {
                    byte[] bytes = new byte[length];
                    for (int i = 0; i < length; i++) {
                        bytes[i] = (byte) (i % period);
                    }
                    return bytes;
                });
        return Arbitraries.oneOf(Arbitraries.bytes().array(byte[].class).ofMaxSize(50), filled);
    }

    private static Arbitrary<List<MemoryWrite>> writes() {
        return Combinators.combine(Arbitraries.longs(), bytes())
                .as(MemoryWrite::new)
                .list()
                .ofMaxSize(3);
    }

    private static Arbitrary<RawDescriptor> descriptors() {
        Arbitrary<Place> places = Combinators.combine(Arbitraries.of(0, 1, 2), Arbitraries.longs())
                .as((kind, at) -> switch (kind) {
                    case 0 -> new Place.Address(at);
                    case 1 -> new Place.InRequest(at);
                    default -> new Place.InResponse(at);
                });
        return Combinators.combine(
                        places,
                        Arbitraries.longs().between(0, 0xffff_ffffL),
                        Arbitraries.integers().between(0, 0xffff),
                        Arbitraries.integers().between(0, 0xffff))
                .as(RawDescriptor::new);
    }

    private static Arbitrary<Command> commands() {
        return Combinators.combine(
                        ids(),
                        Arbitraries.of(Queue.class),
                        writes(),
                        bytes(),
                        sizes().list().ofMaxSize(3),
                        Arbitraries.integers().between(0, DeviceRig.BUFFER_BYTES),
                        bytes().filter(fill -> fill.length > 0),
                        descriptors().list().ofMaxSize(3))
                .as((id, queue, memory, request, split, room, fill, chain) -> new Command(
                        id,
                        queue,
                        memory,
                        request,
                        split,
                        room,
                        split.reversed(),
                        fill,
                        chain,
                        room % 2 == 0,
                        room % 3 == 0));
    }
}
