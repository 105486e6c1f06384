package dev.semblance.harness.rig;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Point;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor;
import dev.semblance.harness.rig.ScriptLine.RawDescriptor.Place;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.memory.Ram;
import dev.semblance.machine.virtio.Descriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** What the JSON object of one line means. */
final class ScriptLineParser {

    /** How much memory one line can write. */
    static final int MAX_WRITTEN = 64 << 20;

    /** How much memory one line can read. */
    static final int MAX_READ = 8 << 20;

    private static final long U32 = 0xffff_ffffL;
    private static final int U16 = 0xffff;

    /** Bytes that the line writes so far. */
    private int written;

    private static final List<String> OPS = List.of(
            "screendump",
            "reset",
            "status",
            "batch",
            "mem_read",
            "mem_write",
            "config_read",
            "queue_reset",
            "device",
            "note");

    private ScriptLineParser() {}

    /** What a line can be. */
    sealed interface Parsed {

        /** Something to do. */
        record Line(ScriptLine line) implements Parsed {}

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
        JsonFields fields = new JsonFields(node);
        Parsed parsed = new ScriptLineParser().parse(fields);
        fields.end();
        return parsed;
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
                yield new Parsed.Line(command(fields));
            }
            default -> new Parsed.Line(line(op, fields));
        };
    }

    private ScriptLine line(String op, JsonFields fields) {
        Optional<String> id = id(fields);
        return switch (op) {
            case "batch" -> {
                List<Command> commands = fields.objects("cmds", this::command);
                if (commands.isEmpty()) {
                    throw new ScriptException("a batch has \"cmds\", a list of at least one command");
                }
                yield new ScriptLine.Batch(id, commands);
            }
            case "mem_write" -> new ScriptLine.Poke(id, memory(fields));
            case "screendump" ->
                new ScriptLine.Screendump(
                        id,
                        (int) (long) fields.number("head", Integer.MAX_VALUE).orElse(0L),
                        fields.pairs("pixels", pair -> new Point(pair.getFirst(), pair.getLast())),
                        fields.text("png").map(ScriptLineParser::png));
            case "reset" -> {
                boolean statusOnly = fields.flag("status_only");
                Optional<Long> features = fields.number("features", -1);
                if (statusOnly && features.isPresent()) {
                    throw new ScriptException("with \"status_only\" no \"features\" are negotiated");
                }
                yield new ScriptLine.Reset(
                        id, statusOnly, features.map(OptionalLong::of).orElseGet(OptionalLong::empty));
            }
            case "queue_reset" -> new ScriptLine.QueueReset(id, queue(fields));
            case "status" -> new ScriptLine.Status(id);
            case "mem_read" ->
                new ScriptLine.MemoryRead(id, fields.required("addr", -1), (int) fields.required("len", MAX_READ));
            case "config_read" -> {
                int offset = (int) fields.required("off", Integer.MAX_VALUE);
                int width = (int) fields.required("width", 4);
                if (width != 1 && width != 2 && width != 4) {
                    throw new ScriptException("\"width\" is 1, 2 or 4, not " + width);
                }
                yield new ScriptLine.ConfigRead(id, offset, width);
            }
            default -> throw unknown(op);
        };
    }

    private static ScriptException unknown(String op) {
        return new ScriptException(Text.format(
                "there is no op \"%s\"%s",
                op.length() > 40 ? op.substring(0, 40) + "…" : op, Suggestions.hintOrAll(op, OPS, "there are")));
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
        Optional<byte[]> request = fields.bytes("request_hex");
        Optional<Long> room = fields.number("resp_len", DeviceRig.BUFFER_BYTES);
        if (!raw && request.isEmpty()) {
            throw JsonFields.missing("request_hex");
        }
        if (!raw && room.isEmpty()) {
            throw JsonFields.missing("resp_len");
        }
        Command plain = Command.of(queue(fields), request.orElse(new byte[0]), (int) (long) room.orElse(0L));
        List<RawDescriptor> chain = new ArrayList<>();
        fields.objects("chain", descriptor -> chain.add(descriptor(descriptor, chain.size())));
        if (raw && chain.isEmpty()) {
            throw new ScriptException("\"chain\" has at least one descriptor");
        }
        return new Command(
                id(fields),
                plain.queue(),
                memory(fields),
                plain.request(),
                fields.numbers("req_split"),
                plain.responseLength(),
                fields.numbers("resp_split"),
                fields.fill("resp_fill").orElse(plain.responseFill()),
                chain,
                fields.flag("indirect"),
                fields.flag("no_interrupt"));
    }

    private static Queue queue(JsonFields fields) {
        String name = fields.text("queue").orElse("control");
        return switch (name) {
            case "control" -> Queue.CONTROL;
            case "cursor" -> Queue.CURSOR;
            default -> throw new ScriptException("\"queue\" is control or cursor");
        };
    }

    private static RawDescriptor descriptor(JsonFields fields, int index) {
        Optional<Place> place = Optional.empty();
        int places = 0;
        for (String name : List.of("addr", "req_off", "resp_off")) {
            Optional<Long> at = fields.number(name, -1);
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
        long length = fields.required("len", U32);
        int flags = (int) (long) fields.number("flags", U16).orElse(0L);
        long usual = (flags & Descriptor.NEXT) != 0 ? index + 1 : 0;
        int next = (int) (long) fields.number("next", U16).orElse(Math.min(usual, U16));
        return new RawDescriptor(place.orElseThrow(), length, flags, next);
    }

    private List<MemoryWrite> memory(JsonFields fields) {
        return fields.objects("mem", this::write);
    }

    private MemoryWrite write(JsonFields fields) {
        long address = fields.required("addr", -1);
        Optional<byte[]> bytes = fields.bytes("hex");
        Optional<byte[]> fill = fields.fill("fill");
        if (bytes.isPresent() == fill.isPresent()) {
            throw new ScriptException("a write of \"mem\" has either hex, or fill and len");
        }
        if (bytes.isPresent()) {
            take(bytes.get().length);
            return new MemoryWrite(address, bytes.get());
        }
        int length = (int) fields.required("len", MAX_WRITTEN);
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
        long ram = fields.number("ram", Ram.MAX_SIZE).orElse(RigSettings.EXEC.ramBytes());
        List<Display> heads = new ArrayList<>();
        List<String> words = fields.texts("virtqueue");
        QueueFeatures queues = QueueFeatures.of(words)
                .orElseThrow(() -> new ScriptException("\"virtqueue\" is a list of "
                        + String.join(", ", QueueFeatures.words()) + ", each once at most"));
        try {
            fields.pairs("heads", pair -> heads.add(Display.of(pair.getFirst(), pair.getLast())));
            return new RigSettings(
                    ram,
                    heads.isEmpty() ? RigSettings.EXEC.displays() : DisplayConfig.of(heads.toArray(Display[]::new)),
                    queues);
        } catch (IllegalArgumentException e) {
            throw new ScriptException("no such device: " + e.getMessage(), e);
        }
    }
}
