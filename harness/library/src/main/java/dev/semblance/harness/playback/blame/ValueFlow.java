package dev.semblance.harness.playback.blame;

import dev.semblance.machine.cpu.HartView;
import dev.semblance.machine.cpu.MemoryAccess;
import dev.semblance.machine.cpu.MemoryAccess.Register;
import dev.semblance.machine.cpu.OperandBits;
import dev.semblance.machine.cpu.Privilege;
import dev.semblance.machine.cpu.RegisterWrite;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Follows bits of a register back over instructions, through moves and computations, to the loads that they come from. No load is left out of
 * which a bit decides one of those, up to so many.
 */
final class ValueFlow {

    /** A computation of more is a sum over memory, or a loop, of which the first are as good as any. */
    private static final int MAX_LOADS = 8;

    private static final int MAX_COMPUTATIONS = 256;

    private static final long WORD_SIGN = 1L << 31;

    private static final Comparator<Load> MOST_FIRST = Comparator.comparingInt((Load load) -> -Long.bitCount(load.bits))
            .thenComparingLong(load -> -load.copied.cycle());

    /**
     * An instruction that was executed.
     *
     * @param loadedFrom the physical address, of one that loads from RAM
     */
    record Executed(long cycle, Privilege privilege, HartView.InstructionText text, OptionalLong loadedFrom) {}

    private record Load(ValueOrigin.Copied copied, long bits) {}

    /** The bits of registers that count, and are yet to be found. */
    private final Map<Register, Long> wanted = new LinkedHashMap<>();

    private final List<Load> loads = new ArrayList<>();
    private Optional<Executed> computed = Optional.empty();
    private int computations;

    private ValueFlow(Register register, long bits) {
        wanted.put(register, bits);
    }

    /**
     * {@return where bits of a register came from; empty if that was before the instructions}
     *
     * @param register what holds the value after them
     * @param bits of it, as a mask, not 0
     * @param executed the instructions, oldest first
     * @param isAll whether nothing before them is looked at: what was found of a computation is enough then
     */
    static Optional<ValueOrigin> find(Register register, long bits, List<Executed> executed, boolean isAll) {
        ValueFlow flow = new ValueFlow(register, bits);
        for (int i = executed.size() - 1; i >= 0 && flow.goesOn(); i--) {
            flow.goOver(executed.get(i));
        }
        return flow.goesOn() && !isAll ? Optional.empty() : flow.found();
    }

    private boolean goesOn() {
        return !wanted.isEmpty() && loads.size() < MAX_LOADS && computations < MAX_COMPUTATIONS;
    }

    private void want(Register register, long bits) {
        boolean isZero = !register.isFloat() && register.number() == 0;
        if (bits != 0 && !isZero) {
            wanted.merge(register, bits, (a, b) -> a | b);
        }
    }

    private void goOver(Executed instruction) {
        Optional<RegisterWrite> write = instruction.text().registerWrite();
        Optional<Long> bits = write.flatMap(written -> Optional.ofNullable(wanted.remove(written.to())));
        if (write.isEmpty() || bits.isEmpty()) {
            return;
        }
        switch (write.get()) {
            // Of some of the moves the upper half is the sign of the lower.
            case RegisterWrite.Copied copied ->
                want(copied.from(), bits.get() | (bits.get() >>> 32 != 0 ? WORD_SIGN : 0));
            case RegisterWrite.Loaded loaded -> load(instruction, bits.get(), loaded.signed());
            case RegisterWrite.Computed made -> {
                compute(instruction);
                for (OperandBits operand : made.operands()) {
                    want(operand.register(), operand.deciding(bits.get()));
                }
            }
        }
    }

    private void compute(Executed instruction) {
        computed = computed.or(() -> Optional.of(instruction));
        computations++;
    }

    private void load(Executed instruction, long bits, boolean signed) {
        Optional<MemoryAccess> access = instruction.text().access();
        if (access.isEmpty() || instruction.loadedFrom().isEmpty()) {
            // From a device.
            compute(instruction);
            return;
        }
        int width = access.get().width() * Byte.SIZE;
        long all = width == Long.SIZE ? -1 : (1L << width) - 1;
        long counting = bits & all | (signed && (bits & ~all) != 0 ? 1L << width - 1 : 0);
        if (counting == 0) {
            return;
        }
        int lane = Long.numberOfTrailingZeros(counting) / Byte.SIZE;
        int last = (Long.SIZE - 1 - Long.numberOfLeadingZeros(counting)) / Byte.SIZE;
        loads.add(new Load(
                new ValueOrigin.Copied(
                        instruction.cycle(),
                        instruction.text().pc(),
                        instruction.privilege(),
                        instruction.text().text(),
                        access.get().address(),
                        instruction.loadedFrom().getAsLong(),
                        lane,
                        last - lane + 1),
                counting));
    }

    private Optional<ValueOrigin> found() {
        List<ValueOrigin.Copied> sorted =
                loads.stream().sorted(MOST_FIRST).map(Load::copied).toList();
        if (computed.isEmpty()) {
            return sorted.stream().map(ValueOrigin.class::cast).findFirst();
        }
        Executed first = computed.get();
        return Optional.of(new ValueOrigin.Computed(
                first.cycle(),
                first.text().pc(),
                first.privilege(),
                first.text().text(),
                sorted));
    }
}
