package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Text;
import java.math.BigInteger;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON, one object a line, complete: the events can be made from the lines again. A line has {@code sequence},
 * {@code cycle} and {@code event}, then the event's fields by the names of {@link TraceEvent}'s records. Bytes and digests
 * are hexadecimal digits, addresses and feature bits hexadecimal with 0x, enums by their names, what is absent is left
 * out. {@code decoded}, {@code name}, {@code names}, {@code text} and {@code deviceName} only repeat other fields for
 * people and filters.
 */
public final class EventJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final TraceManifest manifest;
    private final RequestAssembler requests = RequestAssembler.ofAllDevices(RequestAssembler.MAX_BYTES);

    /**
     * Makes one for the events of a trace.
     *
     * @param manifest what the trace was made with
     */
    public EventJson(TraceManifest manifest) {
        this.manifest = manifest;
    }

    /**
     * {@return the line that stands before all events, {@code "event":"manifest"}: what the trace was made with}
     *
     * @param manifest what the trace was made with
     * @param formatVersion of the file
     */
    public static String header(TraceManifest manifest, int formatVersion) {
        ObjectNode node = NODES.objectNode();
        node.put("event", "manifest").put("formatVersion", formatVersion);
        node.set("manifest", MAPPER.readTree(manifest.toJson()));
        return MAPPER.writeValueAsString(node);
    }

    /**
     * {@return the line for the next event of the trace}
     *
     * @param stamped the event with its place
     */
    public String line(Stamped stamped) {
        return MAPPER.writeValueAsString(node(stamped));
    }

    private ObjectNode node(Stamped stamped) {
        ObjectNode node = NODES.objectNode();
        node.put("sequence", stamped.sequence()).put("cycle", stamped.cycle());
        node.put("event", EventKind.of(stamped.event()).jsonName());
        describe(node, stamped.event());
        return node;
    }

    /**
     * {@return the fields of the next event of the trace, each by its path in the line, such as {@code decoded.command.rect.x} or
     * {@code items[2].name}, in the order in which they are there}
     *
     * @param stamped the event with its place
     */
    public Map<String, String> fields(Stamped stamped) {
        Map<String, String> fields = new LinkedHashMap<>();
        flatten("", node(stamped), fields);
        return fields;
    }

    private static void flatten(String name, JsonNode node, Map<String, String> fields) {
        if (node.isObject()) {
            node.properties()
                    .forEach(property -> flatten(
                            name.isEmpty() ? property.getKey() : name + "." + property.getKey(),
                            property.getValue(),
                            fields));
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                flatten(name + "[" + i + "]", node.get(i), fields);
            }
        } else {
            fields.put(name, node.asString());
        }
    }

    /**
     * Passes the next event of the trace whose line is not wanted; later ones may depend on it.
     *
     * @param event what happened
     */
    public void pass(TraceEvent event) {
        requests.take(event);
    }

    private void describe(ObjectNode node, TraceEvent event) {
        Request request = requests.take(event).orElse(Request.NONE);
        switch (event) {
            case TraceEvent.OfDevice ofDevice -> {
                DeviceNames names = DeviceNames.of(manifest, ofDevice.device());
                node.put("device", ofDevice.device()).put("deviceName", names.device());
                ofDevice(node, names, ofDevice, request);
            }
            case TraceEvent.ConsoleInput input ->
                node.put("bytes", hex(input.bytes())).put("text", text(input.bytes()));
            case TraceEvent.ConsoleOutput output -> {
                byte[] bytes = {output.value()};
                node.put("value", hex(bytes)).put("text", text(bytes));
            }
            case TraceEvent.Flush flush ->
                node.put("scanout", flush.scanout())
                        .put("width", flush.width())
                        .put("height", flush.height())
                        .put("digest", digest(flush.digest()));
            case TraceEvent.ScanoutDisabled disabled -> node.put("scanout", disabled.scanout());
            case TraceEvent.Cursor cursor -> {
                node.put("scanout", cursor.scanout());
                cursor.image().ifPresent(image -> node.put("image", digest(image)));
                node.put("x", cursor.x())
                        .put("y", cursor.y())
                        .put("hotX", cursor.hotX())
                        .put("hotY", cursor.hotY());
            }
            case TraceEvent.Snapshot snapshot ->
                node.put("label", snapshot.label())
                        .put("scanout", snapshot.scanout())
                        .put("width", snapshot.width())
                        .put("height", snapshot.height())
                        .put("digest", digest(snapshot.digest()));
            case TraceEvent.Checkpoint checkpoint ->
                node.put("instret", checkpoint.instret()).put("stateDigest", hex(checkpoint.stateDigest()));
            case TraceEvent.End end ->
                node.put("reason", end.reason().name())
                        .put("instret", end.instret())
                        .put("stateDigest", hex(end.stateDigest()));
        }
    }

    private static void ofDevice(ObjectNode node, DeviceNames names, TraceEvent.OfDevice event, Request request) {
        switch (event) {
            case TraceEvent.Reset reset -> {}
            case TraceEvent.DisplayChange change ->
                node.put("scanout", change.scanout())
                        .put("width", change.mode().width())
                        .put("height", change.mode().height());
            case TraceEvent.DriverOk driverOk -> {}
            case TraceEvent.NeedsReset needsReset -> {}
            case TraceEvent.Features features ->
                node.put("features", Text.format("0x%x", features.features()))
                        .put("agreed", features.agreed())
                        .put("names", names.features(features.features()));
            case TraceEvent.QueueEnabled enabled ->
                queue(node, names, enabled.queue())
                        .put("size", enabled.layout().size())
                        .put("descriptorTable", address(enabled.layout().descriptorTable()))
                        .put("availableRing", address(enabled.layout().availableRing()))
                        .put("usedRing", address(enabled.layout().usedRing()));
            case TraceEvent.QueueDisabled disabled -> queue(node, names, disabled.queue());
            case TraceEvent.QueueReset reset -> queue(node, names, reset.queue());
            case TraceEvent.ConfigRead read ->
                node.put("offset", read.offset())
                        .put("width", read.width())
                        .put("value", Integer.toUnsignedLong(read.value()));
            case TraceEvent.ConfigWrite write ->
                node.put("offset", write.offset())
                        .put("width", write.width())
                        .put("value", Integer.toUnsignedLong(write.value()));
            case TraceEvent.Notify notify -> queue(node, names, notify.queue());
            case TraceEvent.Memory memory -> node.set("runs", runs(memory.runs()));
            case TraceEvent.RequestPart part -> queue(node, names, part.queue()).put("bytes", hex(part.bytes()));
            case Command command -> command(node, names, command, request);
            case TraceEvent.Fault fault ->
                queue(node, names, fault.queue())
                        .put("reason", fault.reason().name())
                        .set("reads", runs(fault.reads()));
            case TraceEvent.Input input -> {
                ArrayNode items = node.putArray("items");
                input.items()
                        .forEach(item -> items.addObject()
                                .put("type", item.type())
                                .put("code", item.code())
                                .put("value", item.value())
                                .put("name", InputNames.describe(item)));
            }
        }
    }

    private static void command(ObjectNode node, DeviceNames names, Command command, Request request) {
        queue(node, names, command.queue()).put("head", command.head());
        ArrayNode descriptors = node.putArray("descriptors");
        command.descriptors()
                .forEach(descriptor -> descriptors
                        .addObject()
                        .put("index", descriptor.index())
                        .put("address", address(descriptor.address()))
                        .put("length", descriptor.length())
                        .put("flags", descriptor.flags()));
        switch (command.payload()) {
            case Payload.Full full -> {
                node.put("request", hex(full.request())).put("response", hex(full.response()));
                if (names.type() == DeviceNames.Type.GPU) {
                    ObjectNode decoded = node.putObject("decoded");
                    decoded.set("command", GpuJson.of(DecodedCommand.of(request.bytes())));
                    decoded.set("response", GpuJson.of(ResponseCodec.decode(full.response())));
                }
            }
            case Payload.Disk disk -> {
                node.put("header", hex(disk.header()))
                        .put("sector", unsigned(disk.sector()))
                        .put("dataLength", disk.dataLength())
                        .put("dataDigest", digest(disk.dataDigest()));
                disk.status().ifPresent(status -> node.put("status", status));
                node.put("text", DiskText.describe(disk));
            }
        }
        node.put("usedLength", command.usedLength())
                .put("notification", command.notification().name());
    }

    private static ObjectNode queue(ObjectNode node, DeviceNames names, int queue) {
        return node.put("queue", queue).put("queueName", names.queue(queue));
    }

    private static ArrayNode runs(List<Bytes> runs) {
        ArrayNode array = NODES.arrayNode(runs.size());
        runs.forEach(
                run -> array.addObject().put("address", address(run.address())).put("bytes", hex(run.bytes())));
        return array;
    }

    static BigInteger unsigned(long value) {
        return new BigInteger(Long.toUnsignedString(value));
    }

    static String address(long address) {
        return Text.format("0x%x", address);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String digest(long digest) {
        return Text.format("%016x", digest);
    }

    private static String text(byte[] bytes) {
        return DeviceNames.plain(ByteText.of(bytes));
    }
}
