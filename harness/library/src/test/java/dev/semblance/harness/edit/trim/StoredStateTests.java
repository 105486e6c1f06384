package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.edit.child.ChildRecording;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionImages;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateStore;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.DigestStrictness;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.MachineReplayer;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.StoredState;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.machine.state.SavedState;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** docs/TRACE_FORMAT.md, "Stored state": a range of a trace with the state that its machine begins in. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StoredStateTests {

    private static final SessionStarts STARTS = new SessionStarts(StateStore.NONE);

    @TempDir
    private Path folder = Path.of("");

    private final Path whole = Recordings.cursor();

    private Path cut = Path.of("");
    private Trimmed trimmed = new Trimmed(
            0, 0, TraceTrimmer.Beginning.NONE, 0, 0, Optional.empty(), "", Optional.empty(), Optional.empty());

    /** One for all: the way there is a second long. */
    @BeforeAll
    void cutOut(@TempDir Path ofAll) throws Exception {
        cut = ofAll.resolve("cut.trace");
        trimmed = trim(whole, "flush:1", "flush:3", cut);
    }

    private static TraceManifest manifest(Path trace) {
        return Recordings.manifest(trace);
    }

    /** Returns the session of a trace, from no images at all but those of these tests. */
    private static SessionImages.Search search(Path trace, GuestImages images) throws Exception {
        return SessionImages.find(trace, manifest(trace), ReplayableGpu.of(manifest(trace)), images, List.of());
    }

    private static SessionConfig config(Path trace) throws Exception {
        return ((SessionImages.Search.Found) search(trace, Recordings.images())).config();
    }

    private Trimmed trim(Path trace, String from, String to, Path output) throws Exception {
        return TraceTrimmer.trim(
                trace,
                new PositionRange(Position.parse(from), Position.parse(to)),
                Optional.of(new TrimmedMachine(config(trace), STARTS, cycle -> {})),
                output);
    }

    private static ReplayOutcome replay(Path trace) throws Exception {
        try (TraceReader reader = TraceReader.open(trace)) {
            SessionConfig config = config(trace);
            return new MachineReplayer(
                            reader,
                            config,
                            STARTS.of(trace, reader.manifest(), config, cycle -> {}),
                            FrameObserver.NONE,
                            DigestStrictness.EXACT)
                    .run(cycle -> {});
        }
    }

    @Test
    void aRangeReplaysOnItsMachineAndOnADevice() throws Exception {
        assertThat(trimmed.divergence()).isEmpty();
        assertThat(trimmed.machine().orElseThrow().divergence()).isEmpty();
        ReplayOutcome outcome = replay(cut);
        List<Stamped> events = Recordings.events(cut);
        assertThat(outcome.divergence()).isEmpty();
        assertThat(outcome.events()).isEqualTo(events.size() - trimmed.before());
        assertThat(events.getLast().event())
                .isInstanceOfSatisfying(
                        TraceEvent.End.class,
                        end -> assertThat(end.stateDigest())
                                .as("the end is compared")
                                .isNotEmpty());
        List<Stamped> all = Recordings.events(whole);
        assertThat(events.get((int) trimmed.before()).event())
                .isEqualTo(all.get((int) trimmed.first()).event());
        try (TraceReader reader = TraceReader.open(cut)) {
            assertThat(new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                            .run(cycle -> {})
                            .divergence())
                    .isEmpty();
        }
    }

    /** What lies in memory needs no file. */
    @Test
    void aMachineThatBeginsInAStateNeedsNeitherKernelNorInitrd() throws Exception {
        GuestImages none = new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache")));
        assertThat(search(whole, none)).isInstanceOf(SessionImages.Search.NotFound.class);
        assertThat(search(cut, none)).isInstanceOf(SessionImages.Search.Found.class);
    }

    /** docs/TRACE_FORMAT.md, "Stored state": what lies in the memory of the parent lies in that of the child. */
    @Test
    void aChildOfOneNeedsThemNeitherWhileItsParentIsThere() throws Exception {
        SessionConfig config = config(cut);
        ChildRecording going = ChildRecording.of(cut, Position.parse("end"), config, STARTS, cycle -> {});
        Path child = cut.resolveSibling("child.trace");
        try (TraceWriter writer = TraceWriter.create(child, going.manifest("test", Optional.empty()))) {
            RecordingRun run = new RecordingRun(
                    config, going.start(), Optional.empty(), Optional.of(writer), Session.Observer.NONE);
            going.writePreamble(writer);
            run.run(going.firstCycle() + 1_000, cycle -> {});
            writer.complete();
        }
        GuestImages none = new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache")));
        assertThat(search(child, none)).isInstanceOf(SessionImages.Search.Found.class);
        assertThat(replay(child).divergence()).isEmpty();
        Path alone =
                Files.copy(child, Files.createDirectory(folder.resolve("alone")).resolve("child.trace"));
        assertThat(search(alone, none)).isInstanceOf(SessionImages.Search.NotFound.class);
    }

    @Test
    void aRangeOfARangeReplaysToo() throws Exception {
        Path twice = folder.resolve("twice.trace");
        assertThat(trim(cut, "event:" + (trimmed.before() + 9), "end", twice)
                        .machine()
                        .orElseThrow()
                        .divergence())
                .isEmpty();
        assertThat(replay(twice).divergence()).isEmpty();
        Path same = folder.resolve("same.trace");
        assertThat(trim(cut, "start", "end", same).machine().orElseThrow().stateBytes())
                .as("what leads to the beginning stays with it")
                .isPresent();
        assertThat(Recordings.events(same)).isEqualTo(Recordings.events(cut));
        assertThat(replay(same)).isEqualTo(replay(cut));
    }

    @Test
    void aRangeFromPowerOnNeedsNoState() throws Exception {
        Path head = folder.resolve("head.trace");
        assertThat(trim(whole, "start", "flush:0", head).machine())
                .contains(new TraceTrimmer.MachineStart(0, Optional.empty(), Optional.empty()));
        assertThat(manifest(head).kind()).isEqualTo(TraceManifest.Kind.MACHINE);
        assertThat(manifest(head).storedState()).isEmpty();
        assertThat(replay(head).divergence()).isEmpty();
    }

    @Test
    void playingItGoesBackToWhereItBeginsAndNoFurther() throws Exception {
        SessionConfig config = config(cut);
        try (TraceReader reader = TraceReader.open(cut)) {
            TraceManifest manifest = reader.manifest();
            Playback playback =
                    new Playback(TraceIndex.of(reader), config, STARTS.of(cut, manifest, config, cycle -> {}));
            Moment start = playback.now();
            assertThat(start.cycle()).isEqualTo(manifest.firstCycle()).isPositive();
            playback.seek(playback.index().end());
            playback.seek(start);
            assertThat(playback.stepBack(cycle -> {})).isFalse();
            assertThat(playback.stepForward(cycle -> {})).isTrue();
        }
    }

    @Test
    void aReaderThatDoesNotKnowStoredStatesReadsWhatTheRestOfTheFileNeeds() throws Exception {
        ByteBuffer header = ByteBuffer.wrap(Files.readAllBytes(cut)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getShort(8)).as("format version").isEqualTo((short) 5);
        assertThat(header.getShort(10)).as("least reader").isEqualTo((short) 1);
        assertThat(manifest(cut).kind()).isEqualTo(TraceManifest.Kind.DEVICE_ONLY);
    }

    @Test
    void whatIsMadeOfATraceWithoutItsStateDoesNotTellOfOne() throws Exception {
        Path again = folder.resolve("again.trace");
        try (TraceWriter writer = TraceWriter.create(again, manifest(cut))) {
            Recordings.events(cut).forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
        }
        assertThat(manifest(again).storedState()).isEmpty();
        assertThat(Files.readAllBytes(again)[8]).as("format version").isEqualTo((byte) 1);
    }

    @Test
    void aStateOfAnotherLayoutIsOfNoUseToAMachine() throws Exception {
        TraceManifest manifest = manifest(cut);
        assertThat(manifest.storedState().orElseThrow().layout()).isEqualTo(SavedState.LAYOUT);
        TraceManifest other = manifest.with()
                .storedState(manifest.storedState().map(state -> new StoredState(state.cycle(), 99, state.preamble())))
                .build();
        assertThat(SessionImages.find(cut, other, ReplayableGpu.of(other), Recordings.images(), List.of()))
                .isEqualTo(new SessionImages.Search.NotFound(
                        "the state that its machine begins in has layout 99, and this version knows layout "
                                + SavedState.LAYOUT));
    }

    /** Offsets of the chunks that the state is in, in a file. */
    private static List<Integer> stateChunks(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> chunks = new ArrayList<>();
        int at = 24 + bytes.getInt(12);
        while (bytes.getInt(at + 4) == 0x7461_7473) {
            chunks.add(at);
            at += 48 + bytes.getInt(at + 16);
        }
        chunks.add(at);
        return chunks;
    }

    @Test
    void aStateOfWhichAPieceIsMissingIsDamagedForAMachineAndNothingToADevice() throws Exception {
        byte[] file = Files.readAllBytes(cut);
        List<Integer> chunks = stateChunks(file);
        assertThat(chunks.size()).as("pieces").isGreaterThan(3);
        for (int missing : new int[] {0, chunks.size() / 2, chunks.size() - 2}) {
            int from = chunks.get(missing);
            int to = chunks.get(missing + 1);
            byte[] shorter = new byte[file.length - (to - from)];
            System.arraycopy(file, 0, shorter, 0, from);
            System.arraycopy(file, to, shorter, from, file.length - to);
            // Its footer has offsets that are wrong now: what a reader sees up to there counts.
            Path without = Files.write(folder.resolve("without.trace"), shorter);
            try (TraceReader reader = TraceReader.open(without)) {
                assertThatExceptionOfType(TraceFormatException.class)
                        .isThrownBy(reader::readStoredState)
                        .withMessageContaining("the state that its machine begins in: The state cannot be read: ");
                assertThat(reader.next()).isPresent();
            }
        }
    }
}
