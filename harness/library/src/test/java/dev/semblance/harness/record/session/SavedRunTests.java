package dev.semblance.harness.record.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.GuestImage;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.ChangedStates;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/ARCHITECTURE.md, "State": the laws of saved states for a whole run, against the recordings that ship. */
class SavedRunTests {

    @TempDir
    Path folder;

    /** What a recording that ships was made of. */
    private record Shipped(Path trace, TraceManifest manifest, SessionConfig config, Optional<Scenario> scenario) {

        static Shipped of(String name) {
            Path trace = ProjectHome.guestFolder()
                    .orElseThrow()
                    .resolveSibling("../recordings/" + name + ".trace")
                    .normalize();
            TraceManifest manifest = Recordings.manifest(trace);
            SessionImages.Search search =
                    SessionImages.find(Path.of("a.trace"), manifest, gpu(manifest), Recordings.images(), List.of());
            return new Shipped(
                    trace,
                    manifest,
                    ((SessionImages.Search.Found) search).config(),
                    manifest.scenario().map(Recordings::scenario));
        }

        private static ReplayableGpu gpu(TraceManifest manifest) {
            try {
                return ReplayableGpu.of(manifest);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        RecordingRun run(EventSink sink) throws BadImageException {
            return new RecordingRun(config, scenario, Optional.of(sink), value -> {});
        }
    }

    /** Numbers events as a trace does. */
    private static EventSink into(List<Stamped> events, int first) {
        return (cycle, event) -> events.add(new Stamped(first + events.size(), cycle, event));
    }

    private static SavedState throughBytes(SavedState state) throws BadStateException {
        return ChangedStates.read(ChangedStates.bytes(state));
    }

    /** A run of which states were taken; how many events there were at each. */
    private record Taken(SavedState state, int events, long cycle) {}

    @ParameterizedTest
    @ValueSource(strings = {"cursor", "hotplug", "disk"})
    void aRecordingIsTheSameWithStatesTakenAndFromEachOfThem(String name) throws Exception {
        Shipped shipped = Shipped.of(name);
        List<Stamped> all = Recordings.events(shipped.trace());
        long end = all.getLast().cycle();

        List<Stamped> events = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        Path again = folder.resolve("again.trace");
        try (TraceWriter writer = TraceWriter.create(again, shipped.manifest(), TraceWriter.Options.standard())) {
            EventSink list = into(events, 0);
            RecordingRun run = shipped.run((cycle, event) -> {
                list.accept(cycle, event);
                writer.accept(cycle, event);
            });
            for (long cut : new Random(name.length()).longs(20, 0, end).sorted().toArray()) {
                assertThat(run.runTo(cut)).isTrue();
                taken.add(new Taken(run.save(), events.size(), cut));
            }
            run.run(Long.MAX_VALUE, cycle -> {});
            writer.complete();
        }
        assertThat(Files.mismatch(again, shipped.trace())).as("law 3").isEqualTo(-1);

        for (int i = 0; i < taken.size(); i += 6) {
            Taken from = taken.get(i);
            List<Stamped> rest = new ArrayList<>();
            RecordingRun run = shipped.run(into(rest, from.events()));
            run.load(throughBytes(from.state()));
            assertThat(run.save()).as("law 1 at cycle %d", from.cycle()).isEqualTo(from.state());
            run.run(Long.MAX_VALUE, cycle -> {});
            assertThat(rest)
                    .as("law 2 from cycle %d: with the digest in End", from.cycle())
                    .isEqualTo(all.subList(from.events(), all.size()));
        }

        List<Stamped> seen = new ArrayList<>();
        RecordingRun run = shipped.run(into(seen, 0));
        for (int i : new int[] {13, 4, 17, 2}) {
            run.load(taken.get(i).state());
            seen.clear();
            run.runTo(taken.get(i + 1).cycle());
            assertThat(run.save())
                    .as("back and forth, at state %d", i)
                    .isEqualTo(taken.get(i + 1).state());
            assertThat(seen)
                    .extracting(Stamped::event)
                    .isEqualTo(
                            all.subList(taken.get(i).events(), taken.get(i + 1).events()).stream()
                                    .map(Stamped::event)
                                    .toList());
        }
    }

    private static final String ECHO =
            "wait \">\"\nsleep 1e6\npress KEY_B\nmove 3 4\ntype \"x\"\nwait \"x\"\nkeys \"ac\"\n";

    private static SessionConfig echo() {
        return BarePrograms.program().print(">").echo().delay(50_000).print("!").reset(0);
    }

    private static RecordingRun run(SessionConfig config, String scenario, Optional<EventSink> sink)
            throws BadImageException {
        return new RecordingRun(
                config,
                scenario.isEmpty() ? Optional.empty() : Optional.of(Recordings.scenario(scenario)),
                sink,
                value -> {});
    }

    /** What a recorder knew of memory is in the state, for the recorder that goes on. */
    @Test
    void aRunThatIsNotRecordedGoesOnFromOneThatWas() throws BadImageException, BadStateException {
        RecordingRun recorded = run(echo(), ECHO, Optional.of(into(new ArrayList<>(), 0)));
        recorded.runTo(1_500_000);
        SavedState state = recorded.save();
        RecordingRun unseen = run(echo(), ECHO, Optional.empty());
        unseen.load(state);
        assertThat(unseen.run(12_000_000, cycle -> {})).isEqualTo(recorded.run(12_000_000, cycle -> {}));
        assertThat(unseen.session().machine().stateDigest())
                .isEqualTo(recorded.session().machine().stateDigest());
    }

    @Test
    void aStateOfAnotherRunIsRefused() throws BadImageException {
        RecordingRun saved = run(echo(), ECHO, Optional.of(into(new ArrayList<>(), 0)));
        saved.runTo(1_500_000);
        SavedState state = saved.save();
        RecordingRun other = run(echo(), ECHO + "sleep 1\n", Optional.of((cycle, event) -> {}));
        assertThatThrownBy(() -> other.load(state))
                .isInstanceOf(BadStateException.class)
                .hasMessageContaining("another scenario");
        RecordingRun alone = run(echo(), "", Optional.of((cycle, event) -> {}));
        assertThatThrownBy(() -> alone.load(state)).hasMessageContaining("another scenario");
        SessionConfig program = echo();
        SessionConfig withDisk = new SessionConfig(
                program.boot(), Optional.of(GuestImage.of("disk", new byte[512])), program.seed(), program.displays());
        RecordingRun disk = run(withDisk, ECHO, Optional.of((cycle, event) -> {}));
        assertThatThrownBy(() -> disk.load(state)).hasMessageContaining("another size of the disk");
    }

    @Test
    void aDiskWithOtherBytesIsAnotherDisk() throws BadImageException {
        byte[] bytes = new byte[1024];
        SavedState state = onDisk(bytes.clone()).save();
        bytes[7] = 1;
        RecordingRun other = onDisk(bytes);
        assertThatThrownBy(() -> other.load(state)).hasMessageContaining("another disk image");
    }

    private static RecordingRun onDisk(byte[] bytes) throws BadImageException {
        SessionConfig program = echo();
        return run(
                new SessionConfig(
                        program.boot(), Optional.of(GuestImage.of("disk", bytes)), program.seed(), program.displays()),
                "",
                Optional.empty());
    }

    @Test
    void aRunThatHasEndedIsNeitherSavedNorLoaded() throws BadImageException {
        RecordingRun run = run(echo(), ECHO, Optional.empty());
        SavedState state = run.save();
        assertThat(run.runTo(Long.MAX_VALUE)).isFalse();
        assertThatThrownBy(run::save).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> run.load(state)).isInstanceOf(IllegalStateException.class);
        assertThat(run.run(Long.MAX_VALUE, cycle -> {}).reason()).isEqualTo(TraceEvent.End.Reason.SCENARIO);
    }

