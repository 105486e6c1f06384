package dev.semblance.harness.trace.text;

import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Payload;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceManifest.Device;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.OptionalLong;

/** A manifest with a device of each type, and commands of them. */
final class Events {

    static final TraceManifest MANIFEST = TraceManifest.builder(TraceManifest.Kind.MACHINE)
            .toolVersion("test")
            .profile("semu")
            .isa("rv32ima")
            .harts(1)
            .ramBytes(512L << 20)
            .timebaseHz(65_000_000)
            .bootargs("console=ttyS0")
            .seed(1)
            .devices(List.of(
                    new Device("disk", 2, 1L << 32, 0xf420_0000L, 3),
                    new Device("entropy", 4, 1L << 32, 0xf460_0000L, 4),
                    new Device("keyboard", 18, 1L << 32, 0xf490_0000L, 7),
                    new Device("mouse", 18, 1L << 32, 0xf4a0_0000L, 8),
                    new Device("gpu", 16, 1L << 32, 0xf4b0_0000L, 9)))
            .displayModes(List.of(new TraceManifest.DisplayMode(1024, 768)))
            .build();

    private Events() {}

    static Command gpu(int queue, byte[] request, byte[] response) {
        return new Command(
                4,
                queue,
                7,
                List.of(
                        new Descriptor(7, 0x8200_0000L, request.length, Descriptor.NEXT),
                        new Descriptor(8, 0x8200_1000L, 24, Descriptor.WRITE)),
                new Payload.Full(request, response),
                response.length,
                Notification.SENT);
    }

    static Command disk(int type, long sector, long length, OptionalLong status) {
        byte[] header = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(type)
                .putInt(0)
                .putLong(sector)
                .array();
        return new Command(
                0,
                0,
                1,
                List.of(),
                new Payload.Disk(header, sector, length, 0xabc, status),
                length + 1,
                Notification.SUPPRESSED);
    }
}
