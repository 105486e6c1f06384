package dev.semblance.harness.rig;

import dev.semblance.gpu.device.VirtioGpuDevice;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.virtio.QueueLayout;
import dev.semblance.machine.virtio.VirtioFeatures;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Makes steps of events, one after the other. */
final class TraceSteps {

    private static final long FEATURES = VirtioFeatures.VERSION_1 | VirtioGpuDevice.FEATURE_EDID;

    /** How many steps are held back until it is known what became of a reset. */
    private static final int MAX_HELD = 256;

    private final int device;
    private final int heads;
    private final long offered;
    private final Relocation relocation;
    private final Consumer<TraceStep> target;
    private final TraceBatch batch;
    private final TreeMap<Integer, QueueLayout> layouts = new TreeMap<>();

    /** What is to be told with the next step. */
    private final List<String> notes = new ArrayList<>();

    /** A reset of which it is not known yet whether the driver negotiates afterwards, and what came since. */
    private Optional<Stamped> reset = Optional.empty();

    private final List<TraceEvent> shownByReset = new ArrayList<>();
    private final List<TraceStep> sinceReset = new ArrayList<>();

    private long agreed;

    /** Whether the device refused a ring, and so needs a reset. */
    private boolean broken;

    /** Whether DRIVER_OK is set. */
    private boolean live;

    private boolean anything;

    TraceSteps(ReplayableGpu gpu, Relocation relocation, Consumer<TraceStep> target) {
        this.device = gpu.device();
        this.heads = gpu.displays().count();
        this.offered = FEATURES | gpu.queues().bits();
        this.relocation = relocation;
        this.target = target;
        this.batch = new TraceBatch(device, relocation, this::add);
        if (relocation.moved()) {
            notes.add("images at the top of RAM, where the rig has its rings, lie elsewhere here");
        }
    }

    void pass(Stamped next) {
        switch (next.event()) {
            case TraceEvent.OfDevice ofDevice -> {
                if (ofDevice.device() == device) {
                    passOwn(next, ofDevice);
                }
            }
            case TraceEvent.Flush flush -> shown(flush);
            case TraceEvent.ScanoutDisabled disabled -> shown(disabled);
            case TraceEvent.Cursor cursor -> shown(cursor);
            case TraceEvent.Snapshot snapshot -> {
                batch.end();
                snapshot(next, snapshot);
            }
            case TraceEvent.ConsoleInput input -> {}
            case TraceEvent.ConsoleOutput output -> {}
            case TraceEvent.Checkpoint checkpoint -> {}
            case TraceEvent.End end -> {}
        }
    }

    /** Hands out what is left. */
    void end() {
        batch.end();
        settleReset(next -> resetTo(next, true));
    }

    private void passOwn(Stamped next, TraceEvent.OfDevice event) {
        switch (event) {
            case TraceEvent.Memory memory -> batch.take(memory);
            case TraceEvent.RequestPart part -> batch.take(next);
            case TraceEvent.Command command -> batch.take(next, queue(next, command.queue()), command);
            case TraceEvent.Fault fault -> {
                batch.end();
                fault(next, fault);
            }
            case TraceEvent.Input input -> {}
            default -> {
                batch.end();
                drive(next, event);
            }
        }
    }

    private static Queue queue(Stamped at, int number) {
        return switch (number) {
            case VirtioGpuDevice.CONTROL_QUEUE -> Queue.CONTROL;
            case VirtioGpuDevice.CURSOR_QUEUE -> Queue.CURSOR;
            default ->
                throw new ScriptException(
                        Text.format("event %d is about queue %d, which a GPU does not have", at.sequence(), number));
        };
    }

    private void drive(Stamped next, TraceEvent.OfDevice event) {
        switch (event) {
            case TraceEvent.Reset written -> {
                // Of several in a row, the last one counts.
                reset = Optional.of(next);
                agreed = 0;
                broken = false;
                live = false;
            }
            case TraceEvent.Features features -> {
                if (features.agreed()) {
                    agreed = features.features();
                } else {
                    notes.add("left out: features that the device refused");
                }
            }
            case TraceEvent.QueueEnabled enabled -> layouts.put(enabled.queue(), enabled.layout());
            case TraceEvent.DriverOk driverOk -> started(next);
            case TraceEvent.ConfigRead read ->
                add(asked(next, new ScriptLine.ConfigRead(id(next), read.offset(), read.width())));
            case TraceEvent.ConfigWrite write ->
                add(asked(next, new ScriptLine.ConfigWrite(id(next), write.offset(), write.width(), write.value())));
            case TraceEvent.DisplayChange change ->
                add(asked(next, new ScriptLine.DisplayChange(id(next), change.scanout(), change.mode())));
            case TraceEvent.QueueDisabled disabled ->
                notes.add(Text.format("left out: queue %d was disabled", disabled.queue()));
            case TraceEvent.QueueReset queueReset -> resetQueue(next, queueReset);
            case TraceEvent.NeedsReset needsReset -> {
                if (!broken) {
                    notes.add("left out: the driver misused a register, and the device needs a reset");
                }
            }
            default -> {
                // A Notify; its commands follow.
            }
        }
    }

