package dev.semblance.harness.edit.trim;

import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.gpu.display.Edid;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.edit.trim.WholeBatches.Range;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.RequestAssembler;
import dev.semblance.harness.trace.StoredState;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.DecodedCommand;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Cuts a range out of a trace. What comes before it is either kept, as far as the GPU is concerned, or replaced by commands
 * that bring a device into the state that it was in, whichever makes the smaller file. The range keeps its cycles, numbers
 * of images and labels; the whole can be replayed on a device, no more on a machine.
 */
public final class TraceTrimmer {

    /** What the range starts from. */
    public enum Beginning {
        /** Nothing: it starts where the trace does. */
        NONE,
        /** What came before, as it was. */
        PREFIX,
        /** Commands made up. */
        STATE
    }

    /**
     * What was written.
     *
     * @param first sequence number in the whole trace of the first event of the range, widened
     * @param last that of the last
     * @param before events written before the range
     * @param prefixBytes what the file would take, or takes, with what came before
     * @param stateBytes what it would take, or takes, with a state made up; empty if there is none
     * @param reason why there is no state made up, or why it is not used
     * @param divergence the first difference of a device replay of what was written
     * @param machine what a machine begins from; empty if only a device can be driven
     */
    public record Trimmed(
            long first,
            long last,
            Beginning beginning,
            long before,
            long prefixBytes,
            Optional<Long> stateBytes,
            String reason,
            Optional<Divergence> divergence,
            Optional<MachineStart> machine) {

        private Trimmed with(MachineStart start) {
            return new Trimmed(
                    first, last, beginning, before, prefixBytes, stateBytes, reason, divergence, Optional.of(start));
        }
    }

    /**
     * What the machine of a range begins from.
     *
     * @param cycle of its first instruction
     * @param stateBytes what its state takes in the file; empty for a machine that is switched on
     * @param divergence the first difference of a machine replay of what was written
     */
    public record MachineStart(long cycle, Optional<Long> stateBytes, Optional<Divergence> divergence) {}

    private final Path trace;
    private final TraceManifest manifest;
    private final ReplayableGpu gpu;
    private final int device;
    private final Optional<Played> machine;

    /** A machine, and what there is at the ends of the range. */
    private record Played(TrimmedMachine machine, TrimmedMachine.Ends ends) {}

    private TraceTrimmer(Path trace, TraceManifest manifest, ReplayableGpu gpu, Optional<Played> machine) {
        this.machine = machine;
        this.trace = trace;
        this.manifest = manifest;
        this.gpu = gpu;
        this.device = gpu.device();
    }

    /**
     * Cuts a range out of a trace.
     *
     * @param wanted the range, which is widened to whole notifications
     * @param output the file to write
     * @throws SemblanceException if the range has no event, or one of its ends is not there
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours, or the output cannot be written
     */
    public static Trimmed trim(Path trace, PositionRange wanted, Path output) throws IOException {
        return trim(trace, wanted, Optional.empty(), output);
    }

    /**
     * Cuts a range out of a trace.
     *
     * @param wanted the range, which is widened to whole notifications, and to whole cycles where there is a machine
     * @param machine plays the machine of the trace, if the range is to have one
     * @param output the file to write
     * @throws SemblanceException if the range has no event, or one of its ends is not there, or the machine does not do what was recorded
     * @throws IOException if it cannot be read, is corrupt, or has no GPU that could be ours, or the output cannot be written
     */
    public static Trimmed trim(Path trace, PositionRange wanted, Optional<TrimmedMachine> machine, Path output)
            throws IOException {
        TraceManifest manifest;
        ReplayableGpu gpu;
        PositionRange.Events events;
        try (TraceReader reader = TraceReader.open(trace)) {
            manifest = reader.manifest();
            gpu = ReplayableGpu.of(manifest);
            events = wanted.find(reader, trace);
        }
        Range range;
        try (TraceReader reader = TraceReader.open(trace)) {
            range = WholeBatches.around(reader, gpu.device(), events);
        }
        Optional<Played> played = Optional.empty();
        if (machine.isPresent()) {
            range = TrimmedMachine.wholeCycles(trace, range);
            played = Optional.of(new Played(machine.get(), machine.get().play(trace, range)));
        }
        return new TraceTrimmer(trace, manifest, gpu, played).trim(range, output);
    }

