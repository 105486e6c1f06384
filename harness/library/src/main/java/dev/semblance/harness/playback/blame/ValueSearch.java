package dev.semblance.harness.playback.blame;

import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.harness.playback.blame.ValueFlow.Executed;
import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryAccess;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Finds where the value came from that an instruction stores: over the instructions before it, as {@link ValueFlow} does. An
 * interrupt in between is no obstacle: its handler saves registers and loads them again.
 */
final class ValueSearch {

    /** How far back one looks, longer each time. */
    private static final List<Integer> STRETCHES = List.of(64, 4096, 65_536);

    private final Playback playback;
    private final LongConsumer progress;

    ValueSearch(Playback playback, LongConsumer progress) {
        this.playback = playback;
        this.progress = progress;
    }

    /**
     * {@return where a value came from}
     *
     * @param store the instruction that stored it
     * @param lane which byte of what it stored is the first that counts
     * @param length how many count
     */
    ValueOrigin find(MemoryEvent.Store store, int lane, int length) {
        Moment end = playback.index().endOf(store.cycle());
        playback.visit(end, progress);
        Optional<MemoryAccess> access =
                playback.machine().view().instruction(store.pc()).flatMap(HartView.InstructionText::access);
        Optional<MemoryAccess.Register> register = access.flatMap(MemoryAccess::source);
        if (register.isEmpty() || access.map(MemoryAccess::loads).orElse(false)) {
            // An AMO stores what it computes.
            return new ValueOrigin.Computed(store.cycle(), store.pc(), store.privilege(), text(store.pc()), List.of());
        }
        // Where it lies on two pages, this may be the second part.
        long first = lane + store.virtual() - access.get().address();
        long bits = (length == Long.BYTES ? -1 : (1L << length * Byte.SIZE) - 1) << first * Byte.SIZE;
        long looked = 0;
        for (int stretch : STRETCHES) {
            looked = Math.min(stretch, end.cycle());
            boolean isAll = looked < stretch || stretch == STRETCHES.getLast();
            Optional<ValueOrigin> found = ValueFlow.find(register.get(), bits, executed(end, looked), isAll);
            if (found.isPresent()) {
                return found.get();
            }
        }
        return new ValueOrigin.Unknown(looked);
    }

    private String text(long pc) {
        return playback.machine()
                .view()
                .instruction(pc)
                .map(HartView.InstructionText::text)
                .orElse("");
    }

    /** {@return the instructions that were executed in the cycles before a moment, oldest first} */
    private List<Executed> executed(Moment end, long cycles) {
        List<Executed> executed = new ArrayList<>();
        Machine machine = playback.machine();
        playback.visit(playback.index().before(end.cycle() - cycles), progress);
        machine.watch(Watch.STEP);
        try {
            // The first one is passed over: an interrupt may come in its place.
            while (playback.playOn(end, progress).isPresent()) {
                next(machine).ifPresent(executed::add);
            }
        } finally {
            machine.watch(Watch.NOTHING);
        }
        return executed;
    }

    /** {@return the instruction that a machine is about to execute} */
    static Optional<Executed> next(Machine machine) {
        HartView view = machine.view();
        return view.nextInstruction().map(text -> {
            OptionalLong from = OptionalLong.empty();
            if (text.access().isPresent() && text.access().get().loads()) {
                OptionalLong physical = view.translate(text.access().get().address());
                if (physical.isPresent() && machine.memory().contains(physical.getAsLong(), 1)) {
                    from = physical;
                }
            }
            return new Executed(machine.hart().cycle(), machine.hart().privilege(), text, from);
        });
    }
}
