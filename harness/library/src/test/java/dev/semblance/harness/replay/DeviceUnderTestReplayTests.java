package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.gpu.frame.CursorPlane;
import dev.semblance.gpu.frame.Frame;
import dev.semblance.gpu.frame.FrameSink;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.LimitedDevice;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A trace can be replayed into any device under test, and what the device can show is compared. */
class DeviceUnderTestReplayTests {

    @TempDir
    private Path folder = Path.of("");

    private final List<String> snapshots = new ArrayList<>();

    private ReplayOutcome replay(Path trace, DeviceUnderTest.Factory factory) throws IOException {
        snapshots.clear();
        try (TraceReader reader = TraceReader.open(trace)) {
            return new DeviceReplayer(
                            reader,
                            ReplayableGpu.of(reader.manifest()),
                            factory,
                            new FrameObserver() {
                                @Override
                                public void snapshot(TraceEvent.Snapshot recorded, Frame picture) {
                                    snapshots.add(recorded.label() + " " + picture.digest());
                                }
                            },
                            DigestStrictness.EXACT)
                    .run(cycle -> {});
        }
    }

    private Path edited(UnaryOperator<TraceEvent> edit) {
        List<Stamped> events = Recordings.events(Recordings.cursor()).stream()
                .map(old -> new Stamped(old.sequence(), old.cycle(), edit.apply(old.event())))
                .toList();
        assertThat(events).isNotEqualTo(Recordings.events(Recordings.cursor()));
        return Recordings.write(folder.resolve("t.trace"), Recordings.manifest(Recordings.cursor()), events);
    }

    private static <E extends TraceEvent> List<Stamped> recorded(Class<E> type) {
        return Recordings.events(Recordings.cursor()).stream()
                .filter(event -> type.isInstance(event.event()))
                .toList();
    }

    private static Divergence.Different different(ReplayOutcome outcome) {
        return (Divergence.Different) outcome.divergence().orElseThrow();
    }

    /** Shows a picture of the right size and the wrong colour, once. */
    private static DeviceUnderTest.Factory wrongAtFlush(int number) {
        return BuiltinDevice.of((memory, displays, sink) -> new VirtioGpuDevice(memory, displays, new FrameSink() {
            private int flushes;

            @Override
            public void flushed(int scanout, Frame frame) {
                sink.flushed(
                        scanout, flushes++ == number ? Frame.solid(frame.width(), frame.height(), 0xff12_3456) : frame);
            }

            @Override
            public void disabled(int scanout) {
                sink.disabled(scanout);
            }

            @Override
            public void cursorChanged(int scanout, CursorPlane cursor) {
                sink.cursorChanged(scanout, cursor);
            }
        }));
    }

    @Test
    void theFirstDifferenceOfAFaultyDeviceIsNamed() throws IOException {
        List<Stamped> flushes = recorded(TraceEvent.Flush.class);
        for (int number : new int[] {0, 3, flushes.size() - 1}) {
            ReplayOutcome outcome = replay(Recordings.cursor(), wrongAtFlush(number));
            assertThat(different(outcome).expected()).isEqualTo(flushes.get(number));
            assertThat(different(outcome).actual()).isInstanceOf(TraceEvent.Flush.class);
            // It goes on to the end, so that every snapshot has its picture.
            assertThat(outcome.flushes()).isEqualTo(flushes.size());
            assertThat(snapshots).hasSameSizeAs(recorded(TraceEvent.Snapshot.class));
        }
    }

    @Test
    void aDeviceThatOnlyGivesScreendumpsAndIsDoneLaterIsComparedByWhatItGives() throws IOException {
        assertThat(replay(Recordings.cursor(), BuiltinDevice.ours()).divergence())
                .isEmpty();
        List<String> ours = List.copyOf(snapshots);
        ReplayOutcome outcome = replay(Recordings.cursor(), LimitedDevice.withCursor());
        assertThat(outcome.divergence()).isEmpty();
        assertThat(outcome.flushes()).isZero();
        assertThat(snapshots).isEqualTo(ours).isNotEmpty();
    }

    @Test
    void whatADeviceDoesNotTellOfIsNotMissedAndAllElseIs() throws IOException {
        Path otherFlushes = edited(event -> event instanceof TraceEvent.Flush flush
                ? new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() + 1)
                : event);
        assertThat(replay(otherFlushes, LimitedDevice.withCursor()).divergence())
                .isEmpty();
        assertThat(different(replay(otherFlushes, BuiltinDevice.ours())).expected())
                .extracting(Stamped::event)
                .isInstanceOf(TraceEvent.Flush.class);

        Path otherSnapshots = edited(event -> event instanceof TraceEvent.Snapshot shot
                ? new TraceEvent.Snapshot(shot.label(), shot.scanout(), shot.width(), shot.height(), shot.digest() + 1)
                : event);
        assertThat(different(replay(otherSnapshots, LimitedDevice.withCursor()))
                        .expected()
                        .sequence())
                .isEqualTo(recorded(TraceEvent.Snapshot.class).getFirst().sequence());

        Path otherAnswers = edited(event -> event instanceof TraceEvent.Command command && command.usedLength() > 0
                ? new TraceEvent.Command(
                        command.device(),
                        command.queue(),
                        command.head(),
                        command.descriptors(),
                        command.payload(),
                        command.usedLength() - 1,
                        command.notification())
                : event);
        assertThat(different(replay(otherAnswers, LimitedDevice.withCursor())).expected())
                .extracting(Stamped::event)
                .isInstanceOf(TraceEvent.Command.class);
    }

    @Test
    void aPictureWithoutItsCursorIsComparedWhereNoneWasRecorded() throws IOException {
        Path smoke = Path.of("../../recordings/smoke.trace");
        assertThat(replay(smoke, LimitedDevice.withoutCursor()).divergence()).isEmpty();
        List<String> without = List.copyOf(snapshots);
        replay(smoke, BuiltinDevice.ours());
        assertThat(without).isEqualTo(snapshots).isNotEmpty();

        // Every snapshot of this one has a cursor.
        ReplayOutcome outcome = replay(Recordings.cursor(), LimitedDevice.withoutCursor());
        assertThat(outcome.divergence()).isEmpty();
        assertThat(snapshots).isEmpty();
    }

    @Test
    void aDeviceWithOtherDisplaysIsRefused() {
        assertThat(Optional.of(Recordings.manifest(Recordings.cursor()).displayModes()))
                .hasValueSatisfying(
                        modes -> assertThat(modes.getFirst().width()).isNotEqualTo(800));
        assertThatThrownBy(() -> replay(Recordings.cursor(), LimitedDevice.ofOneSize()))
                .isInstanceOfSatisfying(
                        SemblanceException.class,
                        error -> assertThat(ExitCode.of(error)).isEqualTo(ExitCode.INCOMPATIBLE));
    }
}
