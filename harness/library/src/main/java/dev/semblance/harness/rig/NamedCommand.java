package dev.semblance.harness.rig;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Objects;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.text.GpuJson;
import dev.semblance.harness.util.Suggestions;
import dev.semblance.harness.util.Text;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Commands by name and fields, as {@link GpuJson} writes them (docs/SCRIPT.md, "By name"): what it writes of a command is
 * read as the same command.
 */
final class NamedCommand {

    /** 32 bits, with a sign or without. */
    private static final Range ANY_32 =
            new Range(BigInteger.valueOf(Integer.MIN_VALUE), BigInteger.valueOf(0xffff_ffffL));

    private static final List<String> NAMES =
            Arrays.stream(CommandType.values()).map(CommandType::name).toList();

    private static final String NO_HEADER = "no header";

    /** How a request that ends before its structure does is called. */
    private static final String CUT_SHORT = " cut short";

    /** A command that a 2D device does not have, by its number. */
    private static final Pattern OTHER = Pattern.compile("(?:unknown command )?0x([0-9a-fA-F]{1,8})");

    private NamedCommand() {}

    /**
     * {@return the command of a line, if it has one by name}
     *
     * @throws ScriptException if it is none, or has bytes beside its name
     */
    static Optional<GpuCommand> read(JsonFields line) {
        Optional<Long> fence = line.numberOrHex("fence", Range.U64);
        Optional<JsonNode> node = line.any("command");
        if (node.isEmpty()) {
            if (fence.isPresent()) {
                throw new ScriptException(
                        "\"fence\" is for a \"command\" by name; in \"request_hex\" it has its bytes");
            }
            return Optional.empty();
        }
        if (line.has("request_hex")) {
            throw new ScriptException("\"command\" and \"request_hex\" say the same; leave one of them out");
        }
        JsonFields fields = JsonFields.of(node.get());
        GpuCommand command = command(fields, header(fields, fence));
        fields.end();
        return Optional.of(command);
    }

    private static Header header(JsonFields fields, Optional<Long> fence) {
        if (fence.isPresent() && (fields.has("flags") || fields.has("fenceId"))) {
            throw new ScriptException("\"fence\" sets \"flags\" and \"fenceId\" of the header; leave them out");
        }
        long flags = fields.numberOrHex("flags", Range.U32).orElse(fence.isPresent() ? (long) Header.FENCE : 0L);
        long fenceId = fields.numberOrHex("fenceId", Range.U64).or(() -> fence).orElse(0L);
        return new Header(
                (int) flags, fenceId, fields.numberOrHex("contextId", Range.U32).orElse(0L), (int)
                        (long) fields.numberOrHex("ringIndex", Range.upTo(0xff)).orElse(0L));
    }

    private static GpuCommand command(JsonFields fields, Header header) {
        String name = fields.text("type").orElseThrow(() -> JsonFields.missing("type"));
        for (CommandType type : CommandType.values()) {
            if (name.equals(type.name())) {
                return command(type, fields, header);
            }
            if (name.equals(type + CUT_SHORT)) {
                if (type.size() == Header.SIZE) {
                    throw new ScriptException(type + " is a header alone: nothing of it can be cut short");
                }
                byte[] body = body(fields);
                if (body.length >= type.size() - Header.SIZE) {
                    throw new ScriptException(Text.format(
                            "\"body\" of a %s that is cut short has less than %d bytes",
                            type, type.size() - Header.SIZE));
                }
                return new GpuCommand.Truncated(header, type, body);
            }
        }
        if (name.equals(NO_HEADER)) {
            byte[] bytes = body(fields);
            if (bytes.length >= Header.SIZE || !header.equals(Header.NONE)) {
                throw new ScriptException(Text.format(
                        "a request without a header has a \"body\" of less than %d bytes, and nothing else",
                        Header.SIZE));
            }
            return new GpuCommand.NoHeader(bytes);
        }
        Matcher other = OTHER.matcher(name);
        if (!other.matches()) {
            throw new ScriptException(Text.format(
                    "there is no command \"%s\"%s",
                    JsonFields.brief(name), Suggestions.hintOrAll(name, NAMES, "there are")));
        }
        int number = Integer.parseUnsignedInt(other.group(1), 16);
        Optional<CommandType> known = CommandType.of(number);
        if (known.isPresent()) {
            throw new ScriptException(Text.format("0x%x is %s; call it so", number, known.get()));
        }
        return new GpuCommand.Unknown(header, number, body(fields));
    }