    private Trimmed trim(Range range, Path output) throws IOException {
        // Both grow beside the output under names that nobody has; one is given its name.
        try (OutputFile prefix = OutputFile.create(output);
                OutputFile state = OutputFile.create(output)) {
            long before = writePrefix(prefix, range);
            long prefixBytes = Files.size(prefix.part());
            if (range.first() == 0) {
                return finish(
                        new Trimmed(
                                range.first(),
                                range.last(),
                                Beginning.NONE,
                                0,
                                prefixBytes,
                                Optional.empty(),
                                "the range starts where the trace does",
                                replay(prefix.part()).divergence(),
                                Optional.empty()),
                        prefix);
            }
            Optional<Divergence> kept = replay(prefix.part()).divergence();
            long made;
            try {
                made = writeState(state, range, recordedState(range));
            } catch (StateReconstructor.ImpossibleException e) {
                String reason = "no commands lead to where the range starts: " + e.getMessage();
                return finish(withPrefix(range, before, prefixBytes, Optional.empty(), reason, kept), prefix);
            }
            long stateBytes = Files.size(state.part());
            Optional<Divergence> started = replay(state.part()).divergence();
            if (!alike(kept, started)) {
                String reason = "from a state made up, the range does not replay as it does after what came before";
                return finish(withPrefix(range, before, prefixBytes, Optional.of(stateBytes), reason, kept), prefix);
            }
            if (stateBytes >= prefixBytes) {
                String reason = "what came before is no larger";
                return finish(withPrefix(range, before, prefixBytes, Optional.of(stateBytes), reason, kept), prefix);
            }
            return finish(
                    new Trimmed(
                            range.first(),
                            range.last(),
                            Beginning.STATE,
                            made,
                            prefixBytes,
                            Optional.of(stateBytes),
                            "it is smaller than what came before",
                            started,
                            Optional.empty()),
                    state);
        }
    }

    private static Trimmed withPrefix(
            Range range,
            long before,
            long prefixBytes,
            Optional<Long> stateBytes,
            String reason,
            Optional<Divergence> divergence) {
        return new Trimmed(
                range.first(),
                range.last(),
                Beginning.PREFIX,
                before,
                prefixBytes,
                stateBytes,
                reason,
                divergence,
                Optional.empty());
    }

    private Trimmed finish(Trimmed trimmed, OutputFile chosen) throws IOException {
        if (machine.isEmpty()) {
            chosen.commit();
            return trimmed;
        }
        try (OutputFile whole = OutputFile.create(chosen.file())) {
            Optional<Long> stateBytes = writeWithMachine(chosen.part(), whole, trimmed.before());
            Optional<Divergence> played = machine.get().machine().verify(whole.part());
            whole.commit();
            return trimmed.with(new MachineStart(machine.get().ends().cycle(), stateBytes, played));
        }
    }

