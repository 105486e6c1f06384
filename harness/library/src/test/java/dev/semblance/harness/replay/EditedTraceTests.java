package dev.semblance.harness.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.report.TextReport;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Command;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.Descriptor;
import dev.semblance.machine.virtio.RingFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/ARCHITECTURE.md, "Backwards": a recording agrees in both replays, and whatever is changed in it is found. */
class EditedTraceTests {

    private static final int SNAPSHOTS = 3;

    @TempDir
    private Path folder = Path.of("");

    private List<Stamped> events = List.of();
    private TraceManifest manifest = SyntheticGuest.manifest();

    @BeforeEach
    void readTheRecording() {
        events = Recordings.events(Recordings.cursor());
        manifest = Recordings.manifest(Recordings.cursor());
    }

    private TraceVerdict replay(TraceReplay.Kind kind, Path trace) {
        return new TraceReplay(Recordings.images(), List.of(), kind)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
    }

    private TraceVerdict.Replayed both(List<Stamped> edited) {
        return (TraceVerdict.Replayed) replay(TraceReplay.Kind.BOTH, write(manifest, edited));
    }

    private Path write(TraceManifest with, List<Stamped> edited) {
        return Recordings.write(folder.resolve("t.trace"), with, edited);
    }

    private static Divergence divergence(Optional<ReplayOutcome> outcome) {
        return outcome.orElseThrow().divergence().orElseThrow();
    }

    /** Returns the place of the last event that is so: by then, much has been compared. */
    private int last(Predicate<TraceEvent> wanted) {
        for (int i = events.size() - 1; i >= 0; i--) {
            if (wanted.test(events.get(i).event())) {
                return i;
            }
        }
        throw new AssertionError("no such event");
    }

    private List<Stamped> with(int place, UnaryOperator<TraceEvent> edit) {
        List<Stamped> edited = new ArrayList<>(events);
        Stamped old = events.get(place);
        edited.set(place, new Stamped(old.sequence(), old.cycle(), edit.apply(old.event())));
        assertThat(edited.get(place)).isNotEqualTo(old);
        return edited;
    }

    private static boolean isGpuCommand(TraceEvent event) {
        return event instanceof Command command && command.device() == Devices.GPU;
    }

    private static TraceEvent withResponse(TraceEvent event) {
        Command command = (Command) event;
        TraceEvent.Payload.Full full = (TraceEvent.Payload.Full) command.payload();
        byte[] response = full.response().clone();
        response[0] ^= 1;
        return new Command(
                command.device(),
                command.queue(),
                command.head(),
                command.descriptors(),
                new TraceEvent.Payload.Full(full.request(), response),
                command.usedLength(),
                command.notification());
    }

    private static TraceEvent withDescriptors(TraceEvent event, UnaryOperator<Descriptor> edit) {
        Command command = (Command) event;
        return new Command(
                command.device(),
                command.queue(),
                command.head(),
                command.descriptors().stream().map(edit).toList(),
                command.payload(),
                command.usedLength(),
                command.notification());
    }

    private void assertBefore(Divergence divergence, int place) {
        EventHistory history = new EventHistory(manifest, 8);
        events.subList(0, place).forEach(history::add);
        assertThat(divergence.before()).isNotEmpty().isEqualTo(history.before(divergence.expected()));
    }

    @Test
    void aFreshRecordingAgreesInBothReplays() {
        TraceVerdict.Replayed verdict = (TraceVerdict.Replayed) replay(TraceReplay.Kind.BOTH, Recordings.cursor());
        assertThat(verdict.cause()).isEmpty();
        assertThat(verdict.notDone()).isEmpty();
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(verdict.device().orElseThrow().events()).isEqualTo(events.size());
        assertThat(verdict.machine().orElseThrow().events()).isEqualTo(events.size());
        assertThat(verdict.machine().orElseThrow().flushes())
                .isEqualTo(verdict.device().orElseThrow().flushes())
                .isPositive();
        assertThat(verdict.snapshots()).extracting(SnapshotVerdict::label).containsExactly("start", "clicked", "end");
        // What the scenario was to exercise is there.
        assertThat(events).extracting(Stamped::event).hasAtLeastOneElementOfType(TraceEvent.Input.class);
        assertThat(events).extracting(Stamped::event).hasAtLeastOneElementOfType(TraceEvent.Cursor.class);
        assertThat(events).extracting(Stamped::event).hasAtLeastOneElementOfType(TraceEvent.Memory.class);
        assertThat(events).extracting(Stamped::event).hasAtLeastOneElementOfType(TraceEvent.Checkpoint.class);
    }

