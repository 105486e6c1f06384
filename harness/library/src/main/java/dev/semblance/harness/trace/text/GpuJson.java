package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.Rect;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPU commands and responses as JSON, under the names of the specification's structures (VIRTIO 1.2, 5.7.6.7 to 5.7.6.10)
 * in camel case. Fields of the header that are zero are left out.
 */
@SuppressWarnings("exports") // For the rooms behind this one: programs of others have no use for the library's nodes.
public final class GpuJson {

    private GpuJson() {}

    /**
     * {@return a command as an object}
     *
     * @param command what the driver asks for
     */
    public static ObjectNode of(GpuCommand command) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", GpuText.name(command));
        switch (command) {
            case GpuCommand.GetDisplayInfo c -> {}
            case GpuCommand.ResourceCreate2d c ->
                node.put("resourceId", c.resourceId())
                        .put("format", GpuText.format(c.format()))
                        .put("width", c.width())
                        .put("height", c.height());
            case GpuCommand.ResourceUnref c -> node.put("resourceId", c.resourceId());
            case GpuCommand.SetScanout c ->
                rect(node, c.rect()).put("scanoutId", c.scanoutId()).put("resourceId", c.resourceId());
            case GpuCommand.ResourceFlush c -> rect(node, c.rect()).put("resourceId", c.resourceId());
            case GpuCommand.TransferToHost2d c ->
                rect(node, c.rect())
                        .put("offset", EventJson.unsigned(c.offset()))
                        .put("resourceId", c.resourceId());
            case GpuCommand.ResourceAttachBacking c -> {
                node.put("resourceId", c.resourceId()).put("entryCount", c.entryCount());
                ArrayNode entries = node.putArray("entries");
                c.entries()
                        .forEach(entry -> entries.addObject()
                                .put("address", EventJson.address(entry.address()))
                                .put("length", entry.length()));
            }
            case GpuCommand.ResourceDetachBacking c -> node.put("resourceId", c.resourceId());
            case GpuCommand.GetEdid c -> node.put("scanoutId", c.scanoutId());
            case GpuCommand.UpdateCursor c ->
                position(node, c.position())
                        .put("resourceId", c.resourceId())
                        .put("hotX", c.hotX())
                        .put("hotY", c.hotY());
            case GpuCommand.MoveCursor c -> {
                position(node, c.position());
                // They mean nothing in a MOVE_CURSOR (5.7.6.10); drivers fill them in all the same.
                unlessZero(node, "resourceId", c.resourceId());
                unlessZero(node, "hotX", c.hotX());
                unlessZero(node, "hotY", c.hotY());
            }
            case GpuCommand.Unknown c -> node.put("body", EventJson.hex(c.body()));
            case GpuCommand.Truncated c -> node.put("body", EventJson.hex(c.body()));
            case GpuCommand.NoHeader c -> node.put("body", EventJson.hex(c.bytes()));
        }
        return header(node, command.header());
    }

    /**
     * {@return a response as an object}
     *
     * @param response what the device answers
     */
    public static ObjectNode of(GpuResponse response) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("type", GpuText.name(response));
        switch (response) {
            case GpuResponse.OkNoData r -> {}
            case GpuResponse.OkDisplayInfo r -> {
                ArrayNode displays = node.putArray("displays");
                r.displays()
                        .forEach(display -> rect(displays.addObject(), display.rect())
                                .put("enabled", display.enabled())
                                .put("flags", display.flags()));
            }
            case GpuResponse.OkEdid r -> node.put("edid", EventJson.hex(r.edid()));
            case GpuResponse.Refused r -> {}
            case GpuResponse.Unknown r -> node.put("body", EventJson.hex(r.body()));
            case GpuResponse.Truncated r -> node.put("body", EventJson.hex(r.bytes()));
        }
        return header(node, response.header());
    }

    private static ObjectNode header(ObjectNode node, Header header) {
        if (header.flags() != 0) {
            node.put("flags", Integer.toUnsignedLong(header.flags()));
        }
        if (header.isFenced() || header.fenceId() != 0) {
            node.put("fenceId", EventJson.unsigned(header.fenceId()));
        }
        unlessZero(node, "contextId", header.contextId());
        unlessZero(node, "ringIndex", header.ringIndex());
        return node;
    }

    private static void unlessZero(ObjectNode node, String name, long value) {
        if (value != 0) {
            node.put(name, value);
        }
    }

    private static ObjectNode rect(ObjectNode node, Rect rect) {
        node.putObject("rect")
                .put("x", rect.x())
                .put("y", rect.y())
                .put("width", rect.width())
                .put("height", rect.height());
        return node;
    }

    private static ObjectNode position(ObjectNode node, CursorPosition position) {
        return node.put("scanoutId", position.scanoutId())
                .put("x", position.x())
                .put("y", position.y());
    }
}
