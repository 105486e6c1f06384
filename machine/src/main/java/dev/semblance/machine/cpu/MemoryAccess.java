package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import java.util.Optional;

/**
 * What an instruction does with memory if it does not trap: an AMO loads and stores, an SC stores if the reservation holds, which
 * is not looked at here.
 *
 * @param address virtual, of the first byte
 * @param width in bytes: 1, 2, 4 or 8
 * @param loads whether it loads
 * @param stores whether it stores
 * @param destination the register that takes what is loaded, or of an SC whether it failed; none for stores, and where x0 takes it
 * @param source the register with what is stored, or of an AMO the operand; none for loads
 */
public record MemoryAccess(
        long address,
        int width,
        boolean loads,
        boolean stores,
        Optional<Register> destination,
        Optional<Register> source) {

    /**
     * A register.
     *
     * @param isFloat whether it is one of floating point
     * @param number 0 to 31
     */
    public record Register(boolean isFloat, int number) {}

    /**
     * {@return what an instruction does with memory; nothing, if it reaches none or is illegal}
     *
     * @param state the hart that is about to execute it
     * @param bits the instruction, of 16 or 32 bits
     */
    public static Optional<MemoryAccess> of(HartState state, int bits) {
        long word = InstructionSet.of(state.isa()).decode(bits);
        int op = Decoded.op(word);
        return switch (op) {
            case Op.LB, Op.LBU -> Optional.of(load(state, word, 1, false));
            case Op.LH, Op.LHU -> Optional.of(load(state, word, 2, false));
            case Op.LW, Op.LWU -> Optional.of(load(state, word, 4, false));
            case Op.LD -> Optional.of(load(state, word, 8, false));
            case Op.FLW -> Optional.of(load(state, word, 4, true));
            case Op.FLD -> Optional.of(load(state, word, 8, true));
            case Op.SB -> Optional.of(store(state, word, 1, false));
            case Op.SH -> Optional.of(store(state, word, 2, false));
            case Op.SW -> Optional.of(store(state, word, 4, false));
            case Op.SD -> Optional.of(store(state, word, 8, false));
            case Op.FSW -> Optional.of(store(state, word, 4, true));
            case Op.FSD -> Optional.of(store(state, word, 8, true));
            default -> Op.isAtomic(op) ? Optional.of(atomic(state, word, op)) : Optional.empty();
        };
    }

    private static long address(HartState state, long word) {
        return state.isa().canonical(state.x(Decoded.rs1(word)) + Decoded.immediate(word));
    }

    private static MemoryAccess load(HartState state, long word, int width, boolean isFloat) {
        return new MemoryAccess(address(state, word), width, true, false, destination(word, isFloat), Optional.empty());
    }

    private static MemoryAccess store(HartState state, long word, int width, boolean isFloat) {
        return new MemoryAccess(
                address(state, word), width, false, true, Optional.empty(), Optional.of(source(word, isFloat)));
    }

    private static MemoryAccess atomic(HartState state, long word, int op) {
        boolean reserves = op == Op.LR_W || op == Op.LR_D;
        boolean isConditional = op == Op.SC_W || op == Op.SC_D;
        return new MemoryAccess(
                state.isa().canonical(state.x(Decoded.rs1(word))),
                op >= Op.LR_D ? 8 : 4,
                !isConditional,
                !reserves,
                destination(word, false),
                reserves ? Optional.empty() : Optional.of(source(word, false)));
    }

    private static Optional<Register> destination(long word, boolean isFloat) {
        int slot = Decoded.rd(word);
        return slot == Decoded.SINK ? Optional.empty() : Optional.of(new Register(isFloat, slot));
    }

    private static Register source(long word, boolean isFloat) {
        return new Register(isFloat, Decoded.rs2(word));
    }
}
