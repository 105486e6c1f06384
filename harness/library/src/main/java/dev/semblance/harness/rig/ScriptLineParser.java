package dev.semblance.harness.rig;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.json.JsonFieldException;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Objects;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** What the JSON object of one line means. */
final class ScriptLineParser {

    /** How much memory one line can write. */
    static final int MAX_WRITTEN = 64 << 20;

    /** How much memory one line can read. */
    static final int MAX_READ = 8 << 20;

    private static final int U16 = 0xffff;

    /** Bytes that the line writes so far. */
    private int written;

    /** Which commands of the line are told by name, by their places. */
    private final Set<Integer> named = new TreeSet<>();

    private int commands;

    private static final List<String> OPS = List.of(
            "screendump",
            "reset",
            "status",
            "batch",
            "mem_read",
            "mem_write",
            "config_read",
            "queue_reset",
            "display",
            "config_write",
            "device",
            "note");

    private ScriptLineParser() {}

    /** What a line can be. */
    sealed interface Parsed {

        /**
         * Something to do.
         *
         * @param named the places of those of its commands that have a {@code command} in place of bytes
         */
        record Line(ScriptLine line, Set<Integer> named) implements Parsed {

            /** Copies the set. */
            public Line {
                named = Set.copyOf(named);
            }
        }

        /** What the device is to be, at the start of a script. */
        record Settings(RigSettings settings) implements Parsed {}

        /** Something to read for people alone. */
        record Note() implements Parsed {}
    }

    /**
     * Reads a line.
     *
     * @throws ScriptException if it is none
     */
    static Parsed parse(String text) {
        JsonNode node = ScriptJson.parse(text);
        try {
            JsonFields fields = JsonFields.of(node);
            Parsed parsed = new ScriptLineParser().parse(fields);
            fields.end();
            return parsed;
        } catch (JsonFieldException e) {
            throw new ScriptException(String.valueOf(e.getMessage()), e);
        }
    }

    private Parsed parse(JsonFields fields) {
        String op = fields.text("op").orElse("");
        return switch (op) {
            case "note" -> {
                fields.text("text");
                yield new Parsed.Note();
            }
            case "device" -> new Parsed.Settings(settings(fields));
            case "" -> {
                if (fields.has("op")) {
                    throw unknown(op);
                }
                yield line(command(fields));
            }
            default -> line(line(op, fields));
        };
    }

    private Parsed.Line line(ScriptLine line) {
        return new Parsed.Line(line, named);
    }

    private ScriptLine line(String op, JsonFields fields) {
        Optional<String> id = id(fields);
        return switch (op) {
            case "batch" -> {
                List<Command> commands = fields.list(objects("cmds", this::command));
                if (commands.isEmpty()) {
                    throw new ScriptException("a batch has \"cmds\", a list of at least one command");
                }
                yield new ScriptLine.Batch(id, commands);
            }
            case "mem_write" -> new ScriptLine.Poke(id, memory(fields));
            case "screendump" ->
                new ScriptLine.Screendump(
                        id,
                        (int) (long) fields.numberOrHex("head", Range.U31).orElse(0L),
                        fields.pairs("pixels", pair -> new Point(pair.getFirst(), pair.getLast())),
                        fields.text("png").map(ScriptLineParser::png));
            case "reset" -> {
                boolean statusOnly = fields.flag("status_only").orElse(false);
                Optional<Long> features = fields.numberOrHex("features", Range.U64);
                if (statusOnly && features.isPresent()) {
                    throw new ScriptException("with \"status_only\" no \"features\" are negotiated");
                }
                yield new ScriptLine.Reset(
                        id, statusOnly, features.map(OptionalLong::of).orElseGet(OptionalLong::empty));
            }
            case "queue_reset" -> new ScriptLine.QueueReset(id, queue(fields, Queue.CONTROL));
            case "display" -> {
                int head = (int) required(fields, "head", Range.U31);
                int width = (int) required(fields, "width", Range.upTo(Display.MAX_SIZE));
                int height = (int) required(fields, "height", Range.upTo(Display.MAX_SIZE));
                yield new ScriptLine.DisplayChange(id, head, mode(width, height));
            }
            case "config_write" -> {
                int offset = (int) required(fields, "off", Range.U31);
                yield new ScriptLine.ConfigWrite(
                        id, offset, configWidth(fields), (int) required(fields, "value", Range.U32));
            }
            case "status" -> new ScriptLine.Status(id);
            case "mem_read" ->
                new ScriptLine.MemoryRead(
                        id, required(fields, "addr", Range.U64), (int) required(fields, "len", Range.upTo(MAX_READ)));
            case "config_read" -> {
                int offset = (int) required(fields, "off", Range.U31);
                yield new ScriptLine.ConfigRead(id, offset, configWidth(fields));
            }
            default -> throw unknown(op);
        };
    }

