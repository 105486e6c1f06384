package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.frame.NoFrames;
import dev.semblance.gpu.protocol.CommandCodec;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.PixelFormat;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.edit.trim.TraceTrimmer.Beginning;
import dev.semblance.harness.edit.trim.TraceTrimmer.Trimmed;
import dev.semblance.harness.fuzz.minimize.Sessions;
import dev.semblance.harness.record.session.Devices;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/MINIMIZING.md, "trim": what is in the file that is cut out, and what is refused. */
class TraceTrimmerTests {

    @TempDir
    private Path folder = Path.of("");

    private Path trace = Path.of("");
    private Path output = Path.of("");
    private List<Stamped> whole = List.of();

    @BeforeEach
    void makeTrace() throws IOException {
        trace = folder.resolve("t.trace");
        output = folder.resolve("o.trace");
        Sessions.record(trace, Sessions.session(11, 120), new NoFrames());
        whole = Recordings.events(trace);
    }

    private static PositionRange from(long sequence) {
        return PositionRange.between(Optional.of(new Position.OfEvent(sequence)), Optional.empty());
    }

    private Trimmed trim(long from, long to) throws IOException {
        return TraceTrimmer.trim(
                trace, new PositionRange(new Position.OfEvent(from), new Position.OfEvent(to)), output);
    }

