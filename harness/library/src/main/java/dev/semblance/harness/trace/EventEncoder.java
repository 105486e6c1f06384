package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Checkpoint;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.ConfigRead;
import dev.semblance.harness.trace.TraceEvent.ConfigWrite;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.Cursor;
import dev.semblance.harness.trace.TraceEvent.DisplayChange;
import dev.semblance.harness.trace.TraceEvent.DriverOk;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Fault;
import dev.semblance.harness.trace.TraceEvent.Features;
import dev.semblance.harness.trace.TraceEvent.Flush;
import dev.semblance.harness.trace.TraceEvent.Input;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Memory;
import dev.semblance.harness.trace.TraceEvent.NeedsReset;
import dev.semblance.harness.trace.TraceEvent.Notify;
import dev.semblance.harness.trace.TraceEvent.OfDevice;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceEvent.QueueDisabled;
import dev.semblance.harness.trace.TraceEvent.QueueEnabled;
import dev.semblance.harness.trace.TraceEvent.QueueReset;
import dev.semblance.harness.trace.TraceEvent.RequestPart;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceEvent.ScanoutDisabled;
import dev.semblance.harness.trace.TraceEvent.Snapshot;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;

/** Events to bytes: docs/TRACE_FORMAT.md, "Events". */
final class EventEncoder {

    private final ByteWriter out;

    EventEncoder(ByteWriter out) {
        this.out = out;
    }

    void encode(long cycleDelta, TraceEvent event) {
        switch (event) {
            case OfDevice e -> encodeOfDevice(cycleDelta, e);
            case ConsoleInput e -> {
                start(EventType.CONSOLE_INPUT, cycleDelta);
                out.block(e.bytes());
            }
            case ConsoleOutput e -> {
                start(EventType.CONSOLE_OUTPUT, cycleDelta);
                out.u8(e.value());
            }
            case Flush e -> {
                start(EventType.FLUSH, cycleDelta);
                scanout(e.scanout());
                picture(e.width(), e.height(), e.digest());
            }
            case ScanoutDisabled e -> {
                start(EventType.SCANOUT_DISABLED, cycleDelta);
                scanout(e.scanout());
            }
            case Cursor e -> encodeCursor(cycleDelta, e);
            case Snapshot e -> encodeSnapshot(cycleDelta, e);
            case Checkpoint e -> {
                start(EventType.CHECKPOINT, cycleDelta);
                state(e.instret(), e.stateDigest());
            }
            case End e -> {
                start(EventType.END, cycleDelta);
                out.u8(WireEnums.of(WireEnums.ENDS, e.reason()));
                state(e.instret(), e.stateDigest());
            }
        }
    }

    private void encodeOfDevice(long cycleDelta, OfDevice event) {
        switch (event) {
            case Reset e -> start(EventType.RESET, cycleDelta, e);
            case Features e -> {
                start(EventType.FEATURES, cycleDelta, e);
                out.varint(e.features());
                out.u8(e.agreed() ? 1 : 0);
            }
            case QueueEnabled e -> {
                start(EventType.QUEUE_ENABLED, cycleDelta, e);
                queue(e.queue());
                number("queue size", e.layout().size(), EventLimits.QUEUE_SIZE);
                out.varint(e.layout().descriptorTable());
                out.varint(e.layout().availableRing());
                out.varint(e.layout().usedRing());
            }
            case QueueDisabled e -> {
                start(EventType.QUEUE_DISABLED, cycleDelta, e);
                queue(e.queue());
            }
            case QueueReset e -> {
                start(EventType.QUEUE_RESET, cycleDelta, e);
                queue(e.queue());
            }
            case DisplayChange e -> {
                start(EventType.DISPLAY_CHANGE, cycleDelta, e);
                scanout(e.scanout());
                out.varint(e.mode().width());
                out.varint(e.mode().height());
            }
            case DriverOk e -> start(EventType.DRIVER_OK, cycleDelta, e);
            case NeedsReset e -> start(EventType.NEEDS_RESET, cycleDelta, e);
            case ConfigRead e -> {
                start(EventType.CONFIG_READ, cycleDelta, e);
                config(e.offset(), e.width(), e.value());
            }
            case ConfigWrite e -> {
                start(EventType.CONFIG_WRITE, cycleDelta, e);
                config(e.offset(), e.width(), e.value());
            }
            case Notify e -> {
                start(EventType.NOTIFY, cycleDelta, e);
                queue(e.queue());
            }
            case Memory e -> {
                start(EventType.MEMORY, cycleDelta, e);
                runs(e.runs());
            }
            case RequestPart e -> {
                start(EventType.REQUEST_PART, cycleDelta, e);
                queue(e.queue());
                out.block(e.bytes());
            }
            case Command e -> encodeCommand(cycleDelta, e);
            case Fault e -> {
                start(EventType.FAULT, cycleDelta, e);
                queue(e.queue());
                out.u8(WireEnums.of(WireEnums.FAULTS, e.reason()));
                runs(e.reads());
            }
            case Input e -> {
                start(EventType.INPUT, cycleDelta, e);
                out.varint(e.items().size());
                for (InputItem item : e.items()) {
                    number("input type", item.type(), EventLimits.INPUT_CODE);
                    number("input code", item.code(), EventLimits.INPUT_CODE);
                    out.zigzag(item.value());
                }
            }
        }
    }

