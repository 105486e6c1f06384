package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.trim.RecordedState.Scanout;
import dev.semblance.harness.fuzz.minimize.Sessions;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.replay.pixels.RecordedImage;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.memory.MemoryMap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * The state that follows from requests and answers is the one that the device published (VIRTIO 1.2, 5.7.6.8 and
 * 5.7.6.10), and the commands that lead to a state lead to no other.
 */
class RecordedStateProperties {

    /** Room for the made-up commands, which the synthetic guest's own RAM has not. */
    private static final long RAM = 512L << 20;

    @Property(tries = 80)
    void afterEveryCommandTheScanoutsShowWhatWasPublishedLast(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 120) int steps) throws IOException {
        inFolder(trace -> {
            SyntheticGuest.record(trace, seed, false, steps);
            assertFollowed(trace);
        });
    }

    @Property(tries = 30)
    void afterEveryCommandOfASensibleDriverTheScanoutsShowWhatWasPublishedLast(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int lines) throws IOException {
        inFolder(trace -> {
            Sessions.record(trace, Sessions.session(seed, lines), new NoFrames());
            assertFollowed(trace);
        });
    }

    private static void assertFollowed(Path trace) throws IOException {
        ReplayableGpu gpu = ReplayableGpu.of(Recordings.manifest(trace));
        RecordedState state = new RecordedState(gpu.device(), gpu.displays());
        TreeMap<Integer, Long> shown = new TreeMap<>();
        TreeMap<Integer, TraceEvent.Cursor> cursors = new TreeMap<>();
        boolean told = true;
        for (Stamped next : Recordings.events(trace)) {
            state.take(next.event());
            switch (next.event()) {
                case TraceEvent.Flush flush -> shown.put(flush.scanout(), flush.digest());
                case TraceEvent.ScanoutDisabled disabled -> shown.remove(disabled.scanout());
                case TraceEvent.Cursor cursor -> cursors.put(cursor.scanout(), cursor);
                case TraceEvent.Reset reset -> told = true;
                case TraceEvent.Command command -> {
                    // Whether a command was refused that had no room for the answer, a trace does not tell.
                    told &= command.usedLength() >= Short.BYTES;
                    if (told && !state.isBroken()) {
                        assertSame(next, state, shown, cursors);
                    }
                }
                default -> {}
            }
        }
    }

    private static void assertSame(
            Stamped at, RecordedState state, Map<Integer, Long> shown, Map<Integer, TraceEvent.Cursor> cursors) {
        List<Scanout> scanouts = state.scanouts();
        for (int number = 0; number < scanouts.size(); number++) {
            Scanout scanout = scanouts.get(number);
            assertThat(scanout.shown().map(picture -> picture.toFrame(true).digest()))
                    .as("picture of scanout %d after %s", number, at)
                    .isEqualTo(Optional.ofNullable(shown.get(number)));
            TraceEvent.Cursor cursor = cursors.get(number);
            if (cursor != null) {
                OptionalLong image = scanout.cursor().isPresent()
                        ? OptionalLong.of(scanout.cursor().get().toFrame(false).digest())
                        : OptionalLong.empty();
                assertThat(new TraceEvent.Cursor(
                                number,
                                image,
                                scanout.position(number).x(),
                                scanout.position(number).y(),
                                (int) scanout.hotX(),
                                (int) scanout.hotY()))
                        .as("cursor of scanout %d after %s", number, at)
                        .isEqualTo(cursor);
            }
        }
    }

    @Property(tries = 60)
    void theCommandsMadeUpLeadToTheStateThatWasAskedFor(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 100) int steps, @ForAll boolean sensible)
            throws IOException {
        inFolder(trace -> {
            if (sensible) {
                Sessions.record(trace, Sessions.session(seed, steps), new NoFrames());
            } else {
                SyntheticGuest.record(trace, seed, false, steps);
            }
            ReplayableGpu gpu = ReplayableGpu.of(Recordings.manifest(trace));
            RecordedState wanted = new RecordedState(gpu.device(), gpu.displays());
            for (Stamped next : Recordings.events(trace)) {
                wanted.take(next.event());
            }
            RecordedState made = new RecordedState(gpu.device(), gpu.displays());
            try {
                ReplayableGpu roomy =
                        new ReplayableGpu(gpu.device(), gpu.displays(), gpu.features(), MemoryMap.of(0, RAM));
                StateReconstructor.record(roomy, 77, wanted, List.of(), (cycle, event) -> {
                    assertThat(cycle).isEqualTo(77);
                    made.take(event);
                });
            } catch (StateReconstructor.ImpossibleException e) {
                assertThat(wanted.isBroken() || String.valueOf(e.getMessage()).contains("queue"))
                        .as("%s", e)
                        .isTrue();
                return;
            }
            assertThat(wanted.isBroken()).isFalse();
            assertAlike(made, wanted);
        });
    }

    private static void assertAlike(RecordedState made, RecordedState wanted) {
        assertThat(made.isStarted()).isEqualTo(wanted.isStarted());
        assertThat(made.life()).isEqualTo(wanted.life());
        assertThat(made.images()).hasSameSizeAs(wanted.images());
        for (RecordedImage image : wanted.images()) {
            RecordedImage again = made.image(image.id()).orElseThrow();
            assertThat(again.format()).isEqualTo(image.format());
            assertThat(again.width()).isEqualTo(image.width());
            assertThat(again.height()).isEqualTo(image.height());
            assertThat(again.bytes()).isEqualTo(image.bytes());
            assertThat(again.backing().map(backing -> backing.entries()))
                    .isEqualTo(image.backing().map(backing -> backing.entries()));
        }
        for (int number = 0; number < wanted.scanouts().size(); number++) {
            Scanout one = made.scanouts().get(number);
            Scanout other = wanted.scanouts().get(number);
            assertThat(one.resource()).isEqualTo(other.resource());
            assertThat(one.view()).isEqualTo(other.view());
            assertThat(one.shown()).isEqualTo(other.shown());
            assertThat(one.cursorResource()).isEqualTo(other.cursorResource());
            assertThat(one.cursor()).isEqualTo(other.cursor());
            assertThat(one.position(number)).isEqualTo(other.position(number));
            assertThat(one.hotX()).isEqualTo(other.hotX());
            assertThat(one.hotY()).isEqualTo(other.hotY());
        }
    }

    @FunctionalInterface
    private interface Use {
        void of(Path trace) throws IOException;
    }

    private static void inFolder(Use use) throws IOException {
        Path folder = Files.createTempDirectory("semblance");
        Path trace = folder.resolve("t.trace");
        try {
            use.of(trace);
        } finally {
            Files.deleteIfExists(trace);
            Files.delete(folder);
        }
    }
}
