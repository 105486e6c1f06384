package dev.semblance.harness.edit.trim;

import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What brings a GPU from power-on into the state that it had at a moment of a trace: as few commands as can be; or, where no commands
 * lead there (a device that needs a reset), all that happened to it before.
 */
public final class GpuPreamble {

    private final Path trace;
    private final int device;
    private final long passed;
    private final long cycle;

    /** The commands, if there are such. */
    private final Optional<List<TraceEvent>> commands;

    private final long events;

    private GpuPreamble(
            Path trace, int device, long passed, long cycle, Optional<List<TraceEvent>> commands, long events) {
        this.trace = trace;
        this.device = device;
        this.passed = passed;
        this.cycle = cycle;
        this.commands = commands;
        this.events = events;
    }

    /**
     * {@return what leads to a moment of a trace}
     *
     * @param trace the file
     * @param gpu the GPU of its manifest
     * @param passed how many events of the trace have happened there
     * @param cycle the cycle there
     * @throws IOException if it cannot be read, or is damaged
     */
    public static GpuPreamble of(Path trace, ReplayableGpu gpu, long passed, long cycle) throws IOException {
        RecordedState state = new RecordedState(gpu.device(), gpu.displays());
        long ofGpu = 0;
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() < passed;
                    next = reader.next()) {
                state.take(next.get().event());
                ofGpu += isOfGpu(next.get().event(), gpu.device()) ? 1 : 0;
            }
        }
        List<TraceEvent> commands = new ArrayList<>();
        try {
            // What is in memory is told anew by the first command that reads it.
            StateReconstructor.record(gpu, cycle, state, List.of(), (at, event) -> commands.add(event));
        } catch (StateReconstructor.ImpossibleException e) {
            return new GpuPreamble(trace, gpu.device(), passed, cycle, Optional.empty(), ofGpu);
        }
        return new GpuPreamble(trace, gpu.device(), passed, cycle, Optional.of(List.copyOf(commands)), commands.size());
    }

    /** {@return how many events it is} */
    public long events() {
        return events;
    }

    /**
     * Writes it.
     *
     * @param sink takes the events
     * @throws IOException if the trace cannot be read, or is damaged
     */
    public void write(EventSink sink) throws IOException {
        if (commands.isPresent()) {
            commands.get().forEach(event -> sink.accept(cycle, event));
            return;
        }
        try (TraceReader reader = TraceReader.open(trace)) {
            for (Optional<Stamped> next = reader.next();
                    next.isPresent() && next.get().sequence() < passed;
                    next = reader.next()) {
                if (isOfGpu(next.get().event(), device)) {
                    sink.accept(next.get().cycle(), next.get().event());
                }
            }
        }
    }

    /** {@return whether an event is about a GPU, or is a picture of it} */
    static boolean isOfGpu(TraceEvent event, int device) {
        return switch (event) {
            case TraceEvent.OfDevice ofDevice -> ofDevice.device() == device;
            case TraceEvent.Flush flush -> true;
            case TraceEvent.ScanoutDisabled disabled -> true;
            case TraceEvent.Cursor cursor -> true;
            // Their labels could come again; and nothing depends on them.
            case TraceEvent.Snapshot snapshot -> false;
            case TraceEvent.ConsoleInput input -> false;
            case TraceEvent.ConsoleOutput output -> false;
            case TraceEvent.Checkpoint checkpoint -> false;
            case TraceEvent.End end -> false;
        };
    }
}
