package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Place;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/ARCHITECTURE.md, "State": a replay of a machine goes on from where it was saved. */
class SavedReplayTests {

    private static final SessionConfig CONFIG = Recordings.linux(Recordings.BOOTARGS, 7);

    @TempDir
    Path folder;

    private final Path trace = Recordings.cursor();
    private final List<Stamped> events = Recordings.events(trace);

    private static MachineReplayer replayer(TraceReader reader) throws BadImageException {
        return new MachineReplayer(reader, CONFIG, FrameObserver.NONE);
    }

    private static Place at(Path path, Position position) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return PositionFinder.find(reader, List.of(position))
                    .getFirst()
                    .require(path)
                    .place();
        }
    }

    private ReplayOutcome whole() throws Exception {
        try (TraceReader reader = TraceReader.open(trace)) {
            return replayer(reader).run(cycle -> {});
        }
    }

    private SavedState savedAt(Position position) throws Exception {
        try (TraceReader reader = TraceReader.open(trace)) {
            MachineReplayer replayer = replayer(reader);
            assertThat(replayer.run(Optional.of(at(trace, position)), cycle -> {})
                            .divergence())
                    .isEmpty();
            return replayer.save();
        }
    }

    @Test
    void aReplayGoesOnFromWhereverItWasSaved() throws Exception {
        ReplayOutcome whole = whole();
        assertThat(whole.events()).isEqualTo(events.size());
        Random random = new Random(5);
        try (TraceReader reader = TraceReader.open(trace)) {
            MachineReplayer running = replayer(reader);
            long end = events.getLast().cycle();
            for (long cycle : random.longs(4, 0, end).sorted().toArray()) {
                running.run(Optional.of(at(trace, new Position.OfCycle(cycle))), now -> {});
                SavedState state = running.save();
                try (TraceReader again = TraceReader.open(trace)) {
                    MachineReplayer other = replayer(again);
                    other.load(ChangedStates.read(ChangedStates.bytes(state)));
                    assertThat(other.save()).as("law 1 at cycle %d", cycle).isEqualTo(state);
                    assertThat(other.run(now -> {}))
                            .as("law 2 from cycle %d", cycle)
                            .isEqualTo(whole);
                }
            }
            assertThat(running.run(now -> {})).as("law 3").isEqualTo(whole);
        }
    }

    @Test
    void aDifferenceBehindTheStateIsFoundAsByAReplayOfTheWhole() throws Exception {
        List<Stamped> changed = new ArrayList<>(events);
        int last = lastFlush();
        Stamped flush = changed.get(last);
        TraceEvent.Flush picture = (TraceEvent.Flush) flush.event();
        changed.set(
                last,
                new Stamped(
                        flush.sequence(),
                        flush.cycle(),
                        new TraceEvent.Flush(
                                picture.scanout(), picture.width(), picture.height(), picture.digest() ^ 1)));
        Path other = Recordings.write(folder.resolve("changed.trace"), Recordings.manifest(trace), changed);
        Optional<Divergence> found;
        try (TraceReader reader = TraceReader.open(other)) {
            MachineReplayer replayer = replayer(reader);
            found = replayer.run(cycle -> {}).divergence();
            assertThatThrownBy(replayer::save).isInstanceOf(IllegalStateException.class);
        }
        assertThat(found).isPresent();
        SavedState state = savedAt(new Position.OfCycle(flush.cycle() - 1_000_000));
        try (TraceReader reader = TraceReader.open(other)) {
            MachineReplayer replayer = replayer(reader);
            replayer.load(state);
            assertThat(replayer.run(cycle -> {}).divergence())
                    .as("with what came before it")
                    .isEqualTo(found);
        }
    }

    private int lastFlush() {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (events.get(i).event() instanceof TraceEvent.Flush) {
                return i;
            }
        }
        throw new AssertionError("no flush");
    }

    @Test
    void aStateOfAnotherTraceOrOfAnEarlierPlaceIsRefused() throws Exception {
        long middle = events.get(events.size() / 2).cycle();
        SavedState state = savedAt(new Position.OfCycle(middle));
        Path shorter = Recordings.write(
                folder.resolve("shorter.trace"),
                Recordings.manifest(trace),
                List.of(
                        events.getFirst(),
                        new Stamped(
                                1, events.getLast().cycle(), events.getLast().event())));
        try (TraceReader reader = TraceReader.open(shorter)) {
            MachineReplayer replayer = replayer(reader);
            assertThatThrownBy(() -> replayer.load(state))
                    .isInstanceOf(BadStateException.class)
                    .hasMessageContaining("it is of another trace");
        }
        try (TraceReader reader = TraceReader.open(trace)) {
            MachineReplayer replayer = replayer(reader);
            replayer.run(Optional.of(at(trace, new Position.OfCycle(middle + 20_000_000))), cycle -> {});
            assertThatThrownBy(() -> replayer.load(state))
                    .isInstanceOf(BadStateException.class)
                    .hasMessageContaining("the trace was read beyond it");
        }
    }
}