    private static byte[] body(JsonFields fields) {
        return fields.bytes("body", Hex.ANY_CASE).orElse(new byte[0]);
    }

    private static GpuCommand command(CommandType type, JsonFields fields, Header header) {
        return switch (type) {
            case GET_DISPLAY_INFO -> new GpuCommand.GetDisplayInfo(header);
            case RESOURCE_CREATE_2D ->
                new GpuCommand.ResourceCreate2d(
                        header, resource(fields), format(fields), u32(fields, "width"), u32(fields, "height"));
            case RESOURCE_UNREF -> new GpuCommand.ResourceUnref(header, resource(fields));
            case SET_SCANOUT ->
                new GpuCommand.SetScanout(header, rect(fields), u32(fields, "scanoutId"), resource(fields));
            case RESOURCE_FLUSH -> new GpuCommand.ResourceFlush(header, rect(fields), resource(fields));
            case TRANSFER_TO_HOST_2D ->
                new GpuCommand.TransferToHost2d(
                        header, rect(fields), required(fields, "offset", Range.U64), resource(fields));
            case RESOURCE_ATTACH_BACKING -> {
                List<MemoryEntry> entries = fields.list(new Objects<>(
                        "entries",
                        Integer.MAX_VALUE,
                        entry -> new MemoryEntry(required(entry, "address", Range.U64), u32(entry, "length"))));
                long count = fields.numberOrHex("entryCount", Range.U32).orElse((long) entries.size());
                yield new GpuCommand.ResourceAttachBacking(header, resource(fields), count, entries);
            }
            case RESOURCE_DETACH_BACKING -> new GpuCommand.ResourceDetachBacking(header, resource(fields));
            case GET_EDID -> new GpuCommand.GetEdid(header, u32(fields, "scanoutId"));
            case UPDATE_CURSOR ->
                new GpuCommand.UpdateCursor(
                        header, position(fields), resource(fields), optional(fields, "hotX"), optional(fields, "hotY"));
            case MOVE_CURSOR ->
                new GpuCommand.MoveCursor(
                        header,
                        position(fields),
                        optional(fields, "resourceId"),
                        optional(fields, "hotX"),
                        optional(fields, "hotY"));
        };
    }

    private static long resource(JsonFields fields) {
        return u32(fields, "resourceId");
    }

    private static long u32(JsonFields fields, String name) {
        return required(fields, name, Range.U32);
    }

    private static long optional(JsonFields fields, String name) {
        return fields.numberOrHex(name, Range.U32).orElse(0L);
    }

    private static long required(JsonFields fields, String name, Range range) {
        return fields.numberOrHex(name, range).orElseThrow(() -> JsonFields.missing(name));
    }

    private static Rect rect(JsonFields fields) {
        JsonFields rect = JsonFields.of(fields.any("rect").orElseThrow(() -> JsonFields.missing("rect")));
        Rect read = new Rect(u32(rect, "x"), u32(rect, "y"), u32(rect, "width"), u32(rect, "height"));
        rect.end();
        return read;
    }

    private static CursorPosition position(JsonFields fields) {
        return new CursorPosition(
                u32(fields, "scanoutId"), (int) required(fields, "x", ANY_32), (int) required(fields, "y", ANY_32));
    }

    /** {@return a format by its name, or any by its number} */
    private static long format(JsonFields fields) {
        JsonNode node = fields.any("format").orElseThrow(() -> JsonFields.missing("format"));
        String name = node.isString() ? node.stringValue() : "";
        for (PixelFormat format : PixelFormat.values()) {
            if (name.equals(format.name())) {
                return format.number();
            }
        }
        if (name.matches("[0-9]{1,10}") && Long.parseLong(name) <= 0xffff_ffffL) {
            return Long.parseLong(name);
        }
        if (node.isString() && !name.startsWith("0x")) {
            List<String> names =
                    Arrays.stream(PixelFormat.values()).map(PixelFormat::name).toList();
            throw new ScriptException(Text.format(
                    "there is no format \"%s\"%s",
                    JsonFields.brief(name), Suggestions.hintOrAll(name, names, "there are")));
        }
        return u32(fields, "format");
    }

    /** {@return the queue that a command is for (5.7.2)} */
    static Queue queue(GpuCommand command) {
        return switch (command) {
            case GpuCommand.UpdateCursor c -> Queue.CURSOR;
            case GpuCommand.MoveCursor c -> Queue.CURSOR;
            default -> Queue.CONTROL;
        };
    }
}