    /** Law 2 holds for what is recorded of a run that nobody recorded up to there, but for what memory holds. */
    @Test
    void aRecordingCanBeginWhereARunWas() throws Exception {
        Shipped shipped = Shipped.of("cursor");
        List<Stamped> all = Recordings.events(shipped.trace());
        long middle = all.get(all.size() / 2).cycle();
        RecordingRun unseen = new RecordingRun(shipped.config(), shipped.scenario(), Optional.empty(), value -> {});
        unseen.runTo(middle);
        List<Stamped> events = new ArrayList<>();
        RecordingRun run = shipped.run(into(events, 0));
        run.load(unseen.save());
        run.run(Long.MAX_VALUE, cycle -> {});
        assertThat(withoutMemory(events))
                .isEqualTo(withoutMemory(
                        all.stream().filter(event -> event.cycle() >= middle).toList()))
                .hasSizeGreaterThan(100);
        assertThat(memory(events)).as("all is told again").isGreaterThan(memory(all) / 2);
    }

    private static List<Stamped> withoutMemory(List<Stamped> events) {
        return events.stream()
                .filter(event -> !(event.event() instanceof TraceEvent.Memory))
                .map(event -> new Stamped(0, event.cycle(), event.event()))
                .toList();
    }

    private static long memory(List<Stamped> events) {
        return events.stream()
                .filter(event -> event.event() instanceof TraceEvent.Memory)
                .flatMap(event -> ((TraceEvent.Memory) event.event()).runs().stream())
                .mapToLong(run -> run.bytes().length)
                .sum();
    }

    /** What belongs to the session and the scenario lies at the end. */
    @Test
    void everyFieldBesideTheMachineIsLoadedOrRefusedAndTheRunGoesOn() throws Exception {
        RecordingRun saved = run(echo(), ECHO, Optional.of((cycle, event) -> {}));
        saved.runTo(4_500_000);
        SavedState state = saved.save();
        byte[] bytes = ChangedStates.bytes(state);
        int length = ChangedStates.fieldBytes(bytes);
        byte[] machine = ChangedStates.bytes(saved.session().machine().save());
        int beside = length - ChangedStates.fieldBytes(machine);
        assertThat(beside).isGreaterThan(100);
        RecordingRun other = run(echo(), ECHO, Optional.of((cycle, event) -> {}));
        int loaded = 0;
        for (int at = length - beside; at < length; at++) {
            for (int bit = 0; bit < 8; bit += 3) {
                SavedState changed = ChangedStates.flipped(bytes, at, (bit + at) % 8);
                try {
                    other.load(changed);
                } catch (BadStateException e) {
                    other = run(echo(), ECHO, Optional.of((cycle, event) -> {}));
                    continue;
                }
                loaded++;
                assertThat(other.save()).as("byte %d", at).isEqualTo(changed);
                if (!other.runTo(4_600_000)) {
                    other = run(echo(), ECHO, Optional.of((cycle, event) -> {}));
                }
            }
        }
        assertThat(loaded).isGreaterThan(50);
    }
}
