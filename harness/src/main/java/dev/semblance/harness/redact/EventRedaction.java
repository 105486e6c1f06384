package dev.semblance.harness.redact;

import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.harness.text.DecodedCommand;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;
import java.util.Arrays;

/** Blanks what an event says of the user, and keeps how it is built. Digests of pictures are left to others. */
final class EventRedaction {

    // Linux's input-event-codes.h.
    private static final int EV_KEY = 1;
    private static final int EV_MSC = 4;
    private static final int KEY_A = 30;
    private static final int FIRST_BUTTON = 0x100;

    private final int gpu;
    private final PixelMask mask;
    private final BlankMemory blank;

    EventRedaction(int gpu, PixelMask mask, long ramBytes) {
        this.gpu = gpu;
        this.mask = mask;
        this.blank = new BlankMemory(ramBytes);
    }

    TraceEvent apply(TraceEvent event) {
        return switch (event) {
            case TraceEvent.Memory memory -> memory(memory);
            case TraceEvent.RequestPart part ->
                part.device() == gpu
                        ? part
                        : new TraceEvent.RequestPart(part.device(), part.queue(), new byte[part.bytes().length]);
            case TraceEvent.Command command ->
                new TraceEvent.Command(
                        command.device(),
                        command.queue(),
                        command.head(),
                        command.descriptors(),
                        payload(command),
                        command.usedLength(),
                        command.notification());
            case TraceEvent.Input input ->
                new TraceEvent.Input(
                        input.device(),
                        input.items().stream().map(EventRedaction::item).toList());
            case TraceEvent.ConsoleInput input -> new TraceEvent.ConsoleInput(text(input.bytes()));
            case TraceEvent.ConsoleOutput output -> new TraceEvent.ConsoleOutput(text(output.value()));
            case TraceEvent.Checkpoint checkpoint -> new TraceEvent.Checkpoint(checkpoint.instret(), new byte[0]);
            case TraceEvent.End end -> new TraceEvent.End(end.reason(), end.instret(), new byte[0]);
            case TraceEvent.Reset e -> e;
            case TraceEvent.Features e -> e;
            case TraceEvent.QueueEnabled e -> e;
            case TraceEvent.QueueDisabled e -> e;
            case TraceEvent.DriverOk e -> e;
            case TraceEvent.NeedsReset e -> e;
            case TraceEvent.ConfigRead e -> e;
            case TraceEvent.ConfigWrite e -> e;
            case TraceEvent.Notify e -> e;
            case TraceEvent.Fault e -> e;
            case TraceEvent.Flush e -> e;
            case TraceEvent.ScanoutDisabled e -> e;
            case TraceEvent.Cursor e -> e;
            case TraceEvent.Snapshot e -> e;
        };
    }

    private TraceEvent.Memory memory(TraceEvent.Memory memory) {
        return switch (mask) {
            case PixelMask.Blank all -> blank.apply(memory);
            case PixelMask.Scramble scramble ->
                new TraceEvent.Memory(
                        memory.device(),
                        memory.runs().stream()
                                .map(run ->
                                        new TraceEvent.Bytes(run.address(), scramble.apply(run.address(), run.bytes())))
                                .toList());
        };
    }

    private Payload payload(TraceEvent.Command command) {
        return switch (command.payload()) {
            case Payload.Disk disk ->
                new Payload.Disk(disk.header(), disk.sector(), disk.dataLength(), 0, disk.status());
            case Payload.Full full ->
                command.device() == gpu
                        ? new Payload.Full(request(full.request()), full.response())
                        : new Payload.Full(new byte[full.request().length], new byte[full.response().length]);
        };
    }

    /** Blanks the body of what is no command, which could be anything. */
    private static byte[] request(byte[] request) {
        if (DecodedCommand.of(request) instanceof GpuCommand.Unknown) {
            byte[] blank = request.clone();
            Arrays.fill(blank, Header.SIZE, blank.length, (byte) 0);
            return blank;
        }
        return request;
    }

    private static TraceEvent.InputItem item(TraceEvent.InputItem item) {
        boolean key = item.type() == EV_KEY && item.code() < FIRST_BUTTON;
        if (key) {
            return new TraceEvent.InputItem(item.type(), KEY_A, item.value());
        }
        return item.type() == EV_MSC ? new TraceEvent.InputItem(item.type(), item.code(), KEY_A) : item;
    }

    private static byte[] text(byte[] bytes) {
        byte[] blank = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            blank[i] = text(bytes[i]);
        }
        return blank;
    }

    /** Returns x for everything but ASCII's control characters. */
    private static byte text(byte value) {
        return value >= 0 && value < ' ' || value == 0x7f ? value : (byte) 'x';
    }
}