    private static TraceStatus status(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            return reader.readAll((cycle, event) -> {});
        }
    }

    /** Returns the number of the first event of a kind, from {@code from} on. */
    private int first(Class<? extends TraceEvent> kind, int from) {
        for (int i = from; i < whole.size(); i++) {
            if (kind.isInstance(whole.get(i).event())) {
                return i;
            }
        }
        throw new AssertionError("there is one");
    }

    private void rewrite(List<Stamped> events) {
        trace = Recordings.write(folder.resolve("t.trace"), RigSettings.EXEC.manifest("test"), events);
        whole = Recordings.events(trace);
    }

    @Test
    void aRangeWithoutEventsIsRefusedWithBothItsEnds() throws IOException {
        Files.writeString(output, "mine");
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> trim(whole.size() + 5L, whole.size() + 9L))
                .withMessageStartingWith(
                        trace + " has no event:" + (whole.size() + 5) + "; the nearest are event:" + (whole.size() - 2))
                .satisfies(error -> assertThat(ExitCode.of(error)).isEqualTo(ExitCode.USAGE));
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> TraceTrimmer.trim(
                        trace,
                        PositionRange.between(Optional.of(Position.parse("flush:99999")), Optional.empty()),
                        output))
                .withMessageStartingWith(trace + " has no flush:99999; the nearest are flush:");
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> trim(60, 2))
                .withMessage("no event of " + trace + " is in the range from event:60 to event:2")
                .satisfies(error -> assertThat(ExitCode.of(error)).isEqualTo(ExitCode.USAGE));
        assertThat(output).hasContent("mine");
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(trace, output);
        }
    }

    @Test
    void aTraceWhoseGpuCannotBeOursIsRefusedAndNothingIsWritten() {
        Path several = Recordings.write(
                folder.resolve("several.trace"),
                TraceFiles.MANIFEST,
                List.of(new Stamped(0, 0, new TraceEvent.End(TraceEvent.End.Reason.SCRIPT, 0, new byte[0]))));
        assertThatExceptionOfType(TraceFormatException.class)
                .isThrownBy(() -> TraceTrimmer.trim(several, PositionRange.WHOLE, output));
        assertThat(output).doesNotExist();
    }

    @Test
    void theManifestSaysWhereTheEventsAreFromAndKeepsTheRest() throws IOException {
        Trimmed trimmed = trim(40, 60);
        TraceManifest before = Recordings.manifest(trace);
        TraceManifest after = Recordings.manifest(output);
        assertThat(after.kind()).isEqualTo(TraceManifest.Kind.DEVICE_ONLY);
        assertThat(after.toolVersion())
                .isEqualTo("trimmed: events " + trimmed.first() + " to " + trimmed.last() + " of a trace by test");
        assertThat(after.withToolVersion("test")).isEqualTo(before);
    }

    @Test
    void theManifestOfAMachineIsKeptButForItsKind() throws IOException {
        TraceManifest machine = new SessionConfig(
                        Recordings.bareConfig("hello-semu.bin").boot(),
                        Optional.empty(),
                        42,
                        DisplayConfig.of(Display.of(800, 600), Display.of(640, 480)))
                .manifest("test", Optional.of("wait \"x\"\n"));
        trace = Recordings.write(
                folder.resolve("machine.trace"),
                machine,
                List.of(
                        new Stamped(0, 3, new TraceEvent.Reset(Devices.GPU)),
                        new Stamped(1, 4, new TraceEvent.Reset(Devices.GPU)),
                        new Stamped(2, 5, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 9, new byte[] {1}))));
        TraceTrimmer.trim(trace, from(1), output);
        TraceManifest after = Recordings.manifest(output);
        assertThat(after.kind()).isEqualTo(TraceManifest.Kind.DEVICE_ONLY);
        assertThat(after.seed()).isEqualTo(42);
        assertThat(after.withToolVersion("test").toJson().replace("DEVICE_ONLY", "MACHINE"))
                .isEqualTo(machine.toJson());
    }

    @Test
    void aLongVersionIsCutToWhatAManifestHolds() throws IOException {
        trace = Recordings.write(folder.resolve("long.trace"), RigSettings.EXEC.manifest("v".repeat(255)), whole);
        trim(40, 60);
        assertThat(Recordings.manifest(output).toolVersion()).hasSize(255).endsWith("v");
    }

    @Test
    void aRangeThatStopsShortGetsAnEndAtItsLastCycle() throws IOException {
        Trimmed trimmed = trim(40, 60);
        List<Stamped> cut = Recordings.events(output);
        assertThat(cut.getLast().event()).isEqualTo(new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0]));
        assertThat(cut.getLast().cycle())
                .isEqualTo(whole.get((int) trimmed.last()).cycle());
        assertThat(cut).hasSize((int) (trimmed.before() + trimmed.last() - trimmed.first() + 2));
    }

    @Test
    void aRangeToTheEndKeepsTheEndThatIsThere() throws IOException {
        Trimmed trimmed = TraceTrimmer.trim(trace, from(40), output);
        List<Stamped> cut = Recordings.events(output);
        assertThat(trimmed.last()).isEqualTo(whole.size() - 1);
        assertThat(cut.getLast().event()).isEqualTo(whole.getLast().event());
        assertThat(cut.stream().filter(event -> event.event() instanceof TraceEvent.End))
                .hasSize(1);
    }

    @Test
    void theTotalsAndTheSizesToldAreThoseOfTheFile() throws IOException {
        for (long from : new long[] {0, 6, 40, whole.size() - 4L}) {
            Trimmed trimmed = trim(from, whole.size() - 2L);
            TraceStatus status = status(output);
            assertThat(status).isInstanceOf(TraceStatus.Complete.class);
            // And the End that is added.
            assertThat(status.totals().events()).isEqualTo(trimmed.before() + trimmed.last() - trimmed.first() + 2);
            long size = Files.size(output);
            switch (trimmed.beginning()) {
                case NONE, PREFIX -> assertThat(trimmed.prefixBytes()).isEqualTo(size);
                case STATE -> {
                    assertThat(trimmed.stateBytes()).contains(size);
                    assertThat(size).isLessThan(trimmed.prefixBytes());
                }
            }
        }
    }

    @Test
    void nothingIsMadeUpWhereTheRangeStartsWithTheTrace() throws IOException {
        Trimmed trimmed = trim(0, 30);
        assertThat(trimmed.beginning()).isEqualTo(Beginning.NONE);
        assertThat(trimmed.before()).isZero();
        assertThat(trimmed.stateBytes()).isEmpty();
        assertThat(trimmed.reason()).isEqualTo("the range starts where the trace does");
    }

    @Test
    void theWholeRangeIsTheWholeTrace() throws IOException {
        TraceTrimmer.trim(trace, PositionRange.WHOLE, output);
        assertThat(status(output).totals().identity())
                .isEqualTo(status(trace).totals().identity());
    }

    @Test
    void snapshotsBeforeTheRangeAreLeftOutAndThoseInItAreKept() throws IOException {
        List<Stamped> events = new ArrayList<>(whole.subList(0, whole.size() - 2));
        Stamped shot = whole.get(first(TraceEvent.Snapshot.class, 0));
        long cycle = events.get(5).cycle();
        // Before the first image is shown, so that it is black in any case; no device is asked here.
        events.add(6, new Stamped(6, cycle, shot.event()));
        events.add(shot);
        events.add(whole.getLast());
        rewrite(events);
        Trimmed trimmed = TraceTrimmer.trim(trace, from(20), output);
        assertThat(trimmed.before()).isPositive();
        assertThat(Recordings.events(output).stream()
                        .filter(event -> event.event() instanceof TraceEvent.Snapshot)
                        .map(Stamped::event))
                .containsExactly(shot.event());
    }

    @Test
    void whatComesBeforeIsKeptOnlyAsFarAsTheGpuIsConcerned() throws IOException {
        List<Stamped> events = new ArrayList<>(whole);
        Stamped here = whole.get(2);
        for (TraceEvent noise : List.of(
                new TraceEvent.ConsoleOutput((byte) 'x'),
                new TraceEvent.ConsoleInput(new byte[] {1}),
                new TraceEvent.Checkpoint(1, new byte[32]))) {
            events.add(3, new Stamped(0, here.cycle(), noise));
        }
        rewrite(events);
        // Close behind the start, what came before is no larger than a state made up.
        Trimmed trimmed = trim(11, whole.size() - 1L);
        assertThat(trimmed.beginning()).isEqualTo(Beginning.PREFIX);
        assertThat(trimmed.before()).isEqualTo(trimmed.first() - 3);
        assertThat(Recordings.events(output).stream().limit(trimmed.before()).map(Stamped::event))
                .containsExactlyElementsOf(whole.stream()
                        .limit(trimmed.first())
                        .map(Stamped::event)
                        .filter(event -> !(event instanceof TraceEvent.ConsoleOutput)
                                && !(event instanceof TraceEvent.ConsoleInput)
                                && !(event instanceof TraceEvent.Checkpoint))
                        .toList());
    }

    /** A fault of the recorded device has to stay in what is cut out: for that it is cut. */
    @Test
    void aDifferenceInTheRangeIsStillThereAndTold() throws IOException {
        int at = first(TraceEvent.Flush.class, whole.size() / 2);
        TraceEvent.Flush flush = (TraceEvent.Flush) whole.get(at).event();
        TraceEvent wrong = new TraceEvent.Flush(flush.scanout(), flush.width(), flush.height(), flush.digest() ^ 1);
        List<Stamped> events = new ArrayList<>(whole);
        events.set(at, new Stamped(at, whole.get(at).cycle(), wrong));
        rewrite(events);
        Trimmed trimmed = trim(at - 1, at + 1);
        assertThat(trimmed.divergence().orElseThrow().expected().event()).isEqualTo(wrong);
        // What came before differs, and the state that its answers tell of does not: that would hide the difference.
        Trimmed behind = trim(at + 30, at + 40);
        assertThat(behind.beginning()).isEqualTo(Beginning.PREFIX);
        assertThat(behind.reason())
                .isEqualTo("from a state made up, the range does not replay as it does after what came before");
        assertThat(behind.stateBytes()).isPresent();
        assertThat(behind.divergence().orElseThrow().expected().event()).isEqualTo(wrong);
    }

    @Test
    void noStateIsMadeUpForADeviceThatNeedsAReset() throws IOException {
        List<ScriptLine> script = new ArrayList<>();
        script.add(command(new GpuCommand.ResourceCreate2d(Header.NONE, 1, 2, 8, 8)));
        // A descriptor that leads to itself never ends: VIRTIO 1.2, 2.7.5.2.
        script.add(new Command(
                Optional.empty(),
                Queue.CONTROL,
                List.of(),
                new byte[24],
                List.of(),
                0,
                List.of(),
                new byte[] {0},
                List.of(new ScriptLine.RawDescriptor(new ScriptLine.RawDescriptor.Place.InRequest(0), 0, 1, 0)),
                false,
                false));
        script.add(new ScriptLine.Reset(Optional.empty(), false));
        script.add(command(new GpuCommand.GetDisplayInfo(Header.NONE)));
        Sessions.record(trace, script, new NoFrames());
        whole = Recordings.events(trace);
        int broken = first(TraceEvent.NeedsReset.class, 0);
        Trimmed trimmed = trim(broken + 1, whole.size() - 1L);
        assertThat(trimmed.beginning()).isEqualTo(Beginning.PREFIX);
        assertThat(trimmed.stateBytes()).isEmpty();
        assertThat(trimmed.reason())
                .isEqualTo("no commands lead to where the range starts: the device needs a reset there, and no command"
                        + " leads to that");
        assertThat(trimmed.divergence()).isEmpty();
    }

    /** VIRTIO 1.2, 5.7.6.8: what a scanout shows is what was flushed, not what its image has become since. */
    @Test
    void aPictureThatItsImageHasNoMoreIsShownAgain() throws IOException {
        List<ScriptLine> script = new ArrayList<>();
        script.add(command(new GpuCommand.ResourceCreate2d(Header.NONE, 7, PixelFormat.B8G8R8X8.number(), 32, 16)));
        script.add(command(new GpuCommand.ResourceAttachBacking(
                Header.NONE, 7, 1, List.of(new MemoryEntry(0x10_0000, 32 * 16 * 4)))));
        script.add(command(new GpuCommand.SetScanout(Header.NONE, new Rect(4, 2, 20, 10), 0, 7)));
        for (int round = 0; round < 40; round++) {
            byte[] pixels = new byte[32 * 16 * 4];
            for (int i = 0; i < pixels.length; i++) {
                pixels[i] = (byte) (i * 31 + round * i % 7);
            }
            script.add(new ScriptLine.Poke(List.of(new ScriptLine.MemoryWrite(0x10_0000, pixels))));
            script.add(command(new GpuCommand.TransferToHost2d(Header.NONE, new Rect(0, 0, 32, 16), 0, 7)));
            if (round != 39) {
                script.add(command(new GpuCommand.ResourceFlush(Header.NONE, new Rect(0, 0, 32, 16), 7)));
            }
        }
        Sessions.record(trace, script, new NoFrames());
        whole = Recordings.events(trace);
        // The last snapshot alone, behind a transfer that was not flushed.
        Trimmed trimmed = trim(whole.size() - 2L, whole.size() - 1L);
        assertThat(trimmed.beginning()).isEqualTo(Beginning.STATE);
        assertThat(trimmed.divergence()).isEmpty();
        assertThat(Recordings.events(output).stream()
                        .filter(event -> event.event() instanceof TraceEvent.Snapshot)
                        .map(Stamped::event))
                .containsExactly(whole.get(whole.size() - 2).event());
    }

    private static Command command(GpuCommand command) {
        return Command.of(Queue.CONTROL, CommandCodec.encode(command), 408);
    }
}