    @Test
    void aByteOfAnAnswerIsTheGpusDoing() {
        // The cursor's commands have no room for an answer.
        int place = last(event -> isGpuCommand(event) && ((Command) event).queue() == 0);
        List<Stamped> edited = with(place, EditedTraceTests::withResponse);
        TraceVerdict.Replayed verdict = both(edited);
        for (Optional<ReplayOutcome> outcome : List.of(verdict.device(), verdict.machine())) {
            Divergence divergence = divergence(outcome);
            assertThat(divergence).isInstanceOf(Divergence.Different.class);
            assertThat(divergence.expected()).isEqualTo(edited.get(place));
            assertThat(((Divergence.Different) divergence).actual())
                    .isEqualTo(events.get(place).event());
            assertThat(((Divergence.Different) divergence).cycle())
                    .isEqualTo(events.get(place).cycle());
            assertBefore(divergence, place);
        }
        assertThat(verdict.cause()).hasValue("Both replays differ: the GPU has changed.");
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(verdict.snapshots()).hasSize(SNAPSHOTS);
        // The place is the same everywhere, also where the device replay went on, and what both say is said once.
        List<String> lines = TextReport.lines(verdict);
        assertThat(lines.getFirst())
                .contains(Text.format(
                        "machine differs after %,d events; device differs after %,d events;", place, place));
        assertThat(lines)
                .filteredOn(line -> line.contains("first difference"))
                .containsExactly("    Both replays, first difference:");
        assertThat(lines)
                .filteredOn(line -> line.startsWith("      expected  #" + place))
                .hasSize(1);
        // Frames come with masses of memory; the commands before are told nevertheless.
        assertThat(lines)
                .filteredOn(line -> line.matches(" {16}#[0-9]+ @[0-9,]+ gpu (control|cursor) [A-Z_0-9]+ .*"))
                .hasSize(8);
        assertThat(lines)
                .filteredOn(line -> line.matches(" {16}\\.\\.\\. .* events?"))
                .isNotEmpty();
    }

