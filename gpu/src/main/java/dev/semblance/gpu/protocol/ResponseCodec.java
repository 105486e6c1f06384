package dev.semblance.gpu.protocol;

import dev.semblance.gpu.protocol.GpuResponse.DisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkDisplayInfo;
import dev.semblance.gpu.protocol.GpuResponse.OkEdid;
import dev.semblance.gpu.protocol.GpuResponse.OkNoData;
import dev.semblance.gpu.protocol.GpuResponse.Refused;
import dev.semblance.gpu.protocol.GpuResponse.Truncated;
import dev.semblance.gpu.protocol.GpuResponse.Unknown;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Answers to and from bytes (VIRTIO 1.2, 5.7.6.7 and 5.7.6.8). Decoding takes any bytes and never throws. */
public final class ResponseCodec {

    /** VIRTIO_GPU_MAX_SCANOUTS. */
    public static final int MAX_SCANOUTS = 16;

    /** Bytes that an EDID answer has room for. */
    public static final int EDID_CAPACITY = 1024;

    private static final int OK_NODATA = 0x1100;
    private static final int OK_DISPLAY_INFO = 0x1101;
    private static final int OK_EDID = 0x1104;
    private static final int DISPLAY_SIZE = 24;

    private ResponseCodec() {}

    /**
     * {@return the bytes of an answer: 24, 408 for display information, 1056 for an EDID}
     *
     * @param response what is answered
     */
    public static byte[] encode(GpuResponse response) {
        return switch (response) {
            case OkNoData r -> start(r, OK_NODATA, 0).done();
            case Refused r -> start(r, r.code().number(), 0).done();
            case OkDisplayInfo r -> {
                WireWriter writer = start(r, OK_DISPLAY_INFO, MAX_SCANOUTS * DISPLAY_SIZE);
                for (DisplayInfo display : r.displays()) {
                    writer.rect(display.rect()).u32(display.enabled(), display.flags());
                }
                yield writer.done();
            }
            case OkEdid r ->
                start(r, OK_EDID, 8 + EDID_CAPACITY)
                        .u32(r.edid().length, 0)
                        .bytes(r.edid())
                        .done();
            case Unknown r ->
                start(r, r.type(), r.body().length).bytes(r.body()).done();
            case Truncated r -> r.bytes().clone();
        };
    }

    /**
     * {@return the bytes of the response to a command that succeeds: the room that a driver gives it}
     *
     * @param command what is asked for
     */
    public static int bytes(GpuCommand command) {
        return switch (command) {
            case GpuCommand.GetDisplayInfo c -> Header.SIZE + MAX_SCANOUTS * DISPLAY_SIZE;
            case GpuCommand.GetEdid c -> Header.SIZE + 2 * Integer.BYTES + EDID_CAPACITY;
            default -> Header.SIZE;
        };
    }

    private static WireWriter start(GpuResponse response, int type, int bodySize) {
        return new WireWriter(Math.addExact(Header.SIZE, bodySize), type, response.header());
    }

    /**
     * Decodes the bytes that a device wrote.
     *
     * @param response what is answered
     * @return the response, or what stands for one that cannot be read
     */
    public static GpuResponse decode(byte[] response) {
        if (response.length < Header.SIZE) {
            return new Truncated(response.clone());
        }
        ByteBuffer buffer = Wire.of(response);
        int type = buffer.getInt();
        Header header = Header.decode(buffer);
        return switch (type) {
            case OK_NODATA -> new OkNoData(header);
            case OK_DISPLAY_INFO ->
                buffer.remaining() < MAX_SCANOUTS * DISPLAY_SIZE
                        ? new Truncated(response.clone())
                        : new OkDisplayInfo(header, displays(buffer));
            case OK_EDID -> edid(header, buffer).orElseGet(() -> new Truncated(response.clone()));
            default -> {
                Optional<ErrorCode> error = ErrorCode.of(type);
                yield error.isPresent() ? new Refused(header, error.get()) : unknown(header, type, buffer);
            }
        };
    }

    private static List<DisplayInfo> displays(ByteBuffer buffer) {
        List<DisplayInfo> displays = new ArrayList<>(MAX_SCANOUTS);
        for (int i = 0; i < MAX_SCANOUTS; i++) {
            displays.add(new DisplayInfo(Wire.rect(buffer), Wire.u32(buffer), buffer.getInt()));
        }
        return displays;
    }

    /** {@return an EDID answer, empty if it is cut short or names more bytes than it can have} */
    private static Optional<GpuResponse> edid(Header header, ByteBuffer buffer) {
        if (buffer.remaining() < 8 + EDID_CAPACITY) {
            return Optional.empty();
        }
        long size = Wire.u32(buffer);
        buffer.getInt(); // padding
        if (size > EDID_CAPACITY) {
            return Optional.empty();
        }
        byte[] edid = new byte[(int) size];
        buffer.get(edid);
        return Optional.of(new OkEdid(header, edid));
    }

    private static Unknown unknown(Header header, int type, ByteBuffer buffer) {
        byte[] body = new byte[buffer.remaining()];
        buffer.get(body);
        return new Unknown(header, type, body);
    }
}
