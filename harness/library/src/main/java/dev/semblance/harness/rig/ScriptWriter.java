package dev.semblance.harness.rig;

import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Lines of scripts as text: what {@link ScriptReader} makes the same lines of. */
public final class ScriptWriter {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** Below that, the bytes themselves are as short. */
    private static final int SHORTEST_FILL = 32;

    private static final byte[] USUAL_FILL = {(byte) 0xaa};

    private ScriptWriter() {}

    /**
     * {@return a line, without its end}
     *
     * @param line the line of the script
     */
    public static String line(ScriptLine line) {
        ObjectNode node = NODES.objectNode();
        switch (line) {
            case Command command -> command(node, command);
            case ScriptLine.Batch batch -> {
                start(node, batch.id(), "batch");
                ArrayNode commands = node.putArray("cmds");
                batch.commands().forEach(command -> command(commands.addObject(), command));
            }
            case ScriptLine.Poke poke -> {
                start(node, poke.id(), "mem_write");
                memory(node.putArray("mem"), poke.memory());
            }
            case ScriptLine.Screendump dump -> {
                start(node, dump.id(), "screendump");
                node.put("head", dump.head());
                if (!dump.pixels().isEmpty()) {
                    ArrayNode pixels = node.putArray("pixels");
                    for (Point pixel : dump.pixels()) {
                        pixels.addArray().add(pixel.x()).add(pixel.y());
                    }
                }
                dump.png().ifPresent(png -> node.put("png", png));
            }
            case ScriptLine.Reset reset -> {
                start(node, reset.id(), "reset");
                if (reset.statusOnly()) {
                    node.put("status_only", true);
                }
                reset.features().ifPresent(features -> node.put("features", unsigned(features)));
            }
            case ScriptLine.QueueReset reset -> {
                start(node, reset.id(), "queue_reset");
                node.put("queue", name(reset.queue()));
            }
            case ScriptLine.DisplayChange change -> {
                start(node, change.id(), "display");
                node.put("head", change.head())
                        .put("width", change.mode().width())
                        .put("height", change.mode().height());
            }
            case ScriptLine.ConfigWrite write -> {
                start(node, write.id(), "config_write");
                node.put("off", write.offset())
                        .put("width", write.width())
                        .put("value", Integer.toUnsignedLong(write.value()));
            }
            case ScriptLine.Status status -> start(node, status.id(), "status");
            case ScriptLine.MemoryRead read -> {
                start(node, read.id(), "mem_read");
                node.put("addr", unsigned(read.address())).put("len", read.length());
            }
            case ScriptLine.ConfigRead read -> {
                start(node, read.id(), "config_read");
                node.put("off", read.offset()).put("width", read.width());
            }
        }
        return text(node);
    }

    /**
     * {@return the line that comes before all others where a device is not the usual one}
     *
     * @param settings what the rig is made of: RAM, displays, features
     */
    public static Optional<String> settings(RigSettings settings) {
        if (settings.equals(RigSettings.EXEC)) {
            return Optional.empty();
        }
        ObjectNode node = NODES.objectNode();
        node.put("op", "device").put("ram", settings.ramBytes());
        ArrayNode heads = node.putArray("heads");
        for (DisplayMode mode : DisplayMode.of(settings.displays())) {
            heads.addArray().add(mode.width()).add(mode.height());
        }
        if (settings.displays().largerViews()) {
            node.put("larger_views", true);
        }
        if (!settings.queues().equals(QueueFeatures.NONE)) {
            ArrayNode words = node.putArray("virtqueue");
            settings.queues().inWords().forEach(words::add);
        }
        return Optional.of(text(node));
    }

    /**
     * {@return a line for people}
     *
     * @param text what is understood
     */
    public static String note(String text) {
        return text(NODES.objectNode().put("op", "note").put("text", text));
    }

    static String text(ObjectNode node) {
        return ScriptJson.MAPPER.writeValueAsString(node);
    }

    /** Puts an id as it was given. */
    static void id(ObjectNode node, Optional<String> id) {
        id.ifPresent(text -> node.set("id", ScriptJson.parse(text)));
    }

    private static void start(ObjectNode node, Optional<String> id, String op) {
        id(node, id);
        node.put("op", op);
    }

    private static void command(ObjectNode node, Command command) {
        id(node, command.id());
        node.put("queue", name(command.queue()));
        if (!command.memory().isEmpty()) {
            memory(node.putArray("mem"), command.memory());
        }
        node.put("request_hex", HexFormat.of().formatHex(command.request()));
        split(node, "req_split", command.requestSplit());
        node.put("resp_len", command.responseLength());
        split(node, "resp_split", command.responseSplit());
        if (!Arrays.equals(command.responseFill(), USUAL_FILL)) {
            node.put("resp_fill", HexFormat.of().formatHex(command.responseFill()));
        }
        if (!command.chain().isEmpty()) {
            ArrayNode chain = node.putArray("chain");
            command.chain().forEach(descriptor -> descriptor(chain.addObject(), descriptor));
        }
        if (command.indirect()) {
            node.put("indirect", true);
        }
        if (command.noInterrupt()) {
            node.put("no_interrupt", true);
        }
    }

    private static String name(ScriptLine.Queue queue) {
        return queue.name().toLowerCase(Locale.ROOT);
    }

    private static void split(ObjectNode node, String name, List<Integer> lengths) {
        if (!lengths.isEmpty()) {
            ArrayNode array = node.putArray(name);
            lengths.forEach(array::add);
        }
    }

    private static void descriptor(ObjectNode node, RawDescriptor descriptor) {
        switch (descriptor.place()) {
            case Place.Address at -> node.put("addr", unsigned(at.address()));
            case Place.InRequest in -> node.put("req_off", unsigned(in.offset()));
            case Place.InResponse in -> node.put("resp_off", unsigned(in.offset()));
        }
        node.put("len", descriptor.length()).put("flags", descriptor.flags()).put("next", descriptor.next());
    }

    private static void memory(ArrayNode array, List<MemoryWrite> writes) {
        for (MemoryWrite write : writes) {
            ObjectNode node = array.addObject().put("addr", unsigned(write.address()));
            byte[] bytes = write.bytes();
            int period = period(bytes);
            if (period > 0) {
                node.put("fill", HexFormat.of().formatHex(bytes, 0, period)).put("len", bytes.length);
            } else {
                node.put("hex", HexFormat.of().formatHex(bytes));
            }
        }
    }

    /** {@return after how many bytes they repeat: a byte, or a pixel; 0 where they do not, or are few} */
    private static int period(byte[] bytes) {
        if (bytes.length >= SHORTEST_FILL) {
            for (int period = 1; period <= Integer.BYTES; period *= Integer.BYTES) {
                if (Arrays.equals(bytes, period, bytes.length, bytes, 0, bytes.length - period)) {
                    return period;
                }
            }
        }
        return 0;
    }

    private static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }
}
