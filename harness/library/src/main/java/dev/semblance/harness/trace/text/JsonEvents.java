package dev.semblance.harness.trace.text;

import dev.semblance.harness.json.Json;
import dev.semblance.harness.json.JsonFields;
import dev.semblance.harness.json.JsonSyntaxException;
import dev.semblance.harness.json.JsonText;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Makes a trace's manifest and events from the lines of {@link EventJson} again. Strict: a field that is missing, unknown,
 * doubled or out of its range is refused. Lines are not trusted: no line becomes a tree, nesting and texts are bounded.
 */
public final class JsonEvents {

    /**
     * The longest line that is understood, in bytes: the longest that {@link EventJson} writes has 131 072 backing
     * entries, decoded.
     */
    public static final int MAX_LINE_BYTES = 32 << 20;

    /** The hexadecimal digits of the longest event. */
    private static final int MAX_TEXT = 1 << 20;

    private static final JsonFactory JSON = Json.strict(StreamReadConstraints.builder()
            .maxNestingDepth(16)
            .maxStringLength(MAX_TEXT)
            .maxNumberLength(32)
            .maxNameLength(64)
            .build());

    /**
     * An event as a line has it.
     *
     * @param sequence its place in the trace, if the line says it
     * @param cycle the cycle at which it happened
     * @param event what happened
     */
    public record Placed(Optional<Long> sequence, long cycle, TraceEvent event) {}

    private JsonEvents() {}

    /**
     * Reads the line that stands before all events.
     *
     * @param line one line of JSON
     * @return the manifest
     * @throws IllegalArgumentException if it is not one; the message ends a sentence
     */
    public static TraceManifest manifest(byte[] line) {
        return parse(line, JsonEvents::manifest);
    }

