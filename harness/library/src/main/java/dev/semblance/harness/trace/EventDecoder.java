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
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;

/** Bytes to events, the mirror of {@link EventEncoder}. What it accepts, the encoder would have written so. */
final class EventDecoder {

    private final ByteReader in;

    EventDecoder(ByteReader in) {
        this.in = in;
    }

    /** Decodes what follows the type byte and the cycle delta. */
    TraceEvent decode(int type, int typeOffset) throws TraceFormatException {
        return switch (type) {
            case EventType.RESET -> new Reset(device());
            case EventType.FEATURES -> new Features(device(), in.varint("the features"), flag("agreed"));
            case EventType.QUEUE_ENABLED ->
                new QueueEnabled(
                        device(),
                        queue(),
                        new QueueLayout(
                                number("the queue size", EventLimits.QUEUE_SIZE),
                                in.varint("the descriptor table"),
                                in.varint("the available ring"),
                                in.varint("the used ring")));
            case EventType.QUEUE_DISABLED -> new QueueDisabled(device(), queue());
            case EventType.QUEUE_RESET -> new QueueReset(device(), queue());
            case EventType.DISPLAY_CHANGE -> new DisplayChange(device(), scanout(), mode());
            case EventType.DRIVER_OK -> new DriverOk(device());
            case EventType.NEEDS_RESET -> new NeedsReset(device());
            case EventType.CONFIG_READ -> new ConfigRead(device(), offset(), width(), value());
            case EventType.CONFIG_WRITE -> new ConfigWrite(device(), offset(), width(), value());
            case EventType.NOTIFY -> new Notify(device(), queue());
            case EventType.MEMORY -> new Memory(device(), runs());
            case EventType.REQUEST_PART -> new RequestPart(device(), queue(), bytes("the request part"));
            case EventType.COMMAND -> command(false);
            case EventType.DISK_COMMAND -> command(true);
            case EventType.FAULT -> new Fault(device(), queue(), oneOf(WireEnums.FAULTS, "the fault"), runs());
            case EventType.INPUT -> new Input(device(), items());
            case EventType.CONSOLE_INPUT -> new ConsoleInput(bytes("the console input"));
            case EventType.CONSOLE_OUTPUT -> new ConsoleOutput((byte) in.u8("the console byte"));
            case EventType.FLUSH -> new Flush(scanout(), width32(), height32(), in.u64("the digest"));
            case EventType.SCANOUT_DISABLED -> new ScanoutDisabled(scanout());
            case EventType.CURSOR -> cursor();
            case EventType.SNAPSHOT -> snapshot();
            case EventType.CHECKPOINT -> new Checkpoint(in.varint("instret"), stateDigest());
            case EventType.END ->
                new End(oneOf(WireEnums.ENDS, "the reason of the end"), in.varint("instret"), stateDigest());
            default -> throw new TraceFormatException(typeOffset, "there is no event of type " + type);
        };
    }

    private TraceManifest.DisplayMode mode() throws TraceFormatException {
        int offset = in.position();
        int width = number("the width", EventLimits.DISPLAY_SIZE);
        int height = number("the height", EventLimits.DISPLAY_SIZE);
        if (width == 0 != (height == 0)) {
            throw new TraceFormatException(offset, "there is no display mode " + width + "x" + height);
        }
        return new TraceManifest.DisplayMode(width, height);
    }

    private Command command(boolean disk) throws TraceFormatException {
        int device = device();
        int queue = queue();
        int head = number("the head", EventLimits.DESCRIPTOR_INDEX);
        List<Descriptor> descriptors = descriptors(head);
        long usedLength = in.varint("the used length", EventLimits.U32);
        Notification notification = oneOf(WireEnums.NOTIFICATIONS, "the notification");
        Payload payload = disk ? disk() : new Payload.Full(bytes("the request"), bytes("the response"));
        return new Command(device, queue, head, descriptors, payload, usedLength, notification);
    }

    private Payload.Disk disk() throws TraceFormatException {
        return new Payload.Disk(
                in.block("the disk request header", EventLimits.DISK_HEADER_BYTES),
                in.varint("the sector"),
                in.varint("the data length"),
                in.u64("the data digest"),
                flag("the status") ? OptionalLong.of(in.u8("the status")) : OptionalLong.empty());
    }

