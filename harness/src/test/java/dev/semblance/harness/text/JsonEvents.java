package dev.semblance.harness.text;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Makes events from their JSON lines, from nothing but the fields that EventJson calls complete. */
final class JsonEvents {

    private final JsonNode node;

    private JsonEvents(JsonNode node) {
        this.node = node;
    }

    static Stamped read(String line) {
        JsonNode node = JsonMapper.builder().build().readTree(line);
        return new Stamped(
                node.get("sequence").longValue(), node.get("cycle").longValue(), new JsonEvents(node).event());
    }

    private TraceEvent event() {
        return switch (node.get("event").stringValue()) {
            case "reset" -> new TraceEvent.Reset(device());
            case "features" ->
                new TraceEvent.Features(
                        device(), address("features"), node.get("agreed").booleanValue());
            case "queueEnabled" ->
                new TraceEvent.QueueEnabled(
                        device(),
                        queue(),
                        new QueueLayout(
                                number("size"),
                                address("descriptorTable"),
                                address("availableRing"),
                                address("usedRing")));
            case "queueDisabled" -> new TraceEvent.QueueDisabled(device(), queue());
            case "driverOk" -> new TraceEvent.DriverOk(device());
            case "needsReset" -> new TraceEvent.NeedsReset(device());
            case "configRead" ->
                new TraceEvent.ConfigRead(device(), number("offset"), number("width"), number("value"));
            case "configWrite" ->
                new TraceEvent.ConfigWrite(device(), number("offset"), number("width"), number("value"));
            case "notify" -> new TraceEvent.Notify(device(), queue());
            case "memory" -> new TraceEvent.Memory(device(), runs("runs"));
            case "requestPart" -> new TraceEvent.RequestPart(device(), queue(), bytes("bytes"));
            case "command" -> command();
            case "fault" ->
                new TraceEvent.Fault(device(), queue(), RingFault.Reason.valueOf(text("reason")), runs("reads"));
            case "input" -> {
                List<InputItem> items = new ArrayList<>();
                for (JsonNode item : node.get("items")) {
                    JsonEvents fields = new JsonEvents(item);
                    items.add(new InputItem(fields.number("type"), fields.number("code"), fields.number("value")));
                }
                yield new TraceEvent.Input(device(), items);
            }
            case "consoleInput" -> new TraceEvent.ConsoleInput(bytes("bytes"));
            case "consoleOutput" -> new TraceEvent.ConsoleOutput(bytes("value")[0]);
            case "flush" ->
                new TraceEvent.Flush(number("scanout"), number("width"), number("height"), digest("digest"));
            case "scanoutDisabled" -> new TraceEvent.ScanoutDisabled(number("scanout"));
            case "cursor" ->
                new TraceEvent.Cursor(
                        number("scanout"),
                        node.has("image") ? OptionalLong.of(digest("image")) : OptionalLong.empty(),
                        number("x"),
                        number("y"),
                        number("hotX"),
                        number("hotY"));
            case "snapshot" ->
                new TraceEvent.Snapshot(
                        text("label"), number("scanout"), number("width"), number("height"), digest("digest"));
            case "checkpoint" -> new TraceEvent.Checkpoint(node.get("instret").longValue(), bytes("stateDigest"));
            case "end" ->
                new TraceEvent.End(
                        TraceEvent.End.Reason.valueOf(text("reason")),
                        node.get("instret").longValue(),
                        bytes("stateDigest"));
            default -> throw new IllegalArgumentException(node.toString());
        };
    }

    private Command command() {
        List<Descriptor> descriptors = new ArrayList<>();
        for (JsonNode one : node.get("descriptors")) {
            JsonEvents fields = new JsonEvents(one);
            descriptors.add(new Descriptor(
                    fields.number("index"),
                    fields.address("address"),
                    one.get("length").longValue(),
                    fields.number("flags")));
        }
        Payload payload = node.has("request")
                ? new Payload.Full(bytes("request"), bytes("response"))
                : new Payload.Disk(
                        bytes("header"),
                        node.get("sector").bigIntegerValue().longValue(),
                        node.get("dataLength").longValue(),
                        digest("dataDigest"),
                        node.has("status") ? OptionalLong.of(number("status")) : OptionalLong.empty());
        return new Command(
                device(),
                queue(),
                number("head"),
                descriptors,
                payload,
                node.get("usedLength").longValue(),
                Notification.valueOf(text("notification")));
    }

    private List<Bytes> runs(String field) {
        List<Bytes> runs = new ArrayList<>();
        for (JsonNode run : node.get(field)) {
            JsonEvents fields = new JsonEvents(run);
            runs.add(new Bytes(fields.address("address"), fields.bytes("bytes")));
        }
        return runs;
    }

    private int device() {
        return number("device");
    }

    private int queue() {
        return number("queue");
    }

    /** Unsigned numbers of 32 bits, too, are ints in events. */
    private int number(String field) {
        return (int) node.get(field).longValue();
    }

    private String text(String field) {
        return node.get(field).stringValue();
    }

    private byte[] bytes(String field) {
        return HexFormat.of().parseHex(text(field));
    }

    private long address(String field) {
        return Long.parseUnsignedLong(text(field).substring(2), 16);
    }

    private long digest(String field) {
        return Long.parseUnsignedLong(text(field), 16);
    }
}
