package dev.semblance.harness.edit.child;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.TraceIndex;
import dev.semblance.harness.record.session.HostActs;
import dev.semblance.harness.record.session.RecentStates;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.Session;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStarts;
import dev.semblance.harness.record.session.StateStore;
import dev.semblance.harness.record.session.Translators;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.ParentTrace;
import dev.semblance.harness.trace.QueueFeatures;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.profile.MachineModel;
import dev.semblance.machine.profile.Profile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/SCENARIOS.md, "Going on from a recording", and docs/TRACE_FORMAT.md, "Children": a recording that goes on from another one. */
class ChildRecordingTests {

    private static final SessionConfig CONFIG =
            Recordings.linux(Recordings.BOOTARGS, 7).translatedBy(Optional.of(Translators.inBackground()));

    /** Of little RAM, which is quickly digested. */
    private static final SessionConfig PROGRAM = program();

    private static final GuestImages IMAGES = Recordings.images();

    private static final Path BARE =
            Optional.ofNullable(Recordings.bare("hello-virt64.bin").getParent()).orElseThrow();

    /** How long children of the oracle go on: a sixtieth of a second. */
    private static final long STRETCH = 1_000_000;

    @TempDir
    private Path folder = Path.of("");

    private Path parent = Path.of("");

    private static SessionConfig program() {
        SessionConfig usual = Recordings.bareConfig("hello-virt64.bin");
        return new SessionConfig(
                new MachineModel(Profile.VIRT, Isa.RV64GC, 16 << 20),
                usual.boot(),
                Optional.empty(),
                0,
                usual.displays(),
                QueueFeatures.USUAL,
                Pointer.MOUSE);
    }

    @BeforeEach
    void putTheParentThere() throws IOException {
        parent = Files.copy(Recordings.cursor(), folder.resolve("parent.trace"));
    }

    private static SessionStarts starts() {
        return new SessionStarts(RecentStates.inHeap());
    }

    private Path record(
            SessionConfig config, Path from, String at, String scenario, long cycles, SessionStarts starts, String name)
            throws Exception {
        ChildRecording child = ChildRecording.of(from, Position.parse(at), config, starts, cycle -> {});
        Optional<Scenario> script =
                Optional.of(scenario).filter(text -> !text.isEmpty()).map(Recordings::scenario);
        Path trace = folder.resolve(name);
        try (TraceWriter writer = TraceWriter.create(trace, child.manifest("test", script.map(Scenario::text)))) {
            RecordingRun run =
                    new RecordingRun(config, child.start(), script, Optional.of(writer), Session.Observer.NONE);
            child.writePreamble(writer);
            assertThat(run.run(child.firstCycle() + cycles, cycle -> {}).failure())
                    .isEmpty();
            writer.complete();
        }
        return trace;
    }

    private TraceVerdict replay(Path trace, TraceReplay.Kind kind) {
        return new TraceReplay(IMAGES, List.of(BARE), kind)
                .translatedBy(CONFIG.translator())
                .replay(trace, Goldens.of(TraceFile.of(trace), Optional.empty()), cycle -> {});
    }

    private void assertAgrees(Path trace, TraceReplay.Kind kind) {
        assertThat(replay(trace, kind)).isInstanceOfSatisfying(TraceVerdict.Replayed.class, replayed -> {
            assertThat(replayed.cause()).isEmpty();
            assertThat(replayed.machine().isPresent()).isEqualTo(kind != TraceReplay.Kind.DEVICE);
        });
    }