    // ---- resets -------------------------------------------------------------------------------------------------

    /** A rig sets the queue up again at once; what its driver did in between was nothing that a device sees. */
    private void resetQueue(Stamped next, TraceEvent.QueueReset queueReset) {
        boolean known = queueReset.queue() <= VirtioGpuDevice.CURSOR_QUEUE;
        if (live && known && (agreed & VirtioFeatures.RING_RESET) != 0) {
            add(asked(next, new ScriptLine.QueueReset(id(next), queue(next, queueReset.queue()))));
        } else {
            notes.add(Text.format("left out: a reset of queue %d, before the driver was ready", queueReset.queue()));
        }
    }

    private void started(Stamped next) {
        live = true;
        long features = agreed == 0 ? VirtioFeatures.VERSION_1 : agreed;
        boolean usual = features == offered;
        if (usual && !anything && shownByReset.isEmpty()) {
            // So a rig starts by itself.
            settleReset(at -> {});
            return;
        }
        OptionalLong accepted = usual ? OptionalLong.empty() : OptionalLong.of(features);
        if (reset.isEmpty()) {
            reset = Optional.of(next);
        }
        settleReset(at -> emit(resetStep(at, new ScriptLine.Reset(id(at), false, accepted))));
    }

    private void resetTo(Stamped at, boolean statusOnly) {
        emit(resetStep(at, new ScriptLine.Reset(id(at), statusOnly)));
    }

    private static Optional<String> id(Stamped at) {
        return Optional.of(Long.toString(at.sequence()));
    }

    private TraceStep resetStep(Stamped at, ScriptLine line) {
        return new TraceStep(line, at.sequence(), List.of(), shownByReset, List.of());
    }

    private void settleReset(Consumer<Stamped> how) {
        if (reset.isPresent()) {
            how.accept(reset.get());
            reset = Optional.empty();
            shownByReset.clear();
            List<TraceStep> held = List.copyOf(sinceReset);
            sinceReset.clear();
            held.forEach(this::emit);
        }
    }

    // ---- lines --------------------------------------------------------------------------------------------------

    private void shown(TraceEvent event) {
        if (reset.isPresent()) {
            shownByReset.add(event);
        } else {
            batch.shown(event);
        }
    }

    private void snapshot(Stamped next, TraceEvent.Snapshot snapshot) {
        if (snapshot.scanout() >= heads) {
            throw new ScriptException(Text.format(
                    "event %d is a picture of scanout %d, and there are %d",
                    next.sequence(), snapshot.scanout(), heads));
        }
        add(new TraceStep(
                new ScriptLine.Screendump(
                        Optional.of('"' + snapshot.label() + '"'), snapshot.scanout(), List.of(), Optional.empty()),
                next.sequence(),
                List.of(),
                List.of(snapshot),
                List.of()));
    }

    private void fault(Stamped next, TraceEvent.Fault fault) {
        broken = true;
        List<String> said = new ArrayList<>();
        said.add("the device refused the ring: " + fault.reason());
        FaultChain.note(fault).ifPresent(said::add);
        FaultChain refused = FaultChain.of(fault, Optional.ofNullable(layouts.get(fault.queue())), relocation);
        ScriptLine.Command command = new ScriptLine.Command(
                id(next),
                queue(next, fault.queue()),
                List.of(),
                new byte[0],
                List.of(),
                0,
                List.of(),
                ScriptLine.Command.FILL,
                refused.chain(),
                refused.indirect(),
                false);
        add(new TraceStep(command, next.sequence(), List.of(RecordedAnswer.REFUSED), List.of(), said));
    }

    /** {@return a step without commands} */
    private static TraceStep asked(Stamped next, ScriptLine line) {
        return new TraceStep(line, next.sequence(), List.of(), List.of(), List.of());
    }

    /** {@return whether a driver may have done it between a reset and DRIVER_OK} */
    private static boolean isBeforeStart(ScriptLine line) {
        return line instanceof ScriptLine.ConfigRead
                || line instanceof ScriptLine.ConfigWrite
                || line instanceof ScriptLine.DisplayChange;
    }

    private void add(TraceStep step) {
        if (reset.isPresent() && isBeforeStart(step.line()) && sinceReset.size() < MAX_HELD) {
            sinceReset.add(step);
            return;
        }
        settleReset(at -> resetTo(at, true));
        emit(step);
    }

    private void emit(TraceStep step) {
        anything = true;
        if (notes.isEmpty()) {
            target.accept(step);
            return;
        }
        List<String> all = new ArrayList<>(notes);
        all.addAll(step.notes());
        notes.clear();
        target.accept(new TraceStep(step.line(), step.sequence(), step.answers(), step.shown(), all));
    }
}