    private static int configWidth(JsonFields fields) {
        int width = (int) required(fields, "width", Range.upTo(4));
        if (width != 1 && width != 2 && width != 4) {
            throw new ScriptException("\"width\" is 1, 2 or 4, not " + width);
        }
        return width;
    }

    /** Returns a display's mode; 0 and 0 is no display. */
    private static DisplayMode mode(int width, int height) {
        if (width == 0 != (height == 0)) {
            throw new ScriptException(
                    Text.format("there is no display of %dx%d; one that is off is 0x0", width, height));
        }
        return new DisplayMode(width, height);
    }

    private static ScriptException unknown(String op) {
        return new ScriptException(Text.format(
                "there is no op \"%s\"%s",
                op.length() > 40 ? op.substring(0, 40) + "…" : op, Suggestions.hintOrAll(op, OPS, "there are")));
    }

    private static <T> Objects<T> objects(String name, Function<JsonFields, T> element) {
        // The line is a tree already, which has its own bound.
        return new Objects<>(name, Integer.MAX_VALUE, element);
    }

    private static long required(JsonFields fields, String name, Range range) {
        return fields.numberOrHex(name, range).orElseThrow(() -> JsonFields.missing(name));
    }

    /** Returns what memory is filled with: bytes in hexadecimal, or one of them as a number. */
    private static Optional<byte[]> fill(JsonFields fields, String name) {
        if (!fields.any(name).map(JsonNode::isString).orElse(false)) {
            return fields.number(name, Range.upTo(0xff)).map(value -> new byte[] {value.byteValue()});
        }
        Optional<byte[]> pattern = fields.bytes(name, Hex.ANY_CASE);
        if (pattern.filter(bytes -> bytes.length == 0).isPresent()) {
            throw new ScriptException(Text.format("\"%s\" has at least one byte", name));
        }
        return pattern;
    }

    private static Optional<String> id(JsonFields fields) {
        return fields.any("id").map(ScriptJson.MAPPER::writeValueAsString);
    }

    private static String png(String path) {
        // A script from somewhere else must not be able to replace just any file.
        if (!path.endsWith(".png") || path.indexOf('\0') >= 0) {
            throw new ScriptException("\"png\" is a file whose name ends in .png");
        }
        return path;
    }

    private Command command(JsonFields fields) {
        boolean raw = fields.has("chain");
        Optional<GpuCommand> byName = NamedCommand.read(fields);
        Optional<byte[]> request = byName.map(CommandCodec::encode).or(() -> fields.bytes("request_hex", Hex.ANY_CASE));
        Optional<Long> room = fields.numberOrHex("resp_len", Range.upTo(DeviceRig.BUFFER_BYTES))
                .or(() -> byName.map(command -> (long) ResponseCodec.bytes(command)));
        if (!raw && request.isEmpty()) {
            throw new ScriptException("\"command\" or \"request_hex\" is missing");
        }
        if (!raw && room.isEmpty()) {
            throw JsonFields.missing("resp_len");
        }
        if (byName.isPresent()) {
            named.add(commands);
        }
        commands++;
        Queue queue = queue(fields, byName.map(NamedCommand::queue).orElse(Queue.CONTROL));
        Command plain = Command.of(queue, request.orElse(new byte[0]), (int) (long) room.orElse(0L));
        List<RawDescriptor> chain = new ArrayList<>();
        fields.list(objects("chain", descriptor -> chain.add(descriptor(descriptor, chain.size()))));
        if (raw && chain.isEmpty()) {
            throw new ScriptException("\"chain\" has at least one descriptor");
        }
        return plain.with()
                .id(id(fields))
                .memory(memory(fields))
                .request(plain.request(), fields.numbers("req_split"))
                .response(plain.responseLength(), fields.numbers("resp_split"))
                .responseFill(fill(fields, "resp_fill").orElse(plain.responseFill()))
                .chain(chain)
                .indirect(fields.flag("indirect").orElse(false))
                .noInterrupt(fields.flag("no_interrupt").orElse(false))
                .build();
    }