    /**
     * Writes what was cut out once more, with what its machine begins from and with the end that its machine has.
     *
     * @param before how many events stand before the range
     * @return what the state takes, if there is one
     */
    private Optional<Long> writeWithMachine(Path cut, OutputFile file, long before) throws IOException {
        TrimmedMachine.Ends ends = machine.orElseThrow().ends();
        boolean fromPowerOn = before == 0 && ends.cycle() == 0 && manifest.kind() == TraceManifest.Kind.MACHINE;
        try (TraceReader reader = TraceReader.open(cut)) {
            TraceManifest.Builder told = reader.manifest().with();
            if (fromPowerOn) {
                told.kind(TraceManifest.Kind.MACHINE);
            } else {
                long preamble = before > 0 ? before : manifest.preambleEvents();
                told.storedState(Optional.of(new StoredState(ends.cycle(), SavedState.LAYOUT, preamble)));
            }
            Optional<SavedState> state = fromPowerOn ? Optional.empty() : Optional.of(ends.state());
            try (TraceWriter writer = TraceWriter.into(file, told.build(), state)) {
                for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                    if (next.get().event() instanceof TraceEvent.End end && end.stateDigest().length == 0) {
                        writer.accept(ends.end().cycle(), ends.end().event());
                    } else {
                        writer.accept(next.get().cycle(), next.get().event());
                    }
                }
                writer.finish();
            }
        }
        return fromPowerOn ? Optional.empty() : Optional.of(Files.size(file.part()) - Files.size(cut));
    }

    /** {@return whether two replays of the range end alike: both well, or both at the same event} */
    private static boolean alike(Optional<Divergence> one, Optional<Divergence> other) {
        return one.map(d -> d.expected().event())
                        .equals(other.map(d -> d.expected().event()))
                && one.map(d -> d.expected().cycle())
                        .equals(other.map(d -> d.expected().cycle()));
    }

    private ReplayOutcome replay(Path path) throws IOException {
        try (TraceReader reader = TraceReader.open(path)) {
            return new DeviceReplayer(reader, gpu, FrameObserver.NONE).run(cycle -> {});
        }
    }

    /** The state at the start of a range, and the memory that counts from there on. */
    private record Origin(RecordedState state, List<MemoryEntry> backings) {}

    private Origin recordedState(Range range) throws IOException {
        RecordedState state = new RecordedState(device, gpu.displays());
        List<MemoryEntry> backings = new ArrayList<>();
        RequestAssembler requests = new RequestAssembler(device, RequestAssembler.MAX_BYTES);
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                if (next.get().sequence() == range.first()) {
                    state.images().forEach(image -> image.backing().ifPresent(b -> backings.addAll(b.entries())));
                }
                if (next.get().sequence() < range.first()) {
                    state.take(next.get().event());
                } else if (next.get().sequence() > range.last()) {
                    break;
                } else {
                    requests.take(next.get().event()).ifPresent(request -> backings.addAll(attached(request)));
                }
            }
        }
        return new Origin(state, backings);
    }

    /** {@return the memory that a request attaches} */
    private static List<MemoryEntry> attached(RequestAssembler.Request request) {
        return request.isWhole()
                        && DecodedCommand.of(request.bytes()) instanceof GpuCommand.ResourceAttachBacking attach
                ? attach.entries()
                : List.of();
    }

    /** Writes the range behind all that concerns the GPU before it; returns how many events that is. */
    private long writePrefix(OutputFile file, Range range) throws IOException {
        try (TraceReader reader = TraceReader.open(trace);
                TraceWriter writer = TraceWriter.into(file, manifest(range, gpu.displays()))) {
            long before = 0;
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                Stamped event = next.get();
                if (event.sequence() >= range.first()) {
                    writeRange(reader, event, range, writer);
                    break;
                }
                if (GpuPreamble.isOfGpu(event.event(), device)) {
                    writer.accept(event.cycle(), event.event());
                    before++;
                }
            }
            writer.finish();
            return before;
        }
    }

    /** Writes the range behind commands that lead to where it starts; returns how many events those make. */
    private long writeState(OutputFile file, Range range, Origin origin)
            throws IOException, StateReconstructor.ImpossibleException {
        DisplayConfig displays = origin.state().displaysAtReset();
        try (TraceReader reader = TraceReader.open(trace);
                TraceWriter writer = TraceWriter.into(file, manifest(range, displays))) {
            Optional<Stamped> next = reader.next();
            while (next.isPresent() && next.get().sequence() < range.first()) {
                next = reader.next();
            }
            Stamped first = next.orElseThrow();
            long[] before = new long[1];
            ReplayableGpu from = new ReplayableGpu(gpu.device(), displays, gpu.features(), gpu.memory());
            StateReconstructor.record(from, first.cycle(), origin.state(), origin.backings(), (cycle, event) -> {
                writer.accept(cycle, event);
                before[0]++;
            });
            writeRange(reader, first, range, writer);
            writer.finish();
            return before[0];
        }
    }

    private static void writeRange(TraceReader reader, Stamped first, Range range, TraceWriter writer)
            throws IOException {
        long cycle = first.cycle();
        boolean ended = false;
        Optional<Stamped> next = Optional.of(first);
        while (next.isPresent() && next.get().sequence() <= range.last()) {
            cycle = next.get().cycle();
            ended = next.get().event() instanceof TraceEvent.End;
            writer.accept(cycle, next.get().event());
            next = reader.next();
        }
        if (!ended) {
            writer.accept(cycle, new TraceEvent.End(TraceEvent.End.Reason.LIMIT, 0, new byte[0]));
        }
    }

    /** {@return the manifest of what is cut out: no machine leads there, and people are told where it comes from} */
    private TraceManifest manifest(Range range, DisplayConfig displays) {
        String version = Text.format(
                "trimmed: events %d to %d of a trace by %s", range.first(), range.last(), manifest.toolVersion());
        return manifest.with()
                .kind(TraceManifest.Kind.DEVICE_ONLY)
                .parent(Optional.empty())
                .storedState(Optional.empty())
                .toolVersionCut(version)
                .displayModes(TraceManifest.DisplayMode.of(displays))
                .edid(manifest.edid().isEmpty() ? "" : HexFormat.of().formatHex(Edid.of(displays.display(0))))
                .build();
    }
}