    private void assertRefused(Path trace, String... words) {
        assertThat(replay(trace, TraceReplay.Kind.BOTH)).isInstanceOfSatisfying(TraceVerdict.Refused.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(ExitCode.INCOMPATIBLE);
            assertThat(refused.reason()).contains(words);
        });
        assertAgrees(trace, TraceReplay.Kind.DEVICE);
    }

    private static final String OTHER_USER = """
            move 40 30
            settle 20e6 within 1e9
            snapshot moved
            click BTN_RIGHT
            wait "kmscursor: done" within 1e9
            type "echo on\\n"
            wait "on\\r\\n"
            """;

    @Test
    void aChildIsTheSameEachTimeAndReplaysWithItsParentsAndTheDeviceHalfWithoutThem() throws Exception {
        SessionStarts starts = starts();
        Path child = record(CONFIG, parent, "snapshot:start", OTHER_USER, 1_000_000_000, starts, "child.trace");
        byte[] bytes = Files.readAllBytes(child);
        record(CONFIG, parent, "snapshot:start", OTHER_USER, 1_000_000_000, starts, "child.trace");
        assertThat(Files.readAllBytes(child)).isEqualTo(bytes);
        try (TraceReader reader = TraceReader.open(child)) {
            // The preamble fills a cursor's image without a fence, as no driver should.
            assertThat(TraceLint.read(reader, Set.of()).findings()).isEmpty();
        }
        Path grandchild = record(
                CONFIG, child, "snapshot:moved", "click BTN_LEFT\nsnapshot moved\n", 50_000_000, starts, "g.trace");
        assertAgrees(grandchild, TraceReplay.Kind.BOTH);

        try (TraceReader reader = TraceReader.open(grandchild)) {
            SessionConfig config = CONFIG;
            Playback playback = new Playback(
                    TraceIndex.of(reader), config, starts.of(grandchild, reader.manifest(), config, cycle -> {}));
            Moment first = playback.now();
            assertThat(first.cycle()).isEqualTo(reader.manifest().firstCycle()).isPositive();
            playback.seek(playback.index().end());
            playback.seek(playback.index().before(0));
            assertThat(playback.now()).isEqualTo(first);
            assertThat(playback.stepBack(cycle -> {})).isFalse();
            assertThat(playback.stepForward(cycle -> {})).isTrue();
            assertThat(playback.stepBack(cycle -> {})).isTrue();
            assertThat(playback.now()).isEqualTo(first);
        }

        Files.move(parent, folder.resolve("elsewhere.trace"));
        String identity = Recordings.manifest(child).parent().orElseThrow().identity();
        assertRefused(child, "its parent parent.trace, of identity " + identity + ", is not beside it");
        assertRefused(grandchild, "its parent parent.trace, of identity " + identity + ", is not beside it");
        Files.copy(child, parent);
        String other = Recordings.manifest(grandchild).parent().orElseThrow().identity();
        assertRefused(child, "its parent parent.trace has identity " + identity, "the one beside it " + other);
    }

    /** Keeps the states of a machine that plays the parent once. */
    private static final class Walk implements StateStore {
        private final Session session;
        private final HostActs acts;
        private final TraceIndex index;
        private final TreeMap<Moment, Kept> kept = new TreeMap<>();
        private int done;

        Walk(TraceIndex index) throws Exception {
            this.index = index;
            this.session = new Session(CONFIG, Optional.empty(), Session.Observer.NONE);
            this.acts = new HostActs(session);
        }

        void goTo(Moment moment) {
            while (done < moment.acts()) {
                Stamped act = index.acts().get(done++);
                acts.runTo(act.cycle());
                acts.perform(act, true);
            }
            acts.runTo(moment.cycle());
        }

        String digest() {
            return HexFormat.of().formatHex(session.machine().stateDigest());
        }

        void keep(Moment moment) {
            kept.put(moment, new Kept(session.save(), digest()));
        }

        @Override
        public Optional<Kept> find(Key key) {
            return kept.entrySet().stream()
                    .filter(entry ->
                            entry.getKey().cycle() == key.cycle() && index.passed(entry.getKey()) == key.passed())
                    .map(entry -> entry.getValue())
                    .findFirst();
        }

        @Override
        public void keep(Key key, Kept state) {
            throw new AssertionError("it was to be kept: " + key);
        }
    }

    /**
     * Without a user, what follows is the parent's own, as long as its user does nothing: the same events and the same state. Anywhere:
     * in the boot, while the hart waits, with input that the guest has not taken, between two characters of a line.
     */
    @Test
    void withoutAUserItGoesOnAsItsParentDidUntilThatHadInput() throws Exception {
        TraceIndex index;
        try (TraceReader reader = TraceReader.open(parent)) {
            index = TraceIndex.of(reader);
        }
        List<Stamped> all = Recordings.events(parent);
        Random random = new Random(9);
        TreeMap<Moment, String> positions = new TreeMap<>();
        List<Long> events = new ArrayList<>(List.of(0L, all.size() - 3L));
        for (Stamped event : all) {
            boolean marked = event.event() instanceof TraceEvent.Input
                    || event.event() instanceof TraceEvent.DriverOk
                    || event.event() instanceof TraceEvent.Flush;
            if (marked && random.nextInt(6) == 0) {
                events.add(event.sequence());
            }
        }
        events.forEach(event -> positions.put(index.after(event), "event:" + event));
        random.longs(3, 0, index.end().cycle()).forEach(cycle -> positions.put(index.before(cycle), "cycle:" + cycle));
        Walk walk = new Walk(index);
        int waiting = 0;
        for (var position : positions.entrySet()) {
            Moment start = position.getKey();
            walk.goTo(start);
            walk.keep(start);
            waiting += walk.session.machine().hart().isWaiting() ? 1 : 0;
            long next = start.acts() < index.acts().size()
                    ? index.acts().get(start.acts()).cycle()
                    : index.end().cycle();
            long limit = Math.min(next, start.cycle() + STRETCH);
            Path child = record(
                    CONFIG,
                    parent,
                    position.getValue(),
                    "",
                    limit - start.cycle(),
                    new SessionStarts(walk),
                    "on.trace");
            // Another one, or what was kept would be of later.
            Walk ahead = new Walk(index);
            ahead.session.load(
                    Optional.ofNullable(walk.kept.get(start)).orElseThrow().state());
            ahead.acts.runTo(limit);
            List<Stamped> on = Recordings.events(child);
            long preamble = Recordings.manifest(child).preambleEvents();
            assertThat(((TraceEvent.End) on.getLast().event()).stateDigest())
                    .as("state after %s", position.getValue())
                    .isEqualTo(HexFormat.of().parseHex(ahead.digest()));
            assertThat(comparable(on, preamble, limit))
                    .as("events after %s", position.getValue())
                    .isEqualTo(comparable(all, behind(all, index.passed(start)), limit));
            try (TraceReader reader = TraceReader.open(child)) {
                assertThat(new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                                .run(cycle -> {})
                                .divergence())
                        .as("device after %s", position.getValue())
                        .isEmpty();
            }
            Files.delete(child);
        }
        assertThat(positions).hasSizeGreaterThan(7);
        assertThat(waiting).as("positions in a wait").isPositive();
    }

    /** A device answers input at once, which belongs to the moment right after it. */
    private static long behind(List<Stamped> events, int passed) {
        int next = passed;
        while (passed > 0
                && events.get(passed - 1).event() instanceof TraceEvent.Input
                && events.get(next).cycle() == events.get(passed - 1).cycle()
                && events.get(next).event() instanceof TraceEvent.Command) {
            next++;
        }
        return next;
    }

    /** What happened without what it takes to tell it: a child tells memory anew. */
    private static List<Stamped> comparable(List<Stamped> events, long from, long limit) {
        return events.stream()
                .filter(event -> event.sequence() >= from && event.cycle() < limit)
                .filter(event -> !(event.event() instanceof TraceEvent.Memory))
                .map(event -> new Stamped(0, event.cycle(), event.event()))
                .toList();
    }

    @Test
    void aGuestThatIsOffDoesNotGoOnAndOneThatIsAboutToBeDoes() throws Exception {
        Path off = folder.resolve("off.trace");
        Recordings.record(PROGRAM, Optional.empty(), off);
        assertThatThrownBy(() -> record(PROGRAM, off, "end", "", 1_000, starts(), "on.trace"))
                .isInstanceOf(UnusableInputException.class)
                .hasMessageContaining("is off at end")
                .hasMessageMatching(".*the last position at which it is on is event:[0-9]+");
        String last = "event:" + (Recordings.events(off).size() - 3);
        Path child = record(PROGRAM, off, last, "", 1_000_000, starts(), "on.trace");
        assertAgrees(child, TraceReplay.Kind.BOTH);
        assertThat(Recordings.events(child).getLast().event())
                .isEqualTo(Recordings.events(off).getLast().event());
    }

    /** What a manifest says of a parent is a stranger's word. */
    @Test
    void aParentThatDoesNotLeadThereIsRefused() throws Exception {
        Path of = folder.resolve("hello.trace");
        Recordings.record(PROGRAM, Optional.empty(), of);
        Path child = record(PROGRAM, of, "event:5", "", 1_000, starts(), "child.trace");
        ParentTrace true_ = Recordings.manifest(child).parent().orElseThrow();
        String otherDigest = "00".repeat(32);
        assertRefused(
                with(child, origin(true_, true_.cycle(), true_.passed(), otherDigest)),
                "its parent hello.trace comes to another state @");
        for (long passed : new long[] {0, 4, 7, Long.MAX_VALUE}) {
            assertRefused(
                    with(child, origin(true_, true_.cycle(), passed, true_.stateDigest())),
                    "its parent has no such moment");
        }
        for (long cycle : new long[] {0, Long.MAX_VALUE}) {
            assertThat(replay(
                            with(child, origin(true_, cycle, true_.passed(), true_.stateDigest())),
                            TraceReplay.Kind.MACHINE))
                    .isInstanceOfSatisfying(
                            TraceVerdict.Refused.class,
                            refused -> assertThat(refused.reason()).contains("its parent has no such moment"));
        }
        TraceManifest manifest = Recordings.manifest(child);
        Path seeded = Recordings.write(
                folder.resolve("seeded.trace"), manifest.with().seed(5).build(), Recordings.events(child));
        assertRefused(seeded, "its parent hello.trace was recorded on another machine");
        Path torn = folder.resolve("hello.trace");
        Files.write(torn, java.util.Arrays.copyOf(Files.readAllBytes(of), (int) Files.size(of) - 40));
        assertRefused(child, "its parent hello.trace is torn; repair it");
        Files.write(torn, new byte[] {1, 2, 3});
        assertRefused(child, "its parent hello.trace cannot be read: ");
    }

    private static ParentTrace origin(ParentTrace of, long cycle, long passed, String digest) {
        return new ParentTrace(of.file(), of.identity(), cycle, passed, digest, of.preamble());
    }

    private Path with(Path child, ParentTrace parent) {
        TraceManifest manifest =
                Recordings.manifest(child).with().parent(Optional.of(parent)).build();
        return Recordings.write(folder.resolve("other.trace"), manifest, Recordings.events(child));
    }

    /** docs/TRACE_FORMAT.md, "Children": what the machine did, it did not do before it began. */
    @Test
    void anEventBeforeTheFirstCycleIsDamageToWhoGoesBackAndForth() throws Exception {
        Path of = folder.resolve("hello.trace");
        Recordings.record(PROGRAM, Optional.empty(), of);
        Path child = record(PROGRAM, of, "event:5", "", 1_000, starts(), "child.trace");
        ParentTrace origin = Recordings.manifest(child).parent().orElseThrow();
        try (TraceReader reader = TraceReader.open(child)) {
            assertThat(TraceIndex.of(reader).events())
                    .isEqualTo(Recordings.events(child).size());
        }
        Path late = with(child, origin(origin, origin.cycle() + 1_001, origin.passed(), origin.stateDigest()));
        try (TraceReader reader = TraceReader.open(late)) {
            assertThatThrownBy(() -> TraceIndex.of(reader))
                    .isInstanceOf(TraceFormatException.class)
                    .hasMessageContaining("and the trace's machine begins at cycle " + (origin.cycle() + 1_001));
        }
        assertThatThrownBy(() -> DevicePlayback.open(late, 1 << 20)).isInstanceOf(TraceFormatException.class);
        assertAgrees(late, TraceReplay.Kind.DEVICE);
    }

    /** Between the comparison and the play somebody may put another file there. */
    @Test
    void aStateIsNotKeptUnderAnIdentityThatTheFilePlayedDoesNotHave() throws Exception {
        Path of = folder.resolve("hello.trace");
        Recordings.record(PROGRAM, Optional.empty(), of);
        List<StateStore.Key> kept = new ArrayList<>();
        SessionStarts starts = new SessionStarts(new StateStore() {
            @Override
            public Optional<Kept> find(Key key) {
                return Optional.empty();
            }

            @Override
            public void keep(Key key, Kept state) {
                kept.add(key);
            }
        });
        String other = "0a".repeat(32);
        assertThatThrownBy(() ->
                        starts.reach(of, other, Recordings.events(of).getFirst().cycle(), 0, PROGRAM, cycle -> {}))
                .isInstanceOf(IncompatibleException.class)
                .hasMessageContaining("hello.trace is no longer the file of identity " + other);
        assertThat(kept).isEmpty();
        String identity = identity(of);
        long first = Recordings.events(of).getFirst().cycle();
        starts.reach(of, identity, first, 0, PROGRAM, cycle -> {});
        assertThat(kept).extracting(StateStore.Key::trace).containsExactly(identity);
    }

    private static String identity(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return ((TraceStatus.Complete) reader.readAll((cycle, event) -> {}))
                    .totals()
                    .identity();
        }
    }

    @Test
    void whatTwoThreadsNeedAloneIsPlayedAtTheSameTime() throws Exception {
        Path of = folder.resolve("hello.trace");
        Recordings.record(PROGRAM, Optional.empty(), of);
        String identity = identity(of);
        long first = Recordings.events(of).getFirst().cycle();
        SessionStarts starts = starts();
        List<StateStore.Kept> others = new ArrayList<>();
        FutureTask<StateStore.Kept> other =
                new FutureTask<>(() -> starts.reach(of, identity, first - 1, 0, PROGRAM, cycle -> {}));
        starts.reach(of, identity, first, 0, PROGRAM, cycle -> {
            if (others.isEmpty()) {
                Thread.ofPlatform().daemon().start(other);
                try {
                    others.add(other.get(20, TimeUnit.SECONDS));
                } catch (InterruptedException | ExecutionException | TimeoutException e) {
                    throw new AssertionError("it waits for the first one", e);
                }
            }
        });
        assertThat(others).hasSize(1);
    }

    @Test
    void noMoreThanSixteenGoOnFromOneAnother() throws Exception {
        Path before = folder.resolve("hello.trace");
        Recordings.record(PROGRAM, Optional.empty(), before);
        SessionStarts starts = starts();
        for (int i = 1; i <= SessionStarts.MAX_CHAIN; i++) {
            before = record(PROGRAM, before, "start", "", 1_000, starts, "c" + i + ".trace");
        }
        Path last = before;
        assertThatThrownBy(() -> record(PROGRAM, last, "start", "", 1_000, starts, "c17.trace"))
                .isInstanceOf(IncompatibleException.class)
                .hasMessageContaining("more than 16 traces go on from one another");
    }
}
