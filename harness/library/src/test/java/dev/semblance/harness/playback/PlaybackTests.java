package dev.semblance.harness.playback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Going back and forth in the machine of a trace; the position of an event is right after it (docs/TOOLS.md, "Positions"). */
class PlaybackTests {

    private static final SessionConfig CONFIG =
            Recordings.linux(Recordings.BOOTARGS, 7).translatedBy(Optional.of(Translators.inBackground()));

    @TempDir
    Path folder;

    private final Path trace = Recordings.cursor();
    private final List<Stamped> events = Recordings.events(trace);

    private static TraceIndex index(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return TraceIndex.of(reader);
        }
    }

    private Playback playback() throws Exception {
        return new Playback(index(trace), CONFIG);
    }

    /** What the machine is at moments, by going forward alone. */
    private static Map<Moment, String> forward(Playback playback, List<Moment> moments) {
        Map<Moment, String> digests = new TreeMap<>();
        moments.stream().sorted().forEach(moment -> {
            playback.seek(moment);
            digests.put(moment, digest(playback));
        });
        return digests;
    }

    private static String digest(Playback playback) {
        return HexFormat.of().formatHex(playback.machine().stateDigest());
    }

    private List<Moment> someMoments(TraceIndex index, Random random, int count) {
        List<Moment> moments = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            moments.add(index.after(random.nextInt(index.events())));
            moments.add(index.before(random.nextLong(index.end().cycle())));
        }
        return moments;
    }

    @Test
    void aMomentIsTheSameHoweverOneComesThere() throws Exception {
        Random random = new Random(3);
        List<Moment> moments = someMoments(index(trace), random, 6);
        Map<Moment, String> expected = forward(playback(), moments);
        Playback playback = playback();
        Collections.shuffle(moments, random);
        for (Moment moment : moments) {
            playback.seek(moment);
            assertThat(playback.now()).isEqualTo(moment);
            assertThat(digest(playback)).as("at %s", moment).isEqualTo(expected.get(moment));
        }
    }

    @Test
    void withoutRoomForStatesItIsTheSameAndSlower() throws Exception {
        TraceIndex index = index(trace);
        List<Moment> moments = List.of(
                index.before(index.end().cycle() / 8),
                index.after(index.events() / 3),
                index.before(index.end().cycle() / 9));
        Map<Moment, String> expected = forward(playback(), moments);
        Playback playback = new Playback(index, CONFIG, 0);
        for (Moment moment : moments) {
            playback.seek(moment);
            assertThat(digest(playback)).as("at %s", moment).isEqualTo(expected.get(moment));
        }
    }

    @Test
    void whatTheTraceHasDigestsOfIsAsRecordedToTheEnd() throws Exception {
        Playback playback = playback();
        playback.seek(playback.index().end());
        TraceEvent.End end = (TraceEvent.End) events.getLast().event();
        assertThat(playback.machine().stateDigest()).isEqualTo(end.stateDigest());
        assertThatThrownBy(() -> playback.seek(new Moment(playback.index().end().cycle() + 1, 0)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(playback.stepForward(cycle -> {})).isFalse();
    }

    @Test
    void aTraceOfAnotherMachineIsFoundOutAtItsFirstDigest() throws Exception {
        List<Stamped> changed = new ArrayList<>(events);
        Stamped last = changed.getLast();
        changed.set(
                changed.size() - 1,
                new Stamped(
                        last.sequence(),
                        last.cycle(),
                        new TraceEvent.End(
                                ((TraceEvent.End) last.event()).reason(),
                                ((TraceEvent.End) last.event()).instret(),
                                new byte[32])));
        Path other = Recordings.write(folder.resolve("other.trace"), Recordings.manifest(trace), changed);
        Playback playback = new Playback(index(other), CONFIG);
        assertThatThrownBy(() -> playback.seek(playback.index().end()))
                .isInstanceOf(IncompatibleException.class)
                .hasMessageContaining("#" + last.sequence());
    }

    @Test
    void stepsBackGoOverTheSameMomentsAsStepsForward() throws Exception {
        Playback playback = playback();
        TraceIndex index = playback.index();
        // A guest that works, one that waits for input, and the start.
        List<Moment> starts = List.of(
                index.after(index.events() / 2),
                index.next(Landmark.FLUSH, Moment.START).orElseThrow(),
                index.after(index.acts().getFirst().sequence()),
                Moment.START);
        for (Moment start : starts) {
            playback.seek(start);
            List<Moment> forward = new ArrayList<>();
            Map<Moment, String> digests = new TreeMap<>();
            for (int i = 0; i < 24; i++) {
                forward.add(playback.now());
                digests.put(playback.now(), digest(playback));
                assertThat(playback.stepForward(cycle -> {})).isTrue();
            }
            for (int i = forward.size() - 1; i > 0; i--) {
                assertThat(playback.stepBack(cycle -> {})).isTrue();
                assertThat(playback.now()).isEqualTo(forward.get(i));
                assertThat(digest(playback)).isEqualTo(digests.get(forward.get(i)));
            }
        }
        assertThat(playback.stepBack(cycle -> {})).isTrue();
        assertThat(playback.now()).isEqualTo(Moment.START);
        assertThat(playback.stepBack(cycle -> {})).isFalse();
    }

    @Test
    void aPositionIsTheMomentRightAfterItsEvent() throws Exception {
        TraceIndex index = index(trace);
        List<Position> positions = new ArrayList<>();
        events.forEach(event -> positions.add(new Position.OfEvent(event.sequence())));
        List<Found> found;
        try (TraceReader reader = TraceReader.open(trace)) {
            found = PositionFinder.find(reader, positions);
        }
        for (Found place : found) {
            Found.There there = place.require(trace);
            Moment moment = index.at(there.place());
            int sequence = Math.toIntExact(there.place().last());
            assertThat(moment).isEqualTo(index.after(sequence));
            assertThat(index.passed(moment)).as("%s", there).isGreaterThan(sequence);
            long cycle = events.get(sequence).cycle();
            assertThat(moment.cycle()).isBetween(cycle, cycle + 1);
        }
    }

    @Test
    void landmarksAreFoundInBothDirections() throws Exception {
        TraceIndex index = index(trace);
        for (Landmark kind : Landmark.values()) {
            List<Moment> forward = new ArrayList<>();
            for (Optional<Moment> at = index.next(kind, Moment.START);
                    at.isPresent();
                    at = index.next(kind, at.get())) {
                forward.add(at.get());
            }
            List<Moment> back = new ArrayList<>();
            for (Optional<Moment> at = index.previous(
                            kind, new Moment(Long.MAX_VALUE, index.acts().size()));
                    at.isPresent();
                    at = index.previous(kind, at.get())) {
                back.add(at.get());
            }
            Collections.reverse(back);
            assertThat(back).as("%s", kind).isEqualTo(forward).isNotEmpty();
        }
    }
}
