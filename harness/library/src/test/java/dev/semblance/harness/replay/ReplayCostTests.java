package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is told of a trace's replay before it begins. */
class ReplayCostTests {

    @TempDir
    private Path folder = Path.of("");

    private static ReplayCost cost(Path trace, TraceReplay.Kind kind) {
        return ReplayCost.of(TraceFile.of(trace), kind);
    }

    /** Writes a trace whose guest has done as much as said. */
    private Path trace(String name, long instret, long cycles) throws IOException {
        Path trace = folder.resolve(name);
        DisplayWorkload.damage(trace, 3);
        List<Stamped> events = new ArrayList<>(Recordings.events(trace));
        Stamped last = events.removeLast();
        events.add(new Stamped(
                last.sequence(),
                last.cycle() + cycles,
                new TraceEvent.End(TraceEvent.End.Reason.POWER_OFF, instret, new byte[32])));
        Recordings.write(trace, Recordings.manifest(trace), events);
        return trace;
    }

    @Test
    void theOneWithMostInstructionsIsFirstWhateverTimeItSleptAndHoweverLargeItIs() throws IOException {
        Path idle = trace("idle.trace", 5, 1_000_000_000);
        Path busy = trace("busy.trace", 900_000_000, 10);
        // Nobody counted instructions: what ran were at most as many as there were cycles.
        Path uncounted = trace("uncounted.trace", 0, 2_000_000_000);
        Path torn = trace("torn.trace", 7, 7);
        byte[] whole = Files.readAllBytes(torn);
        Files.write(torn, Arrays.copyOf(whole, whole.length - 20));
        assertThat(Stream.of(idle, busy, uncounted, torn)
                        .sorted((a, b) -> ReplayCost.LONGEST_FIRST.compare(
                                cost(a, TraceReplay.Kind.BOTH), cost(b, TraceReplay.Kind.BOTH))))
                .containsExactly(torn, uncounted, busy, idle);
        assertThat(cost(busy, TraceReplay.Kind.MACHINE).instructions()).hasValue(900_000_000);
    }

    @Test
    void ofTheDeviceAloneTheLargestIsFirst() throws IOException {
        Path large = trace("large.trace", 1, 1);
        List<Stamped> events = Recordings.events(large);
        Path small = Recordings.write(
                folder.resolve("small.trace"),
                Recordings.manifest(large),
                List.of(events.getFirst(), events.getLast()));
        ReplayCost cost = cost(large, TraceReplay.Kind.DEVICE);
        assertThat(cost.length()).isEqualTo(Files.size(large)).isGreaterThan(Files.size(small));
        assertThat(cost.instructions()).isEmpty();
        assertThat(ReplayCost.LONGEST_FIRST.compare(cost, cost(small, TraceReplay.Kind.DEVICE)))
                .isNegative();
    }

    @Test
    void aGuestNeedsItsRamAndThePicturesOfItsMonitors() throws IOException {
        Path alone = trace("alone.trace", 1, 1);
        TraceManifest manifest = Recordings.manifest(alone)
                .with()
                .kind(TraceManifest.Kind.MACHINE)
                .build();
        Path trace = Recordings.write(folder.resolve("t.trace"), manifest, Recordings.events(alone));
        long pixels = manifest.displayModes().stream()
                .mapToLong(mode -> (long) mode.width() * mode.height())
                .sum();
        assertThat(pixels).isPositive();
        long machine = cost(trace, TraceReplay.Kind.MACHINE).heapBytes();
        long device = cost(trace, TraceReplay.Kind.DEVICE).heapBytes();
        long both = cost(trace, TraceReplay.Kind.BOTH).heapBytes();
        assertThat(machine - device).isEqualTo(manifest.ramBytes());
        assertThat(device).isGreaterThan(8 * pixels);
        assertThat(both).isGreaterThan(machine).isLessThan(machine + device);
        assertThat(cost(alone, TraceReplay.Kind.BOTH).heapBytes())
                .as("without a machine, whatever RAM its guest has")
                .isLessThan(manifest.ramBytes());
    }

    @Test
    void whatCannotBeReadIsFirstAndTakesNextToNothing() throws IOException {
        Path none = Files.writeString(folder.resolve("none.trace"), "no trace");
        for (TraceReplay.Kind kind : TraceReplay.Kind.values()) {
            ReplayCost cost = cost(none, kind);
            assertThat(cost.length()).isEqualTo(Long.MAX_VALUE);
            assertThat(cost.instructions()).isEqualTo(OptionalLong.empty());
            assertThat(cost.heapBytes()).isLessThan(100 << 20);
            assertThat(cost(folder.resolve("missing.trace"), kind)).isEqualTo(cost);
        }
    }
}
