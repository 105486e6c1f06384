package dev.semblance.harness.trace;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Checkpoint;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.ConfigRead;
import dev.semblance.harness.trace.TraceEvent.ConfigWrite;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.Cursor;
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
import dev.semblance.harness.trace.TraceManifest.DisplayMode;
import dev.semblance.machine.memory.MemoryMap;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The events in the files under src/test/resources/known-good: one of every kind, and of each version what came with it. The
 * files of a version are made once, by {@link #main}, when the version is born, and never again (with any second argument,
 * those of {@link #displays}).
 */
final class KnownGood {

    /** The SHA-256 of the encoded {@link #displays}. */
    static final String DISPLAYS_IDENTITY = "3248f02a7c1be0b97f1c010918b949ab34c0f4e8677cca008cba88670965426c";

    private KnownGood() {}

    /** Returns the SHA-256 of a version's encoded events. */
    static String identity(int version) {
        return switch (version) {
            case 1 -> "73824eb31d81b3ea2647e81e0678ccdb36e9a32bef78be6ecf567eaed220a1b8";
            case 2 -> "f549a3fefbf9ee75d951b69e0036062352d79b3f0088bf8ce731b8cd2960a8fe";
            case 3 -> "331696138ff605bdd58b543fa4274a7406755f1e658924af50b766338e2b28fe";
            case 4 -> "331696138ff605bdd58b543fa4274a7406755f1e658924af50b766338e2b28fe";
            case 5 -> "331696138ff605bdd58b543fa4274a7406755f1e658924af50b766338e2b28fe";
            default -> throw new IllegalArgumentException("no files of version " + version);
        };
    }

    /** Returns the manifest of a version's files. */
    static TraceManifest manifest(int version) {
        return switch (version) {
            case 4 -> foreign();
            case 5 -> child();
            default -> TraceFiles.MANIFEST;
        };
    }

    private static TraceManifest child() {
        return TraceFiles.MANIFEST
                .with()
                .parent(Optional.of(new ParentTrace(
                        "desk.trace", "0123456789abcdef".repeat(4), 85_736_705, 720, "fedcba9876543210".repeat(4), 2)))
                .build();
    }

    private static TraceManifest foreign() {
        return TraceFiles.MANIFEST
                .with()
                .kind(TraceManifest.Kind.DEVICE_ONLY)
                .clock(Optional.of(TraceManifest.Clock.HOST))
                .timebaseHz(1_000_000_000)
                .memory(MemoryMap.of(List.of(
                        new MemoryMap.Region(0x1_0000_0000L, 0x8000_0000L),
                        new MemoryMap.Region(0x10_0000, 0x7ff0_0000),
                        new MemoryMap.Region(0, 0xa_0000))))
                .largerViews(true)
                .build();
    }

    static List<Step> steps(int version) {
        byte[] digest = new byte[32];
        digest[0] = 1;
        List<Step> steps = new ArrayList<>(List.of(
                new Step(0, new Reset(0)),
                new Step(1_000, new Features(0, 0x1_0000_0002L, true)),
                new Step(0, new QueueEnabled(0, 1, new QueueLayout(64, 0x8010_0000L, 0x8010_0400L, 0x8010_1000L))),
                new Step(5, new QueueDisabled(0, 1)),
                new Step(5, new DriverOk(0)),
                new Step(200, new ConfigRead(0, 8, 4, 1)),
                new Step(200, new ConfigWrite(0, 4, 4, -1)),
                new Step(1 << 20, new Notify(0, 0)),
                new Step(
                        0,
                        new Memory(0, List.of(new Bytes(0x8123_4000L, new byte[] {1, 2, 3}), new Bytes(16, new byte[] {4
                        })))),
                new Step(0, new RequestPart(0, 0, new byte[] {5, 6})),
                new Step(
                        0,
                        new Command(
                                0,
                                0,
                                7,
                                List.of(
                                        new Descriptor(7, 0x8200_0000L, 56, Descriptor.NEXT),
                                        new Descriptor(8, 0x8200_0038L, 24, Descriptor.WRITE)),
                                new Payload.Full(new byte[] {7, 8, 9}, new byte[] {0, 0x11}),
                                24,
                                Notification.SENT)),
                new Step(
                        99,
                        new Command(
                                1,
                                0,
                                65_535,
                                List.of(new Descriptor(65_535, -16, 0xffff_ffffL, 0)),
                                new Payload.Disk(new byte[16], 2048, 4096, Long.MIN_VALUE + 5, OptionalLong.of(0)),
                                1,
                                Notification.SUPPRESSED)),
                new Step(0, new Fault(1, 0, RingFault.Reason.CHAIN_TOO_LONG, List.of(new Bytes(64, new byte[] {9})))),
                new Step(0, new NeedsReset(1)),
                new Step(1L << 40, new Input(2, List.of(new InputItem(1, 29, 1), new InputItem(2, 0, -3)))),
                new Step(0, new ConsoleInput(new byte[] {'l', 's', '\n'})),
                new Step(12, new ConsoleOutput((byte) 'l')),
                new Step(12, new ConsoleOutput((byte) 0xff)),
                new Step(3, new Flush(0, 1024, 768, 0x0123_4567_89ab_cdefL)),
                new Step(3, new Cursor(0, OptionalLong.of(-2), -5, 700, 1, 2)),
                new Step(3, new Cursor(1, OptionalLong.empty(), 0, 0, 0, 0)),
                new Step(3, new ScanoutDisabled(0)),
                new Step(0, new Snapshot("end", 0, 1024, 768, 0x0123_4567_89ab_cdefL)),
                new Step(0, new Snapshot("end@1", 1, 640, 480, -1)),
                new Step(0, new Checkpoint(123_456_789, digest)),
                new Step(1, new End(version == 1 ? End.Reason.POWER_OFF : End.Reason.STUCK, 123_456_790, digest))));
        if (version >= 3) {
            steps.addAll(
                    steps.size() - 1,
                    List.of(
                            new Step(0, new QueueReset(0, 1)),
                            new Step(
                                    77,
                                    new Command(
                                            0,
                                            0,
                                            3,
                                            List.of(
                                                    new Descriptor(3, 0x8200_1000L, 24, Descriptor.NEXT),
                                                    new Descriptor(9, 0x8300_0040L, 32, Descriptor.INDIRECT),
                                                    new Descriptor(0, 0x8200_1018L, 8, Descriptor.NEXT),
                                                    new Descriptor(1, 0x8200_2000L, 24, Descriptor.WRITE)),
                                            new Payload.Full(new byte[] {1, 2}, new byte[] {3}),
                                            24,
                                            Notification.SUPPRESSED)),
                            new Step(
                                    1,
                                    new Command(
                                            1,
                                            0,
                                            4,
                                            List.of(
                                                    new Descriptor(4, 0x8300_0080L, 16, Descriptor.INDIRECT),
                                                    new Descriptor(0, 0x8200_3000L, 16, 0)),
                                            new Payload.Disk(new byte[16], 1, 0, 2, OptionalLong.empty()),
                                            0,
                                            Notification.SENT)),
                            new Step(
                                    0,
                                    new Fault(
                                            1,
                                            0,
                                            RingFault.Reason.INDIRECT_MALFORMED,
                                            List.of(new Bytes(64, new byte[16]))))));
        }
        return List.copyOf(steps);
    }

    /** What came into version 3 after its files were made: displays that change, and one that is off in the manifest. */
    static List<Step> displays() {
        return List.of(
                new Step(0, new Reset(0)),
                new Step(5, new TraceEvent.DisplayChange(0, 0, new DisplayMode(1024, 600))),
                new Step(1L << 33, new TraceEvent.DisplayChange(3, 15, DisplayMode.OFF)),
                new Step(0, new TraceEvent.DisplayChange(0, 1, new DisplayMode(65_535, 1))),
                new Step(1, new End(End.Reason.SCRIPT, 0, new byte[0])));
    }

    static TraceManifest displaysManifest() {
        return TraceFiles.MANIFEST
                .with()
                .displayModes(List.of(new DisplayMode(640, 480), DisplayMode.OFF))
                .build();
    }

    /** Writes the files of the current version into the folder given. */
    public static void main(String[] arguments) throws IOException {
        for (ChunkCodec codec : ChunkCodec.values()) {
            Path path = Path.of(
                    arguments[0],
                    "v" + FileHeader.VERSION + "-" + codec.name().toLowerCase(java.util.Locale.ROOT) + ".trace");
            if (arguments.length > 1) {
                Path displays = Path.of(
                        arguments[0], "v3-displays-" + codec.name().toLowerCase(java.util.Locale.ROOT) + ".trace");
                System.out.println(
                        TraceFiles.write(displays, displaysManifest(), displays(), new TraceWriter.Options(codec, 160))
                                .identity());
                continue;
            }
            // Chunks long enough for compression to pay, short enough for several.
            System.out.println(TraceFiles.write(
                            path,
                            manifest(FileHeader.VERSION),
                            steps(FileHeader.VERSION),
                            new TraceWriter.Options(codec, 160))
                    .identity());
        }
    }
}