    private static TraceManifest manifest(JsonParser parser) {
        Optional<TraceManifest> manifest = Optional.empty();
        boolean named = false;
        boolean version = false;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            throw JsonFields.noObject();
        }
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            switch (name) {
                case "event" -> named = "manifest".equals(parser.getString());
                case "formatVersion" -> version = isVersion(parser);
                case "manifest" -> manifest = Optional.of(manifestHere(parser));
                default -> throw JsonFields.unknown(name, List.of("event", "formatVersion", "manifest"));
            }
        }
        if (!named || !version) {
            throw new IllegalArgumentException("the first line is not a manifest, as \"dump --json\" writes it");
        }
        return manifest.orElseThrow(() -> JsonFields.missing("manifest"));
    }

    private static boolean isVersion(JsonParser parser) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
            throw JsonFields.wrong("formatVersion", "a whole number", JsonFields.brief(parser.getString()));
        }
        // Whatever could be dumped can be written: what a later version adds is seen where it is used.
        return true;
    }

    private static TraceManifest manifestHere(JsonParser parser) {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        try (JsonGenerator copy = JSON.createGenerator(ObjectWriteContext.empty(), json)) {
            copy.copyCurrentStructure(parser);
        }
        try {
            return TraceManifest.fromJson(json.toByteArray());
        } catch (TraceFormatException e) {
            throw new IllegalArgumentException(e.reason(), e);
        }
    }

    /**
     * Reads the line of an event.
     *
     * @param line one line of JSON
     * @return the event with its place
     * @throws IllegalArgumentException if it is not one; the message ends a sentence
     */
    public static Placed event(byte[] line) {
        return parse(line, parser -> {
            LineFields fields = LineFields.read(parser);
            Optional<Long> sequence =
                    fields.has("sequence") ? Optional.of(fields.signed("sequence")) : Optional.empty();
            Placed placed = new Placed(sequence, fields.signed("cycle"), event(fields));
            fields.end();
            return placed;
        });
    }

    private static <T> T parse(byte[] line, Function<JsonParser, T> reader) {
        Optional<String> problem = JsonText.problem(line);
        if (problem.isPresent()) {
            throw new IllegalArgumentException("the JSON cannot be kept: " + problem.get());
        }
        try {
            return Json.reading(() -> {
                try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
                    parser.nextToken();
                    T result = reader.apply(parser);
                    if (parser.nextToken() != null) {
                        throw new IllegalArgumentException("something follows the JSON object");
                    }
                    return result;
                }
            });
        } catch (JsonSyntaxException e) {
            throw new IllegalArgumentException("the JSON is not understood: " + e.getMessage(), e);
        }
    }

    private static TraceEvent event(LineFields fields) {
        String name = fields.text("event");
        EventKind kind = EventKind.named(name)
                .orElseThrow(() ->
                        new IllegalArgumentException(Text.format("there is no event \"%s\"", JsonFields.brief(name))));
        return switch (kind) {
            case RESET -> new TraceEvent.Reset(device(fields));
            case FEATURES -> new TraceEvent.Features(device(fields), fields.address("features"), fields.flag("agreed"));
            case QUEUE_ENABLED ->
                new TraceEvent.QueueEnabled(
                        device(fields),
                        queue(fields),
                        new QueueLayout(
                                fields.u31("size"),
                                fields.address("descriptorTable"),
                                fields.address("availableRing"),
                                fields.address("usedRing")));
            case QUEUE_DISABLED -> new TraceEvent.QueueDisabled(device(fields), queue(fields));
            case QUEUE_RESET -> new TraceEvent.QueueReset(device(fields), queue(fields));
            case DISPLAY_CHANGE ->
                new TraceEvent.DisplayChange(
                        device(fields),
                        fields.u31("scanout"),
                        new TraceManifest.DisplayMode(fields.u31("width"), fields.u31("height")));
            case DRIVER_OK -> new TraceEvent.DriverOk(device(fields));
            case NEEDS_RESET -> new TraceEvent.NeedsReset(device(fields));
            case CONFIG_READ ->
                new TraceEvent.ConfigRead(
                        device(fields), fields.u31("offset"), fields.u31("width"), fields.u32("value"));
            case CONFIG_WRITE ->
                new TraceEvent.ConfigWrite(
                        device(fields), fields.u31("offset"), fields.u31("width"), fields.u32("value"));
            case NOTIFY -> new TraceEvent.Notify(device(fields), queue(fields));
            case MEMORY -> new TraceEvent.Memory(device(fields), fields.runs());
            case REQUEST_PART -> new TraceEvent.RequestPart(device(fields), queue(fields), fields.bytes("bytes"));
            case COMMAND -> command(fields);
            case FAULT ->
                new TraceEvent.Fault(
                        device(fields), queue(fields), fields.oneOf(RingFault.Reason.class, "reason"), fields.reads());
            case INPUT -> new TraceEvent.Input(device(fields), fields.items());
            case CONSOLE_INPUT -> new TraceEvent.ConsoleInput(fields.bytes("bytes"));
            case CONSOLE_OUTPUT -> new TraceEvent.ConsoleOutput(oneByte(fields.bytes("value")));
            case FLUSH ->
                new TraceEvent.Flush(
                        fields.u31("scanout"), fields.u31("width"), fields.u31("height"), fields.digest("digest"));
            case SCANOUT_DISABLED -> new TraceEvent.ScanoutDisabled(fields.u31("scanout"));
            case CURSOR ->
                new TraceEvent.Cursor(
                        fields.u31("scanout"),
                        fields.has("image") ? OptionalLong.of(fields.digest("image")) : OptionalLong.empty(),
                        fields.s32("x"),
                        fields.s32("y"),
                        fields.s32("hotX"),
                        fields.s32("hotY"));
            case SNAPSHOT ->
                new TraceEvent.Snapshot(
                        fields.text("label"),
                        fields.u31("scanout"),
                        fields.u31("width"),
                        fields.u31("height"),
                        fields.digest("digest"));
            case CHECKPOINT -> new TraceEvent.Checkpoint(fields.signed("instret"), fields.bytes("stateDigest"));
            case END ->
                new TraceEvent.End(
                        fields.oneOf(TraceEvent.End.Reason.class, "reason"),
                        fields.signed("instret"),
                        fields.bytes("stateDigest"));
        };
    }

    private static Command command(LineFields fields) {
        Payload payload = fields.has("request")
                ? new Payload.Full(fields.bytes("request"), fields.bytes("response"))
                : new Payload.Disk(
                        fields.bytes("header"),
                        fields.unsigned("sector"),
                        fields.signed("dataLength"),
                        fields.digest("dataDigest"),
                        fields.has("status") ? OptionalLong.of(fields.u31("status")) : OptionalLong.empty());
        return new Command(
                device(fields),
                queue(fields),
                fields.u31("head"),
                fields.descriptors(),
                payload,
                fields.signed("usedLength"),
                fields.oneOf(Notification.class, "notification"));
    }

    private static byte oneByte(byte[] bytes) {
        if (bytes.length != 1) {
            throw new IllegalArgumentException("\"value\" is not one byte");
        }
        return bytes[0];
    }

    private static int device(LineFields fields) {
        return fields.u31("device");
    }

    private static int queue(LineFields fields) {
        return fields.u31("queue");
    }
}
