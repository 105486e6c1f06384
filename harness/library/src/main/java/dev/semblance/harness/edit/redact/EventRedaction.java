package dev.semblance.harness.edit.redact;

import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Payload;

/**
 * Blanks what an event says of the user, and keeps how it is built. What is not known to be harmless goes. Requests and
 * answers of the GPU are left to {@link GpuRequests}, which sees parts together, and digests of pictures to
 * {@link FrameDigests}.
 */
final class EventRedaction {

    /** The header of a disk's request (VIRTIO 1.2, 5.2.6): type, reserved, sector. */
    private static final int DISK_HEADER = 16;

    /** Four numbers of 32 bits. */
    private static final int GPU_CONFIG = 16;

    private final int gpu;
    private final PixelMask mask;
    private final BlankMemory blank;
    private final Labels labels;

    EventRedaction(ReplayableGpu gpu, PixelMask mask, Labels labels) {
        this.gpu = gpu.device();
        this.mask = mask;
        this.blank = new BlankMemory(gpu.memory());
        this.labels = labels;
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
                        input.items().stream().map(InputRedaction::apply).toList());
            case TraceEvent.ConsoleInput input -> new TraceEvent.ConsoleInput(text(input.bytes()));
            case TraceEvent.ConsoleOutput output -> new TraceEvent.ConsoleOutput(text(output.value()));
            case TraceEvent.Checkpoint checkpoint -> new TraceEvent.Checkpoint(checkpoint.instret(), new byte[0]);
            case TraceEvent.End end -> new TraceEvent.End(end.reason(), end.instret(), new byte[0]);
            case TraceEvent.Reset e -> e;
            case TraceEvent.Features e -> e;
            case TraceEvent.QueueEnabled e -> e;
            case TraceEvent.QueueDisabled e -> e;
            case TraceEvent.QueueReset e -> e;
            case TraceEvent.DisplayChange e -> e;
            case TraceEvent.DriverOk e -> e;
            case TraceEvent.NeedsReset e -> e;
            case TraceEvent.ConfigRead read ->
                isGpuField(read.device(), read.offset(), read.width())
                        ? read
                        : new TraceEvent.ConfigRead(read.device(), read.offset(), read.width(), 0);
            case TraceEvent.ConfigWrite write ->
                isGpuField(write.device(), write.offset(), write.width())
                        ? write
                        : new TraceEvent.ConfigWrite(write.device(), write.offset(), write.width(), 0);
            case TraceEvent.Notify e -> e;
            case TraceEvent.Fault fault -> fault.device() == gpu ? fault : zeroed(fault);
            case TraceEvent.Flush e -> e;
            case TraceEvent.ScanoutDisabled e -> e;
            case TraceEvent.Cursor e -> e;
            case TraceEvent.Snapshot snapshot ->
                new TraceEvent.Snapshot(
                        labels.apply(snapshot.label()),
                        snapshot.scanout(),
                        snapshot.width(),
                        snapshot.height(),
                        snapshot.digest());
        };
    }

    /** {@return whether an access to a configuration space is to {@code struct virtio_gpu_config} (VIRTIO 1.2, 5.7.4)} */
    private boolean isGpuField(int device, int offset, int width) {
        return device == gpu && offset >= 0 && width >= 0 && (long) offset + width <= GPU_CONFIG;
    }

    private static TraceEvent.Fault zeroed(TraceEvent.Fault fault) {
        return new TraceEvent.Fault(
                fault.device(),
                fault.queue(),
                fault.reason(),
                fault.reads().stream()
                        .map(read -> new TraceEvent.Bytes(read.address(), new byte[read.bytes().length]))
                        .toList());
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
                new Payload.Disk(header(disk.header()), disk.sector(), disk.dataLength(), 0, disk.status());
            case Payload.Full full ->
                command.device() == gpu
                        ? full
                        : new Payload.Full(new byte[full.request().length], new byte[full.response().length]);
        };
    }

    private static byte[] header(byte[] header) {
        byte[] kept = new byte[header.length];
        if (header.length == DISK_HEADER) {
            System.arraycopy(header, 0, kept, 0, Integer.BYTES);
            System.arraycopy(header, Long.BYTES, kept, Long.BYTES, Long.BYTES);
        }
        return kept;
    }

    private static byte[] text(byte[] bytes) {
        byte[] blank = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            blank[i] = text(bytes[i]);
        }
        return blank;
    }

    /** {@return x for everything but ASCII's control characters} */
    private static byte text(byte value) {
        return value >= 0 && value < ' ' || value == 0x7f ? value : (byte) 'x';
    }
}
