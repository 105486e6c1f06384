package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.util.Text;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;

/** Block requests by the names of the specification (VIRTIO 1.2, 5.2.6). */
final class DiskText {

    private static final String UNKNOWN = "unknown";

    /** The request types that have names (VIRTIO 1.2, 5.2.6). */
    static final List<String> KINDS = IntStream.range(0, 32)
            .mapToObj(DiskText::kind)
            .filter(kind -> !kind.equals(UNKNOWN))
            .toList();

    private DiskText() {}

    static String describe(Payload.Disk disk) {
        String status = disk.status().isPresent() ? status(disk.status().getAsLong()) : "no status";
        if (disk.header().length < 16) {
            return Text.format("short header %s -> %s", HexFormat.of().formatHex(disk.header()), status);
        }
        return Text.format(
                "%s sector=%s length=%d digest=%016x -> %s",
                type(disk.header()),
                Long.toUnsignedString(disk.sector()),
                disk.dataLength(),
                disk.dataDigest(),
                status);
    }

    private static int number(byte[] header) {
        return ByteBuffer.wrap(header).order(ByteOrder.LITTLE_ENDIAN).getInt(0);
    }

    /** {@return the name of the request type at the start of a header, "unknown" for all that have none} */
    static String kind(byte[] header) {
        return kind(number(header));
    }

    private static String kind(int number) {
        return switch (number) {
            case 0 -> "IN";
            case 1 -> "OUT";
            case 4 -> "FLUSH";
            case 8 -> "GET_ID";
            case 10 -> "GET_LIFETIME";
            case 11 -> "DISCARD";
            case 13 -> "WRITE_ZEROES";
            case 14 -> "SECURE_ERASE";
            default -> UNKNOWN;
        };
    }

    private static String type(byte[] header) {
        String kind = kind(header);
        return kind.equals(UNKNOWN) ? "type " + Integer.toUnsignedString(number(header)) : kind;
    }

    private static String status(long status) {
        return switch ((int) status) {
            case 0 -> "OK";
            case 1 -> "IOERR";
            case 2 -> "UNSUPP";
            default -> "status " + status;
        };
    }
}