    private List<Descriptor> descriptors(int head) throws TraceFormatException {
        int count = count("descriptors", 4);
        List<Descriptor> descriptors = new ArrayList<>(count);
        long expectedIndex = head;
        long expectedAddress = 0;
        for (int i = 0; i < count; i++) {
            int start = in.position();
            long index = expectedIndex + in.zigzag32("the descriptor index");
            if (index < 0 || index > EventLimits.DESCRIPTOR_INDEX) {
                throw new TraceFormatException(start, "the descriptor index is " + index);
            }
            long address = expectedAddress + in.zigzag("the descriptor address");
            long length = in.varint("the descriptor length", EventLimits.U32);
            int flags = number("the descriptor flags", EventLimits.DESCRIPTOR_FLAGS);
            descriptors.add(new Descriptor((int) index, address, length, flags));
            expectedIndex = index + 1;
            expectedAddress = address + length;
        }
        return Collections.unmodifiableList(descriptors);
    }

    private List<Bytes> runs() throws TraceFormatException {
        int count = count("runs", 2);
        List<Bytes> runs = new ArrayList<>(count);
        long expectedAddress = 0;
        for (int i = 0; i < count; i++) {
            long address = expectedAddress + in.zigzag("the address of a run");
            byte[] bytes = bytes("a run");
            runs.add(new Bytes(address, bytes));
            expectedAddress = address + bytes.length;
        }
        return Collections.unmodifiableList(runs);
    }

    private List<InputItem> items() throws TraceFormatException {
        int count = count("input items", 3);
        List<InputItem> items = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            items.add(new InputItem(
                    number("the input type", EventLimits.INPUT_CODE),
                    number("the input code", EventLimits.INPUT_CODE),
                    in.zigzag32("the input value")));
        }
        return Collections.unmodifiableList(items);
    }

    private Cursor cursor() throws TraceFormatException {
        return new Cursor(
                scanout(),
                flag("the cursor image") ? OptionalLong.of(in.u64("the digest")) : OptionalLong.empty(),
                in.zigzag32("the cursor's x"),
                in.zigzag32("the cursor's y"),
                in.zigzag32("the hot spot's x"),
                in.zigzag32("the hot spot's y"));
    }

    private Snapshot snapshot() throws TraceFormatException {
        int start = in.position();
        // ISO 8859-1 maps every byte to some character, and the check lets ASCII alone through.
        String label = new String(in.block("the label", 80), StandardCharsets.ISO_8859_1);
        int scanout = scanout();
        if (!SnapshotLabel.isLabelOf(label, scanout)) {
            throw new TraceFormatException(
                    start,
                    Text.format(
                            "the snapshot's label is none of scanout %d: %s", scanout, SnapshotLabel.RULE_OF_SCANOUT));
        }
        return new Snapshot(label, scanout, width32(), height32(), in.u64("the digest"));
    }

    private byte[] stateDigest() throws TraceFormatException {
        return in.block("the state digest", EventLimits.STATE_DIGEST_BYTES);
    }

    private byte[] bytes(String what) throws TraceFormatException {
        return in.block(what, EventCodec.MAX_EVENT_BYTES);
    }

    /** Reads how many elements follow, each at least {@code size} bytes long: never more than the bytes left can hold. */
    private int count(String what, int size) throws TraceFormatException {
        return (int) in.varint("the number of " + what, in.remaining() / size);
    }

    private int device() throws TraceFormatException {
        return number("the device", EventLimits.DEVICE);
    }

    private int queue() throws TraceFormatException {
        return number("the queue", EventLimits.QUEUE);
    }

    private int scanout() throws TraceFormatException {
        return number("the scanout", EventLimits.SCANOUT);
    }

    private int offset() throws TraceFormatException {
        return number("the configuration offset", Integer.MAX_VALUE);
    }

    private int width() throws TraceFormatException {
        return number("the access width", EventLimits.CONFIG_WIDTH);
    }

    private int value() throws TraceFormatException {
        return (int) in.varint("the configuration value", EventLimits.U32);
    }

    private int width32() throws TraceFormatException {
        return number("the width", Integer.MAX_VALUE);
    }

    private int height32() throws TraceFormatException {
        return number("the height", Integer.MAX_VALUE);
    }

    private int number(String what, int maximum) throws TraceFormatException {
        return (int) in.varint(what, maximum);
    }

    private boolean flag(String what) throws TraceFormatException {
        return oneOf(WireEnums.FLAGS, "the flag of " + what);
    }

    private <T> T oneOf(List<T> values, String what) throws TraceFormatException {
        int start = in.position();
        int number = in.u8(what);
        if (number >= values.size()) {
            throw new TraceFormatException(start, Text.format("%s is %d, beyond %d", what, number, values.size() - 1));
        }
        return values.get(number);
    }
}
