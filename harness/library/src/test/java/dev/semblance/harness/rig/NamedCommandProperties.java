package dev.semblance.harness.rig;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.trace.text.GpuJson;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** docs/SCRIPT.md, "By name". */
class NamedCommandProperties {

    /** Any request: commands with any fields, cut short, with more behind them, unknown ones, and less than a header. */
    @Provide
    Arbitrary<byte[]> requests() {
        Arbitrary<Integer> types = Arbitraries.oneOf(
                Arbitraries.of(CommandType.values()).map(CommandType::number), Arbitraries.integers());
        Arbitrary<Integer> lengths = Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.of(24, 32, 40, 48, 56, 64, 96)),
                Tuple.of(1, Arbitraries.integers().between(0, 400)));
        return Combinators.combine(types, lengths, Arbitraries.randomValue(random -> random.nextLong()))
                .as((type, length, seed) -> {
                    byte[] bytes = new byte[Math.max(length, 4)];
                    new Random(seed).nextBytes(bytes);
                    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(type);
                    if (length > 36 && type == CommandType.RESOURCE_ATTACH_BACKING.number()) {
                        // A number of entries that is sometimes the number of those that follow.
                        ByteBuffer.wrap(bytes)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(28, (length - 32) / 16 + length % 2);
                    }
                    return Arrays.copyOf(bytes, length);
                });
    }

    @Property(tries = 2000)
    void whatDumpPrintsOfACommandIsReadAsTheSameCommand(@ForAll("requests") byte[] request) {
        GpuCommand command = CommandCodec.decode(request);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.set("command", GpuJson.of(command));
        line.put("resp_len", 24);
        Command read = (Command) ScriptReader.parse(ScriptWriter.text(line));
        assertThat(CommandCodec.decode(read.request())).isEqualTo(command);
        assertThat(read.request()).isEqualTo(CommandCodec.encode(command));
    }
}
