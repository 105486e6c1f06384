package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.trace.HostileManifests;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Bytes;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.RingFault;
import dev.semblance.machine.virtio.VirtioFeatures;
import dev.semblance.machine.virtio.Virtqueue.Notification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/ARCHITECTURE.md, corner 8: a trace that makes no sense is refused in a sentence, however well it is formed as a file.
 * What each verb of the command line makes of such traces is in the table of HostileTraceTableTests.
 */
class HostileTraceTests {

    private static final TraceManifest SOUND = SyntheticGuest.manifest();
    private static final QueueLayout LAYOUT = new QueueLayout(8, 0x1000, 0x1400, 0x1800);

    @TempDir
    private Path folder = Path.of("");

    private static List<TraceEvent> started(TraceEvent... more) {
        List<TraceEvent> events = new ArrayList<>(List.of(
                new TraceEvent.Reset(0),
                new TraceEvent.Features(0, VirtioFeatures.VERSION_1, true),
                new TraceEvent.QueueEnabled(0, 0, LAYOUT),
                new TraceEvent.DriverOk(0),
                new TraceEvent.Notify(0, 0)));
        events.addAll(List.of(more));
        return events;
    }

    private TraceVerdict replay(TraceManifest manifest, List<TraceEvent> events) {
        List<Stamped> stamped = new ArrayList<>();
        for (TraceEvent event : events) {
            stamped.add(new Stamped(stamped.size(), Math.min(stamped.size(), 4), event));
        }
        stamped.add(new Stamped(stamped.size(), 6, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0])));
        Path trace = Recordings.write(folder.resolve("t.trace"), manifest, stamped);
        return new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.BOTH)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
    }

    private void assertRefused(ExitCode code, String reason, TraceManifest manifest, List<TraceEvent> events) {
        assertThat(replay(manifest, events)).isInstanceOfSatisfying(TraceVerdict.Refused.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(code);
            assertThat(refused.reason()).contains(reason);
        });
    }

    private void assertDiverges(List<TraceEvent> events) {
        assertThat(replay(SOUND, events))
                .isInstanceOfSatisfying(
                        TraceVerdict.Replayed.class,
                        replayed -> assertThat(replayed.exitCode()).isEqualTo(ExitCode.MISMATCH));
    }

    private static Command command(int queue, int head, byte[] request, Descriptor... descriptors) {
        return new Command(
                0,
                queue,
                head,
                List.of(descriptors),
                new TraceEvent.Payload.Full(request, new byte[0]),
                0,
                Notification.SENT);
    }

    @Test
    void theEventsThatTheseTestsStartWithReplay() {
        assertThat(replay(SOUND, started()).exitCode()).isEqualTo(ExitCode.PASS);
    }

    @Test
    void chainsThatNoRingCanHoldAreCorrupt() {
        byte[] header = new byte[24];
        assertRefused(
                ExitCode.CORRUPT,
                "event 5 (Command) cannot have happened: descriptor 8 in a queue of 8",
                SOUND,
                started(command(0, 8, header, new Descriptor(8, 0x8000, 24, 0))));
        for (Descriptor outside : List.of(
                new Descriptor(0, SyntheticGuest.RAM - 8, 24, 0),
                new Descriptor(0, -24, 24, 0),
                new Descriptor(0, Long.MAX_VALUE, 24, 0),
                new Descriptor(0, 0x8000, 0xffff_ffffL, Descriptor.WRITE))) {
            assertRefused(ExitCode.CORRUPT, "outside RAM", SOUND, started(command(0, 0, new byte[0], outside)));
        }
        assertRefused(
                ExitCode.CORRUPT,
                "a request of 24 bytes in buffers of 8",
                SOUND,
                started(command(0, 0, header, new Descriptor(0, 0x8000, 8, 0))));
        assertRefused(ExitCode.CORRUPT, "without descriptors", SOUND, started(command(0, 0, header)));
        Command disk = new Command(
                0,
                0,
                0,
                List.of(new Descriptor(0, 0x8000, 8, 0)),
                new TraceEvent.Payload.Disk(new byte[16], 0, 0, 0, OptionalLong.empty()),
                0,
                Notification.SENT);
        assertRefused(ExitCode.CORRUPT, "a disk's request", SOUND, started(disk));
    }

    @Test
    void queuesThatWereNotSetUpOrCannotBeAreCorrupt() {
        byte[] header = new byte[24];
        assertRefused(
                ExitCode.CORRUPT,
                "queue 1 is not set up",
                SOUND,
                started(new TraceEvent.Notify(0, 1), command(1, 0, header, new Descriptor(0, 0x8000, 24, 0))));
        for (QueueLayout layout : List.of(
                new QueueLayout(8, SyntheticGuest.RAM, 0, 0),
                new QueueLayout(8, 0, -4, 0),
                new QueueLayout(0xffff, 0, 0, SyntheticGuest.RAM - 8),
                new QueueLayout(0, 0x1000, 0x1400, 0x1800))) {
            assertRefused(
                    ExitCode.CORRUPT, "are not inside RAM", SOUND, started(new TraceEvent.QueueEnabled(0, 1, layout)));
        }
        assertDiverges(started(new TraceEvent.QueueEnabled(0, 9, LAYOUT)));
        assertDiverges(started(new TraceEvent.QueueEnabled(0, 0, new QueueLayout(5000, 0, 0x20000, 0x30000))));
    }

    @Test
    void memoryAndRingsOutsideRamAreCorrupt() {
        Bytes outside = new Bytes(SyntheticGuest.RAM - 1, new byte[2]);
        assertRefused(
                ExitCode.CORRUPT,
                "2 bytes at 0xfffff are outside RAM",
                SOUND,
                started(new TraceEvent.Memory(0, List.of(outside))));
        assertRefused(
                ExitCode.CORRUPT,
                "outside RAM",
                SOUND,
                started(new TraceEvent.Fault(0, 0, RingFault.Reason.CHAIN_TOO_LONG, List.of(outside))));
    }

    @Test
    void whatADriverCanDoAndTheDeviceDoesNotIsADivergence() {
        assertDiverges(started(new TraceEvent.ConfigRead(0, Integer.MAX_VALUE, 4, 0)));
        assertDiverges(started(new TraceEvent.ConfigRead(0, 0, 8, 0)));
        assertDiverges(started(new TraceEvent.ConfigWrite(0, 1, 0, 0)));
        assertDiverges(started(new TraceEvent.QueueDisabled(0, 1)));
        assertDiverges(started(new TraceEvent.Reset(0), new TraceEvent.NeedsReset(0), new TraceEvent.NeedsReset(0)));
        assertDiverges(started(new TraceEvent.Flush(9, 1, 1, 0)));
        assertDiverges(started(new TraceEvent.Fault(0, 0, RingFault.Reason.CHAIN_TOO_LONG, List.of())));
        // A chain that goes round in a circle.
        assertDiverges(started(command(
                0,
                0,
                new byte[0],
                new Descriptor(0, 0x8000, 8, Descriptor.NEXT),
                new Descriptor(0, 0x8000, 8, Descriptor.NEXT))));
    }

    /** The longest request that a device reads has 131 073 entries of backing: 2 MiB and a bit. */
    @Test
    void aRequestLongerThanAnyThatADeviceReadsIsCorrupt() {
        TraceEvent part = new TraceEvent.RequestPart(0, 0, new byte[256 * 1024]);
        TraceEvent[] parts = new TraceEvent[17];
        Arrays.fill(parts, part);
        assertRefused(
                ExitCode.CORRUPT,
                "event 21 (RequestPart) cannot have happened: its request is longer than 4 MiB",
                SOUND,
                started(parts));
    }

    @Test
    void aSnapshotOfAScanoutThatIsNotThereIsCorrupt() {
        assertRefused(
                ExitCode.CORRUPT, "there is no scanout 7", SOUND, started(new TraceEvent.Snapshot("x@7", 7, 8, 8, 0)));
    }

    @Test
    void machinesThatCannotBeAreIncompatible() {
        HostileManifests.of(SOUND)
                .values()
                .forEach(hostile ->
                        assertRefused(ExitCode.INCOMPATIBLE, hostile.reason(), hostile.manifest(), List.of()));
    }

    /** The same for what only a machine replay looks at. */
    @Test
    void inputForADeviceThatTakesNoneIsCorruptAndSoIsAScanoutThatIsNotThere() {
        Path good = Recordings.cursor();
        List<Stamped> events = Recordings.events(good);
        for (TraceEvent wrong :
                List.of(new TraceEvent.Input(Devices.GPU, List.of()), new TraceEvent.Snapshot("x@9", 9, 1, 1, 0))) {
            List<Stamped> edited = new ArrayList<>(events.subList(0, 20));
            edited.add(new Stamped(20, events.get(19).cycle() + 1, wrong));
            edited.add(new Stamped(
                    21, events.get(19).cycle() + 1, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0])));
            Path trace = Recordings.write(folder.resolve("t.trace"), Recordings.manifest(good), edited);
            TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.MACHINE)
                    .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
            assertThat(verdict).isInstanceOf(TraceVerdict.Refused.class);
            assertThat(verdict.exitCode()).isEqualTo(ExitCode.CORRUPT);
        }
    }
}
