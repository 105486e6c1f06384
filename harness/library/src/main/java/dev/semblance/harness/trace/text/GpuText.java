package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.GpuResponse;
import dev.semblance.gpu.protocol.GpuResponse.DisplayInfo;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.util.Text;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** GPU commands and responses by the names of the specification (VIRTIO 1.2, 5.7.6.7 to 5.7.6.10). */
public final class GpuText {

    /** How many bytes of something unknown a line shows. */
    private static final int MAX_BYTES = 16;

    private GpuText() {}

    static String describe(GpuCommand command) {
        return name(command) + fields(command) + header(command.header());
    }

    /**
     * {@return the command's name without VIRTIO_GPU_CMD_}
     *
     * @param command what the driver asks for
     */
    public static String name(GpuCommand command) {
        return switch (command) {
            case GpuCommand.GetDisplayInfo c -> "GET_DISPLAY_INFO";
            case GpuCommand.ResourceCreate2d c -> "RESOURCE_CREATE_2D";
            case GpuCommand.ResourceUnref c -> "RESOURCE_UNREF";
            case GpuCommand.SetScanout c -> "SET_SCANOUT";
            case GpuCommand.ResourceFlush c -> "RESOURCE_FLUSH";
            case GpuCommand.TransferToHost2d c -> "TRANSFER_TO_HOST_2D";
            case GpuCommand.ResourceAttachBacking c -> "RESOURCE_ATTACH_BACKING";
            case GpuCommand.ResourceDetachBacking c -> "RESOURCE_DETACH_BACKING";
            case GpuCommand.GetEdid c -> "GET_EDID";
            case GpuCommand.UpdateCursor c -> "UPDATE_CURSOR";
            case GpuCommand.MoveCursor c -> "MOVE_CURSOR";
            case GpuCommand.Unknown c -> Text.format("unknown command 0x%x", c.type());
            case GpuCommand.Truncated c -> c.type() + " cut short";
            case GpuCommand.NoHeader c -> "no header";
        };
    }

    private static String fields(GpuCommand command) {
        return switch (command) {
            case GpuCommand.GetDisplayInfo c -> "";
            case GpuCommand.ResourceCreate2d c ->
                Text.format(" resource=%d %dx%d format=%s", c.resourceId(), c.width(), c.height(), format(c.format()));
            case GpuCommand.ResourceUnref c -> Text.format(" resource=%d", c.resourceId());
            case GpuCommand.SetScanout c ->
                Text.format(" scanout=%d rect=%s resource=%d", c.scanoutId(), rect(c.rect()), c.resourceId());
            case GpuCommand.ResourceFlush c -> Text.format(" rect=%s resource=%d", rect(c.rect()), c.resourceId());
            case GpuCommand.TransferToHost2d c ->
                Text.format(
                        " rect=%s offset=%s resource=%d",
                        rect(c.rect()), Long.toUnsignedString(c.offset()), c.resourceId());
            case GpuCommand.ResourceAttachBacking c ->
                Text.format(" resource=%d entries=%d%s", c.resourceId(), c.entryCount(), entries(c.entries()));
            case GpuCommand.ResourceDetachBacking c -> Text.format(" resource=%d", c.resourceId());
            case GpuCommand.GetEdid c -> Text.format(" scanout=%d", c.scanoutId());
            case GpuCommand.UpdateCursor c ->
                Text.format("%s resource=%d hot=%d,%d", position(c.position()), c.resourceId(), c.hotX(), c.hotY());
            case GpuCommand.MoveCursor c -> position(c.position());
            case GpuCommand.Unknown c -> body(c.body());
            case GpuCommand.Truncated c -> body(c.body());
            case GpuCommand.NoHeader c -> body(c.bytes());
        };
    }

    static String describe(GpuResponse response) {
        return name(response) + fields(response) + header(response.header());
    }

    /** {@return the response's name without VIRTIO_GPU_RESP_} */
    static String name(GpuResponse response) {
        return switch (response) {
            case GpuResponse.OkNoData r -> "OK_NODATA";
            case GpuResponse.OkDisplayInfo r -> "OK_DISPLAY_INFO";
            case GpuResponse.OkEdid r -> "OK_EDID";
            case GpuResponse.Refused r -> "ERR_" + r.code();
            case GpuResponse.Unknown r -> Text.format("unknown response 0x%x", r.type());
            case GpuResponse.Truncated r -> r.bytes().length == 0 ? "no response" : "response cut short";
        };
    }

    private static String fields(GpuResponse response) {
        return switch (response) {
            case GpuResponse.OkNoData r -> "";
            case GpuResponse.OkDisplayInfo r -> displays(r.displays());
            case GpuResponse.OkEdid r -> Text.format(" %d bytes", r.edid().length);
            case GpuResponse.Refused r -> "";
            case GpuResponse.Unknown r -> body(r.body());
            case GpuResponse.Truncated r -> body(r.bytes());
        };
    }

    private static String displays(List<DisplayInfo> displays) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < displays.size(); i++) {
            if (displays.get(i).enabled() != 0) {
                text.append(Text.format(" %d:%s", i, rect(displays.get(i).rect())));
            }
        }
        return text.isEmpty() ? " none enabled" : text.toString();
    }

    private static String header(Header header) {
        StringBuilder text = new StringBuilder();
        if (header.isFenced()) {
            text.append(" fence=").append(Long.toUnsignedString(header.fenceId()));
        }
        if ((header.flags() & ~Header.FENCE) != 0) {
            text.append(Text.format(" flags=0x%x", header.flags()));
        }
        if (header.contextId() != 0) {
            text.append(" context=").append(header.contextId());
        }
        if (header.ringIndex() != 0) {
            text.append(" ring=").append(header.ringIndex());
        }
        return text.toString();
    }

    private static String position(CursorPosition position) {
        return Text.format(" scanout=%d at %d,%d", position.scanoutId(), position.x(), position.y());
    }

    /**
     * {@return a rectangle as X does: size, then place}
     *
     * @param rect in pixels
     */
    public static String rect(Rect rect) {
        return Text.format("%dx%d+%d+%d", rect.width(), rect.height(), rect.x(), rect.y());
    }

    /** {@return the name of a pixel format, or its number where a 2D device has none of it} */
    static String format(long format) {
        Optional<PixelFormat> known = PixelFormat.of(format);
        return known.map(PixelFormat::name).orElseGet(() -> Long.toString(format));
    }

    private static String entries(List<MemoryEntry> entries) {
        long total = entries.stream().mapToLong(MemoryEntry::length).sum();
        return entries.isEmpty()
                ? ""
                : Text.format(
                        " (%s from 0x%x)",
                        Text.count(total, "byte"), entries.getFirst().address());
    }

    private static String body(byte[] body) {
        int shown = Math.min(body.length, MAX_BYTES);
        return body.length == 0
                ? ""
                : Text.format(
                        " [%d bytes %s%s]",
                        body.length, HexFormat.of().formatHex(body, 0, shown), body.length > shown ? "..." : "");
    }
}