    @Test
    void aFlushOfAnotherPictureIsTheGpusDoing() {
        int place = last(event -> event instanceof TraceEvent.Flush);
        TraceVerdict.Replayed verdict = both(with(place, event -> {
            TraceEvent.Flush flush = (TraceEvent.Flush) event;
            return new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), ~flush.digest());
        }));
        assertThat(((Divergence.Different) divergence(verdict.device())).actual())
                .isEqualTo(events.get(place).event());
        assertBefore(divergence(verdict.device()), place);
        assertThat(((Divergence.Different) divergence(verdict.machine())).actual())
                .isEqualTo(events.get(place).event());
        // The device replay goes on.
        assertThat(verdict.snapshots()).hasSize(SNAPSHOTS);
        assertThat(verdict.device().orElseThrow().events()).isEqualTo(events.size());
    }

    @Test
    void aByteOfImageMemoryShowsAtTheNextPicture() {
        int place = last(event -> event instanceof TraceEvent.Memory);
        TraceVerdict.Replayed verdict = both(with(place, event -> {
            TraceEvent.Memory memory = (TraceEvent.Memory) event;
            byte[] bytes = memory.runs().getFirst().bytes().clone();
            // The blue of the first pixel: the X byte would not show.
            bytes[0] ^= 1;
            List<TraceEvent.Bytes> runs = new ArrayList<>(memory.runs());
            runs.set(0, new TraceEvent.Bytes(runs.getFirst().address(), bytes));
            return new TraceEvent.Memory(memory.device(), runs);
        }));
        assertThat(divergence(verdict.machine()).expected().sequence()).isEqualTo(place);
        Divergence device = divergence(verdict.device());
        assertThat(device.expected().sequence()).isGreaterThan(place);
        assertThat(device.expected().event()).isInstanceOfAny(TraceEvent.Flush.class, TraceEvent.Cursor.class);
        assertThat(verdict.cause())
                .hasValueSatisfying(cause -> assertThat(cause).startsWith("Both"));
    }

    @Test
    void memoryThatNoEventTellsIsMissedAndNeverZero() {
        List<Stamped> edited = new ArrayList<>(events);
        edited.removeIf(event -> event.event() instanceof TraceEvent.Memory);
        TraceVerdict.Replayed verdict =
                (TraceVerdict.Replayed) replay(TraceReplay.Kind.DEVICE, write(manifest, edited));
        assertThat(divergence(verdict.device())).isInstanceOfSatisfying(Divergence.UnknownMemory.class, unknown -> {
            assertThat(unknown.length()).isPositive();
            assertThat(unknown.address()).isBetween(0L, manifest.ramBytes());
            assertThat(unknown.expected().event()).isInstanceOf(Command.class);
        });
        assertThat(verdict.snapshots()).hasSize(SNAPSHOTS);
        assertThat(verdict.cause().orElseThrow()).startsWith("The device replay differs. There was no machine replay");
    }

    @Test
    void anotherAddressOfABufferIsTheMachinesDoing() {
        int place = last(EditedTraceTests::isGpuCommand);
        TraceVerdict.Replayed verdict = both(with(
                place,
                event -> withDescriptors(
                        event,
                        buffer -> new Descriptor(
                                buffer.index(), buffer.address() ^ 0x10_0000, buffer.length(), buffer.flags()))));
        assertThat(verdict.device().orElseThrow().divergence()).isEmpty();
        assertThat(divergence(verdict.machine()).expected().sequence()).isEqualTo(place);
        assertThat(verdict.cause())
                .hasValue("Only the machine replay differs: CPU, machine or guest images have changed, not the GPU.");
    }

    @Test
    void aRingFaultThatWasNotIsMissedByBoth() {
        int place = last(EditedTraceTests::isGpuCommand) + 1;
        List<Stamped> edited = new ArrayList<>(events);
        Stamped command = events.get(place - 1);
        edited.add(
                place,
                new Stamped(
                        place,
                        command.cycle(),
                        new TraceEvent.Fault(
                                Devices.GPU,
                                ((Command) command.event()).queue(),
                                RingFault.Reason.CHAIN_TOO_LONG,
                                List.of())));
        TraceVerdict.Replayed verdict = both(edited);
        assertThat(divergence(verdict.device())).isInstanceOf(Divergence.Missing.class);
        assertThat(divergence(verdict.device()).expected().event()).isInstanceOf(TraceEvent.Fault.class);
        assertThat(divergence(verdict.machine()).expected().event()).isInstanceOf(TraceEvent.Fault.class);
    }

    @Test
    void inputAtAnotherCycleIsTheMachinesDoing() {
        int place = last(event -> event instanceof TraceEvent.Input);
        List<Stamped> edited = new ArrayList<>(events);
        Stamped input = events.get(place);
        long earlier = Math.max(events.get(place - 1).cycle(), input.cycle() - 1000);
        assertThat(earlier).isLessThan(input.cycle());
        edited.set(place, new Stamped(place, earlier, input.event()));
        assertMachineOnly(both(edited));
    }

    @Test
    void anotherConsoleByteIsTheMachinesDoing() {
        int place = last(event -> event instanceof TraceEvent.ConsoleOutput);
        TraceVerdict.Replayed verdict = both(with(
                place, event -> new TraceEvent.ConsoleOutput((byte) (((TraceEvent.ConsoleOutput) event).value() ^ 1))));
        assertMachineOnly(verdict);
        assertThat(((Divergence.Different) divergence(verdict.machine())).actual())
                .isEqualTo(events.get(place).event());
        assertBefore(divergence(verdict.machine()), place);
    }

    @Test
    void anotherStateAtTheEndIsTheMachinesDoing() {
        TraceVerdict.Replayed verdict = both(with(events.size() - 1, event -> {
            TraceEvent.End end = (TraceEvent.End) event;
            byte[] digest = end.stateDigest().clone();
            digest[31] ^= 1;
            return new TraceEvent.End(end.reason(), end.instret(), digest);
        }));
        assertMachineOnly(verdict);
        assertThat(divergence(verdict.machine()).expected().event()).isInstanceOf(TraceEvent.End.class);
    }

    @Test
    void whatTheGuestNeverDidIsMissed() {
        // An end much later than the run had one: the guest goes on to other things.
        List<Stamped> edited = new ArrayList<>(events);
        Stamped end = events.getLast();
        edited.add(edited.size() - 2, new Stamped(0, end.cycle(), new TraceEvent.ConsoleOutput((byte) '!')));
        TraceVerdict.Replayed verdict =
                (TraceVerdict.Replayed) replay(TraceReplay.Kind.MACHINE, write(manifest, edited));
        assertThat(divergence(verdict.machine()))
                .isInstanceOfSatisfying(
                        Divergence.Missing.class,
                        missing -> assertThat(missing.circumstances()).contains("the guest had gone on to cycle"));
    }

    private static void assertMachineOnly(TraceVerdict.Replayed verdict) {
        assertThat(verdict.device().orElseThrow().divergence()).isEmpty();
        assertThat(divergence(verdict.machine())).isNotNull();
        assertThat(verdict.cause().orElseThrow()).startsWith("Only the machine replay differs");
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.MISMATCH);
        assertThat(verdict.snapshots()).hasSize(SNAPSHOTS);
    }

    private TraceManifest other(String bootargs, long seed) {
        return manifest.with().bootargs(bootargs).seed(seed).build();
    }

    @Test
    void anotherSeedOrCommandLineIsTheMachinesDoing() {
        assertMachineOnly((TraceVerdict.Replayed) replay(
                TraceReplay.Kind.BOTH, write(other(manifest.bootargs(), manifest.seed() + 1), events)));
        assertMachineOnly((TraceVerdict.Replayed) replay(
                TraceReplay.Kind.BOTH, write(other(manifest.bootargs() + " nosmp", manifest.seed()), events)));
    }

    /** README.md, exit codes: 4 is a torn trace whose prefix passed. */
    @Test
    void aTraceCutAnywherePassesUpToThere() throws IOException {
        Path whole = write(manifest, events);
        byte[] bytes = Files.readAllBytes(whole);
        Random random = new Random(4);
        for (int i = 0; i < 12; i++) {
            // Behind the manifest, and before the footer.
            int cut = bytes.length / 20 + random.nextInt(bytes.length - bytes.length / 10);
            Path torn = Files.write(folder.resolve("torn.trace"), Arrays.copyOf(bytes, cut));
            TraceVerdict.Replayed verdict =
                    (TraceVerdict.Replayed) replay(i == 0 ? TraceReplay.Kind.BOTH : TraceReplay.Kind.DEVICE, torn);
            assertThat(verdict.cause()).as("cut at %d", cut).isEmpty();
            assertThat(verdict.torn()).as("cut at %d", cut).isPresent();
            assertThat(verdict.exitCode()).isEqualTo(ExitCode.TORN);
        }
    }

    private TraceVerdict.Replayed upTo(String position, Path trace) {
        return (TraceVerdict.Replayed) new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.BOTH)
                .until(Position.parse(position))
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
    }

    /** docs/TOOLS.md, "replay". */
    @Test
    void bothReplaysStopAtAPositionAndSayHowFarTheyCame() {
        Path whole = write(manifest, events);
        int start = last(event ->
                event instanceof TraceEvent.Snapshot taken && taken.label().equals("start"));
        for (String position : List.of(
                "snapshot:start",
                "event:" + start,
                "cycle:" + (events.get(start).cycle() + 1))) {
            TraceVerdict.Replayed verdict = upTo(position, whole);
            assertThat(verdict.exitCode()).isEqualTo(ExitCode.PASS);
            assertThat(verdict.scope().until().orElseThrow().position()).isEqualTo(Position.parse(position));
            assertThat(verdict.snapshots()).extracting(SnapshotVerdict::label).containsExactly("start");
            for (Optional<ReplayOutcome> outcome : List.of(verdict.device(), verdict.machine())) {
                assertThat(outcome.orElseThrow().events())
                        .isGreaterThanOrEqualTo(start + 1L)
                        .isLessThan(events.size());
                assertThat(outcome.orElseThrow().status()).isEmpty();
            }
            assertThat(verdict.device().orElseThrow().events())
                    .isEqualTo(verdict.machine().orElseThrow().events());
            assertThat(verdict.device().orElseThrow().flushes())
                    .isEqualTo(verdict.machine().orElseThrow().flushes());
        }
        TraceVerdict.Replayed all = upTo("end", whole);
        assertThat(all.machine().orElseThrow().events()).isEqualTo(events.size());
        assertThat(upTo("start", whole).machine().orElseThrow().events()).isZero();
        assertThat(upTo("flush:0", whole).device().orElseThrow().flushes()).isOne();
        assertThat(upTo("flush:0", whole).machine().orElseThrow().flushes()).isOne();
    }

    @Test
    void whatDiffersBehindThePositionIsNotSeenAndWhatDiffersBeforeItIs() {
        int place = last(event -> isGpuCommand(event) && ((Command) event).queue() == 0);
        Path edited = write(manifest, with(place, EditedTraceTests::withResponse));
        assertThat(upTo("event:" + (place - 1), edited).cause()).isEmpty();
        TraceVerdict.Replayed there = upTo("event:" + place, edited);
        assertThat(divergence(there.device()).expected().sequence()).isEqualTo(place);
        assertThat(divergence(there.machine()).expected().sequence()).isEqualTo(place);
        assertThat(there.exitCode()).isEqualTo(ExitCode.MISMATCH);
    }

    @Test
    void whatTheMachineDoesTooEarlyIsSeenUpToACycle() {
        // The trace says that something happened later than it does.
        int place = last(event -> event instanceof TraceEvent.Notify);
        long cycle = events.get(place).cycle();
        List<Stamped> late = new ArrayList<>(events.subList(0, place));
        events.subList(place, events.size())
                .forEach(event -> late.add(new Stamped(event.sequence(), event.cycle() + 1000, event.event())));
        Path edited = write(manifest, late);
        assertThat(upTo("cycle:" + cycle, edited).machine().orElseThrow().divergence())
                .isEmpty();
        Divergence early = divergence(upTo("cycle:" + (cycle + 500), edited).machine());
        assertThat(early.expected().sequence()).isEqualTo(place);
        assertThat(((Divergence.Different) early).cycle()).isEqualTo(cycle);
    }

    @Test
    void aPositionThatIsNotThereIsRefused() {
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .until(Position.parse("snapshot:strat"))
                .replay(write(manifest, events), new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict).isInstanceOfSatisfying(TraceVerdict.Refused.class, refused -> {
            assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
            assertThat(refused.reason()).contains("t.trace has no snapshot:strat; the nearest are snapshot:start (#");
        });
    }

    @Test
    void snapshotsThatNobodyAskedForAreComparedByTheirDigestsAlone() {
        int end = last(event -> event instanceof TraceEvent.Snapshot);
        List<Stamped> edited = with(end, event -> {
            TraceEvent.Snapshot s = (TraceEvent.Snapshot) event;
            return new TraceEvent.Snapshot(s.label(), s.scanout(), s.width(), s.height(), s.digest() ^ 1);
        });
        TraceVerdict.Replayed verdict =
                (TraceVerdict.Replayed) new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                        .judging((trace, label) -> label.equals("clicked"))
                        .replay(write(manifest, edited), new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict.snapshots()).extracting(SnapshotVerdict::label).containsExactly("clicked");
        assertThat(verdict.scope().unjudged()).isEqualTo(SNAPSHOTS - 1);
        assertThat(divergence(verdict.device()).expected().sequence()).isEqualTo(end);
    }
}