    private static Queue queue(JsonFields fields, Queue usual) {
        return fields.oneOf(
                        "queue", List.of(Queue.values()), queue -> queue.name().toLowerCase(Locale.ROOT))
                .orElse(usual);
    }

    private static RawDescriptor descriptor(JsonFields fields, int index) {
        Optional<Place> place = Optional.empty();
        int places = 0;
        for (String name : List.of("addr", "req_off", "resp_off")) {
            Optional<Long> at = fields.numberOrHex(name, Range.U64);
            if (at.isPresent()) {
                places++;
                place = Optional.of(
                        switch (name) {
                            case "addr" -> new Place.Address(at.get());
                            case "req_off" -> new Place.InRequest(at.get());
                            default -> new Place.InResponse(at.get());
                        });
            }
        }
        if (places != 1) {
            throw new ScriptException("a descriptor of \"chain\" has one of addr, req_off and resp_off");
        }
        long length = required(fields, "len", Range.U32);
        int flags = (int) (long) fields.numberOrHex("flags", Range.upTo(U16)).orElse(0L);
        long usual = (flags & Descriptor.NEXT) != 0 ? index + 1 : 0;
        int next = (int) (long) fields.numberOrHex("next", Range.upTo(U16)).orElse(Math.min(usual, U16));
        return new RawDescriptor(place.orElseThrow(), length, flags, next);
    }

    private List<MemoryWrite> memory(JsonFields fields) {
        return fields.list(objects("mem", this::write));
    }

    private MemoryWrite write(JsonFields fields) {
        long address = required(fields, "addr", Range.U64);
        Optional<byte[]> bytes = fields.bytes("hex", Hex.ANY_CASE);
        Optional<byte[]> fill = fill(fields, "fill");
        if (bytes.isPresent() == fill.isPresent()) {
            throw new ScriptException("a write of \"mem\" has either hex, or fill and len");
        }
        if (bytes.isPresent()) {
            take(bytes.get().length);
            return new MemoryWrite(address, bytes.get());
        }
        int length = (int) required(fields, "len", Range.upTo(MAX_WRITTEN));
        take(length);
        byte[] filled = new byte[length];
        byte[] pattern = fill.orElseThrow();
        int done = Math.min(pattern.length, length);
        System.arraycopy(pattern, 0, filled, 0, done);
        while (done < length) {
            // What is there is whole patterns, so it can be copied behind itself.
            int more = Math.min(done, length - done);
            System.arraycopy(filled, 0, filled, done, more);
            done += more;
        }
        return new MemoryWrite(address, filled);
    }

    /** Counts bytes before they are made. */
    private void take(int bytes) {
        if (bytes > MAX_WRITTEN - written) {
            throw new ScriptException(Text.format("a line writes at most %d bytes of memory", MAX_WRITTEN));
        }
        written += bytes;
    }

    private static RigSettings settings(JsonFields fields) {
        long ram = fields.numberOrHex("ram", Range.upTo(Ram.MAX_SIZE)).orElse(RigSettings.EXEC.ramBytes());
        List<List<Integer>> sizes = fields.pairs("heads", size -> size);
        QueueFeatures queues = QueueFeatures.of(fields.texts("virtqueue"))
                .orElseThrow(() -> new ScriptException("\"virtqueue\" is a list of "
                        + String.join(", ", QueueFeatures.words()) + ", each once at most"));
        boolean larger = fields.flag("larger_views").orElse(false);
        try {
            List<Display> heads = sizes.stream()
                    .map(size -> mode(size.getFirst(), size.getLast()).display())
                    .toList();
            List<Display> displays =
                    heads.isEmpty() ? RigSettings.EXEC.displays().displays() : heads;
            return new RigSettings(ram, new DisplayConfig(displays, larger), queues);
        } catch (IllegalArgumentException e) {
            throw new ScriptException("no such device: " + e.getMessage(), e);
        }
    }
}
