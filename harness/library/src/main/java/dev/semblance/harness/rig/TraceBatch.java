package dev.semblance.harness.rig;

import dev.semblance.gpu.protocol.CommandType;
import dev.semblance.harness.rig.ScriptLine.Command;
import dev.semblance.harness.rig.ScriptLine.MemoryWrite;
import dev.semblance.harness.rig.ScriptLine.Queue;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.machine.memory.Ram;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The commands of one notification on their way into one line. */
final class TraceBatch {

    /** How much told memory is held for one command before it is written by a line of its own. */
    private static final long MAX_HELD = 8 << 20;

    /** What a run counts for besides its bytes, so that many small ones make no endless line. */
    private static final int RUN_COST = 64;

    private final Relocation relocation;
    private final Consumer<TraceStep> target;
    private final RequestBytes requests;

    private final List<TraceChain> chains = new ArrayList<>();
    private final List<TraceEvent> shown = new ArrayList<>();
    private final List<Queue> queues = new ArrayList<>();
    private long first;
    private int descriptors;
    private long bytes;
    private long told;

    /** Whether a command of the batch reads memory. */
    private boolean reads;

    // What belongs to the next chain.
    private final List<MemoryWrite> memory = new ArrayList<>();
    private final List<TraceEvent> shownByNext = new ArrayList<>();
    private long held;
    private boolean rewrites;

    /** The pages of guest memory of which something is known. */
    private final BitSet known = new BitSet();

    TraceBatch(int device, Relocation relocation, Consumer<TraceStep> target) {
        this.relocation = relocation;
        this.target = target;
        this.requests = new RequestBytes(device);
    }

    void take(TraceEvent.Memory told) {
        for (TraceEvent.Bytes run : told.runs()) {
            relocation.check(run);
            note(run);
            held += run.bytes().length + RUN_COST;
            memory.addAll(relocation.place(run));
        }
        if (held > MAX_HELD) {
            finish();
            target.accept(new TraceStep(new ScriptLine.Poke(memory), first, List.of(), List.of(), List.of()));
            memory.clear();
            held = 0;
            rewrites = false;
        }
    }

    private void note(TraceEvent.Bytes run) {
        if (run.bytes().length > 0) {
            int from = (int) (run.address() >>> Ram.PAGE_SHIFT);
            int to = (int) ((run.address() + run.bytes().length - 1) >>> Ram.PAGE_SHIFT) + 1;
            int again = known.nextSetBit(from);
            rewrites |= again >= 0 && again < to;
            known.set(from, to);
        }
    }

    void take(Stamped part) {
        requests.pass(part);
    }

    void take(Stamped next, Queue queue, TraceEvent.Command command) {
        byte[] request = requests.of(next, command).orElseThrow();
        TraceChain chain = TraceChain.of(next.sequence(), queue, command, relocation.place(request), memory);
        boolean fits = descriptors + chain.descriptors() <= DeviceRig.QUEUE_SIZE
                && bytes + chain.bytes() <= DeviceRig.BUFFER_BYTES
                && told + held <= MAX_HELD
                && (queues.isEmpty() || queues.getLast() == queue);
        // All memory of a line is written before its first command: not too early for what an earlier one reads.
        if (!fits || reads && rewrites) {
            finish();
        }
        if (chains.isEmpty()) {
            first = next.sequence();
        }
        chains.add(chain);
        queues.add(queue);
        descriptors += chain.descriptors();
        bytes += chain.bytes();
        told += held;
        reads |= Relocation.typeOf(request) == CommandType.TRANSFER_TO_HOST_2D.number();
        shown.addAll(shownByNext);
        shownByNext.clear();
        memory.clear();
        held = 0;
        rewrites = false;
    }

    /** Takes what the device published for the next command. */
    void shown(TraceEvent event) {
        shownByNext.add(event);
    }

    /** Ends the batch: what follows is not of it. */
    void end() {
        finish();
        requests.clear();
    }

    private void finish() {
        if (chains.isEmpty()) {
            return;
        }
        List<Command> commands = chains.stream().map(TraceChain::command).toList();
        List<String> notes = chains.stream()
                .flatMap(chain -> chain.notes().stream())
                .distinct()
                .toList();
        ScriptLine line = commands.size() == 1 ? commands.getFirst() : new ScriptLine.Batch(Optional.empty(), commands);
        target.accept(new TraceStep(
                line, first, chains.stream().map(TraceChain::answer).toList(), shown, notes));
        chains.clear();
        shown.clear();
        queues.clear();
        descriptors = 0;
        bytes = 0;
        told = 0;
        reads = false;
    }
}
