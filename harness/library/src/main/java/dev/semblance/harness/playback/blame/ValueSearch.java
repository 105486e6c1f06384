package dev.semblance.harness.playback.blame;

import dev.semblance.harness.playback.Moment;
import dev.semblance.harness.playback.Playback;
import dev.semblance.machine.Machine;
import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryAccess;
import dev.semblance.machine.cpu.MemoryEvent;
import dev.semblance.machine.cpu.Privilege;
import dev.semblance.machine.cpu.RegisterWrite;
import dev.semblance.machine.cpu.Watch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongConsumer;

/**
 * Finds where the value came from that an instruction stores: of the instructions before it, the last that wrote the register, through
 * moves from one register to another. An interrupt in between is no obstacle: its handler saves registers and loads them again.
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

    /** An instruction that was executed. */
    private record Executed(long cycle, Privilege privilege, HartView.InstructionText text, OptionalLong loadedFrom) {}

    /**
     * {@return where a value came from}
     *
     * @param store the instruction that stored it
     */
    ValueOrigin find(MemoryEvent.Store store) {
        Moment end = playback.index().endOf(store.cycle());
        playback.visit(end, progress);
        Optional<MemoryAccess> access =
                playback.machine().view().instruction(store.pc()).flatMap(HartView.InstructionText::access);
        Optional<MemoryAccess.Register> register = access.flatMap(MemoryAccess::source);
        if (register.isEmpty() || access.map(MemoryAccess::loads).orElse(false)) {
            // An AMO stores what it computes.
            return computed(store.cycle(), store.pc(), store.privilege());
        }
        long looked = 0;
        for (int stretch : STRETCHES) {
            looked = Math.min(stretch, end.cycle());
            Optional<ValueOrigin> found = lastWriter(register.get(), executed(end, looked));
            if (found.isPresent()) {
                return found.get();
            }
        }
        return new ValueOrigin.Unknown(looked);
    }

    private ValueOrigin computed(long cycle, long pc, Privilege privilege) {
        String text = playback.machine()
                .view()
                .instruction(pc)
                .map(HartView.InstructionText::text)
                .orElse("");
        return new ValueOrigin.Computed(cycle, pc, privilege, text);
    }

    private static Optional<ValueOrigin> lastWriter(MemoryAccess.Register register, List<Executed> executed) {
        MemoryAccess.Register wanted = register;
        for (int i = executed.size() - 1; i >= 0; i--) {
            Executed instruction = executed.get(i);
            Optional<RegisterWrite> write = instruction.text().registerWrite();
            if (write.isEmpty() || !write.get().to().equals(wanted)) {
                continue;
            }
            switch (write.get()) {
                case RegisterWrite.Copied copied -> wanted = copied.from();
                case RegisterWrite.Loaded loaded -> {
                    return Optional.of(loaded(instruction));
                }
                case RegisterWrite.Computed computed -> {
                    return Optional.of(new ValueOrigin.Computed(
                            instruction.cycle(),
                            instruction.text().pc(),
                            instruction.privilege(),
                            instruction.text().text()));
                }
            }
        }
        return Optional.empty();
    }

    private static ValueOrigin loaded(Executed instruction) {
        long pc = instruction.text().pc();
        Optional<MemoryAccess> access = instruction.text().access();
        if (access.isEmpty() || instruction.loadedFrom().isEmpty()) {
            // From a device.
            return new ValueOrigin.Computed(
                    instruction.cycle(),
                    pc,
                    instruction.privilege(),
                    instruction.text().text());
        }
        return new ValueOrigin.Copied(
                instruction.cycle(),
                pc,
                instruction.privilege(),
                instruction.text().text(),
                access.get().address(),
                instruction.loadedFrom().getAsLong(),
                0);
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

    private static Optional<Executed> next(Machine machine) {
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
