package dev.semblance.harness.trace.text;

import dev.semblance.gpu.protocol.ResponseCodec;
import dev.semblance.harness.trace.RequestAssembler.Request;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Descriptor chains, and rings that were refused, in words. */
final class ChainText {

    /** How many bytes of something unknown a line shows. */
    private static final int MAX_BYTES = 16;

    /** How many of a refused ring's reads a line shows: those at the end are where it went wrong. */
    private static final int MAX_READS = 8;

    private ChainText() {}

    static String describe(DeviceNames names, Command command, Request request) {
        String what = switch (command.payload()) {
            case Payload.Disk disk -> DiskText.describe(disk);
            case Payload.Full full -> full(names, command.queue(), full, request);
        };
        boolean indirect = command.descriptors().stream().anyMatch(Descriptor::isIndirect);
        return Text.format(
                "%s, %sused %d, %s",
                what, indirect ? "indirect, " : "", command.usedLength(), notification(command.notification()));
    }

    private static String notification(Notification notification) {
        return switch (notification) {
            case SENT -> "interrupt";
            case SUPPRESSED -> "interrupt suppressed";
            case HELD -> "no interrupt due";
        };
    }

    private static String full(DeviceNames names, int queue, Payload.Full full, Request request) {
        return switch (names.type()) {
            case GPU ->
                Text.format(
                        "%s -> %s",
                        GpuText.describe(DecodedCommand.of(request.bytes())),
                        GpuText.describe(ResponseCodec.decode(full.response())));
            case INPUT -> inputEvent(queue == 0 ? full.response() : full.request());
            case BLOCK, ENTROPY, OTHER -> Text.format("%s -> %s", bytes(request), bytes(full.response()));
        };
    }

    /** Reads struct virtio_input_event (VIRTIO 1.2, 5.8.6). */
    private static String inputEvent(byte[] event) {
        if (event.length != 8) {
            return bytes(event);
        }
        ByteBuffer fields = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        return InputNames.describe(
                new InputItem(fields.getShort() & 0xffff, fields.getShort() & 0xffff, fields.getInt()));
    }

    private static String bytes(Request request) {
        return bytes(request.bytes(), request.length());
    }

    private static String bytes(byte[] bytes) {
        return bytes(bytes, bytes.length);
    }

    private static String bytes(byte[] bytes, long length) {
        if (length == 0) {
            return "nothing";
        }
        byte[] shown = Arrays.copyOf(bytes, Math.min(bytes.length, MAX_BYTES));
        return Text.format(
                "%d bytes %s%s", length, HexFormat.of().formatHex(shown), length > shown.length ? "..." : "");
    }

    static String describe(TraceEvent.Fault fault) {
        List<Bytes> reads = fault.reads();
        int skipped = Math.max(0, reads.size() - MAX_READS);
        return Text.format(
                "ring refused: %s; read%s %s",
                fault.reason(),
                skipped > 0 ? Text.format(" %d more, then", skipped) : "",
                reads.isEmpty()
                        ? "nothing"
                        : reads.stream().skip(skipped).map(ChainText::read).collect(Collectors.joining(", ")));
    }

    /** A read as long as a descriptor is one: everything else that a ring holds is shorter. */
    private static String read(Bytes read) {
        if (read.bytes().length != Descriptor.SIZE) {
            return Text.format("0x%x: %s", read.address(), bytes(read.bytes()));
        }
        ByteBuffer fields = ByteBuffer.wrap(read.bytes()).order(ByteOrder.LITTLE_ENDIAN);
        long address = fields.getLong();
        long length = fields.getInt() & 0xffff_ffffL;
        int flags = fields.getShort() & 0xffff;
        int next = fields.getShort() & 0xffff;
        return Text.format(
                "0x%x: descriptor 0x%x+%d flags=%s next=%d", read.address(), address, length, flags(flags), next);
    }

    private static String flags(int flags) {
        StringBuilder text = new StringBuilder();
        append(text, flags, Descriptor.NEXT, "NEXT");
        append(text, flags, Descriptor.WRITE, "WRITE");
        append(text, flags, Descriptor.INDIRECT, "INDIRECT");
        int rest = flags & ~(Descriptor.NEXT | Descriptor.WRITE | Descriptor.INDIRECT);
        if (rest != 0 || text.isEmpty()) {
            append(text, -1, 1, rest == 0 ? "0" : Text.format("0x%x", rest));
        }
        return text.toString();
    }

    private static void append(StringBuilder text, int flags, int flag, String name) {
        if ((flags & flag) != 0) {
            text.append(text.isEmpty() ? "" : "|").append(name);
        }
    }
}
