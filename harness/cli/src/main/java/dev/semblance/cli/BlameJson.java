package dev.semblance.cli;

import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.playback.blame.Blame.Hop;
import dev.semblance.harness.playback.blame.GpuStep;
import dev.semblance.harness.playback.blame.PixelSource;
import dev.semblance.harness.playback.blame.PixelSource.Layer;
import dev.semblance.harness.playback.blame.PixelSource.Plane;
import dev.semblance.harness.playback.blame.PixelSource.Written;
import dev.semblance.harness.playback.blame.Symbols;
import dev.semblance.harness.playback.blame.ValueOrigin;
import dev.semblance.harness.playback.blame.WriteSource;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Privilege;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What was found out of a pixel, as one JSON object (docs/JSON.md). */
final class BlameJson {

    private BlameJson() {}

    /** Returns the object in a line. */
    static String text(BlameCommand.Blamed blamed) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        PixelSource pixel = blamed.pixel();
        node.put("trace", blamed.trace().toString())
                .put("position", blamed.place().position().toString())
                .put("scanout", pixel.scanout())
                .put("x", pixel.x())
                .put("y", pixel.y())
                .put("colour", Text.format("#%06x", pixel.argb() & 0xff_ffff));
        ArrayNode planes = node.putArray("planes");
        pixel.cursor().ifPresent(layer -> layer(planes.addObject(), layer));
        pixel.primary().ifPresent(layer -> layer(planes.addObject(), layer));
        ArrayNode hops = node.putArray("hops");
        blamed.hops().forEach(hop -> hop(hops.addObject(), hop, blamed.symbols(hop)));
        blamed.notPlayed().ifPresent(reason -> node.put("notPlayed", reason));
        return TracesJson.text(node);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static ObjectNode step(ObjectNode node, String key, GpuStep<?> step) {
        return node.putObject(key).put("sequence", step.sequence()).put("cycle", step.cycle());
    }

    private static void rect(ObjectNode node, String key, Rect rect) {
        node.putObject(key)
                .put("x", rect.x())
                .put("y", rect.y())
                .put("width", rect.width())
                .put("height", rect.height());
    }

    private static void layer(ObjectNode node, Layer layer) {
        node.put("plane", layer.plane() == Plane.CURSOR ? "cursor" : "primary")
                .put("argb", Text.format("#%08x", layer.argb()))
                .put("resourceId", layer.created().command().resourceId())
                .put("imageX", layer.imageX())
                .put("imageY", layer.imageY());
        step(node, "created", layer.created());
        layer.bound()
                .ifPresent(bound ->
                        rect(step(node, "bound", bound), "view", bound.command().rect()));
        step(node, "shown", layer.shown());
        layer.written().ifPresent(written -> written(node.putObject("written"), written));
    }

    private static void written(ObjectNode node, Written written) {
        ObjectNode transfer = step(node, "transfer", written.transfer());
        rect(transfer, "rect", written.transfer().command().rect());
        transfer.put("offset", written.transfer().command().offset());
        step(node, "attached", written.attached());
        node.put("offset", written.offset());
        ArrayNode parts = node.putArray("memory");
        written.parts()
                .forEach(part ->
                        parts.addObject().put("address", hex(part.address())).put("length", part.length()));
    }

    private static void hop(ObjectNode node, Hop hop, Symbols symbols) {
        node.put("address", hex(hop.address())).put("length", hop.length());
        switch (hop.source()) {
            case WriteSource.Stored stored -> {
                MemoryEvent.Store store = stored.store();
                node.put("by", "store").put("bytes", hop.bytes()).put("cycle", store.cycle());
                instruction(node, store.pc(), store.privilege(), stored.instruction(), symbols);
                node.put("virtual", hex(store.virtual()))
                        .put("physical", hex(store.physical()))
                        .put("satp", hex(stored.satp()))
                        .put("value", hex(store.value()))
                        .put("ra", hex(stored.caller()));
                symbols.name(stored.caller()).ifPresent(name -> node.put("caller", name));
                stored.program().ifPresent(program -> node.put("program", program));
            }
            case WriteSource.Walked walked ->
                node.put("by", "walk")
                        .put("bytes", hop.bytes())
                        .put("cycle", walked.update().cycle())
                        .put("translated", hex(walked.update().translated()));
            case WriteSource.ByDevice device -> {
                node.put("by", "device")
                        .put("bytes", hop.bytes())
                        .put("cycle", device.write().cycle());
                device.event().ifPresent(event -> node.put("sequence", event.sequence()));
            }
            case WriteSource.Loaded loaded -> node.put("by", "start");
        }
        hop.value().ifPresent(value -> value(node.putObject("from"), value, symbols));
    }

    private static void value(ObjectNode node, ValueOrigin origin, Symbols symbols) {
        switch (origin) {
            case ValueOrigin.Copied copied -> load(node.put("by", "load"), copied, symbols);
            case ValueOrigin.Computed computed -> {
                node.put("by", "computation").put("cycle", computed.cycle());
                instruction(node, computed.pc(), computed.privilege(), computed.instruction(), symbols);
                ArrayNode loads = node.putArray("loads");
                computed.loads().forEach(load -> load(loads.addObject(), load, symbols));
            }
            case ValueOrigin.Unknown unknown -> node.put("by", "unknown").put("looked", unknown.instructions());
        }
    }

    private static void load(ObjectNode node, ValueOrigin.Copied load, Symbols symbols) {
        node.put("cycle", load.cycle());
        instruction(node, load.pc(), load.privilege(), load.instruction(), symbols);
        node.put("virtual", hex(load.virtual())).put("physical", hex(load.physical()));
    }

    private static void instruction(
            ObjectNode node, long pc, Privilege privilege, String instruction, Symbols symbols) {
        node.put("pc", hex(pc))
                .put("mode", privilege == Privilege.USER ? "user" : "supervisor")
                .put("instruction", instruction);
        symbols.name(pc).ifPresent(name -> node.put("symbol", name));
        symbols.line(pc).ifPresent(line -> node.put("file", line.file()).put("line", line.line()));
    }
}