    private void encodeCommand(long cycleDelta, Command command) {
        switch (command.payload()) {
            case Payload.Full full -> {
                start(EventType.COMMAND, cycleDelta, command);
                chain(command);
                out.block(full.request());
                out.block(full.response());
            }
            case Payload.Disk disk -> {
                start(EventType.DISK_COMMAND, cycleDelta, command);
                chain(command);
                number("disk request header length", disk.header().length, EventLimits.DISK_HEADER_BYTES);
                out.raw(disk.header(), 0, disk.header().length);
                out.varint(disk.sector());
                out.varint(disk.dataLength());
                out.u64(disk.dataDigest());
                optional(disk.status());
            }
        }
    }

    private void chain(Command command) {
        queue(command.queue());
        number("head", command.head(), EventLimits.DESCRIPTOR_INDEX);
        out.varint(command.descriptors().size());
        long expectedIndex = command.head();
        long expectedAddress = 0;
        for (Descriptor descriptor : command.descriptors()) {
            check("descriptor index", descriptor.index(), EventLimits.DESCRIPTOR_INDEX);
            out.zigzag(descriptor.index() - expectedIndex);
            out.zigzag(descriptor.address() - expectedAddress);
            number("descriptor length", descriptor.length(), EventLimits.U32);
            number("descriptor flags", descriptor.flags(), EventLimits.DESCRIPTOR_FLAGS);
            expectedIndex = descriptor.index() + 1L;
            expectedAddress = descriptor.address() + descriptor.length();
        }
        number("used length", command.usedLength(), EventLimits.U32);
        out.u8(WireEnums.of(WireEnums.NOTIFICATIONS, command.notification()));
    }

    private void runs(List<Bytes> runs) {
        out.varint(runs.size());
        long expectedAddress = 0;
        for (Bytes run : runs) {
            out.zigzag(run.address() - expectedAddress);
            out.block(run.bytes());
            expectedAddress = run.address() + run.bytes().length;
        }
    }

    private void encodeCursor(long cycleDelta, Cursor cursor) {
        start(EventType.CURSOR, cycleDelta);
        scanout(cursor.scanout());
        out.u8(cursor.image().isPresent() ? 1 : 0);
        if (cursor.image().isPresent()) {
            out.u64(cursor.image().getAsLong());
        }
        out.zigzag(cursor.x());
        out.zigzag(cursor.y());
        out.zigzag(cursor.hotX());
        out.zigzag(cursor.hotY());
    }

    private void encodeSnapshot(long cycleDelta, Snapshot snapshot) {
        if (!SnapshotLabel.isLabelOf(snapshot.label(), snapshot.scanout())) {
            throw new IllegalArgumentException(Text.format(
                    "\"%s\" is not a snapshot label of scanout %d: %s",
                    snapshot.label(), snapshot.scanout(), SnapshotLabel.RULE_OF_SCANOUT));
        }
        start(EventType.SNAPSHOT, cycleDelta);
        out.block(snapshot.label().getBytes(StandardCharsets.US_ASCII));
        scanout(snapshot.scanout());
        picture(snapshot.width(), snapshot.height(), snapshot.digest());
    }

    private void picture(int width, int height, long digest) {
        number("width", width, Integer.MAX_VALUE);
        number("height", height, Integer.MAX_VALUE);
        out.u64(digest);
    }

    private void state(long instret, byte[] digest) {
        out.varint(instret);
        check("state digest length", digest.length, EventLimits.STATE_DIGEST_BYTES);
        out.block(digest);
    }

    private void optional(OptionalLong status) {
        out.u8(status.isPresent() ? 1 : 0);
        if (status.isPresent()) {
            check("status", status.getAsLong(), EventLimits.STATUS);
            out.u8((int) status.getAsLong());
        }
    }

    private void config(int offset, int width, int value) {
        number("configuration offset", offset, Integer.MAX_VALUE);
        number("configuration access width", width, EventLimits.CONFIG_WIDTH);
        out.varint(Integer.toUnsignedLong(value));
    }

    private void start(int type, long cycleDelta, OfDevice event) {
        start(type, cycleDelta);
        number("device", event.device(), EventLimits.DEVICE);
    }

    private void start(int type, long cycleDelta) {
        out.u8(type);
        out.varint(cycleDelta);
    }

    private void queue(int queue) {
        number("queue", queue, EventLimits.QUEUE);
    }

    private void scanout(int scanout) {
        number("scanout", scanout, EventLimits.SCANOUT);
    }

    private void number(String what, long value, long maximum) {
        check(what, value, maximum);
        out.varint(value);
    }

    private static void check(String what, long value, long maximum) {
        if (value < 0 || value > maximum) {
            throw new IllegalArgumentException(Text.format("%s %d cannot be recorded: 0 to %d", what, value, maximum));
        }
    }
}
