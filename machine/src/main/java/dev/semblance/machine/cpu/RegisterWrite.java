package dev.semblance.machine.cpu;

import dev.semblance.machine.cpu.MemoryAccess.Register;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.RegisterFile;
import dev.semblance.machine.profile.Isa;
import java.util.List;
import java.util.Optional;

/** Which register an instruction writes if it does not trap, and where it has the value from. */
public sealed interface RegisterWrite {

    /** {@return the register} */
    Register to();

    /**
     * Another register's value, all of it.
     *
     * @param to the register that is written
     * @param from the register that is read
     */
    record Copied(Register to, Register from) implements RegisterWrite {}

    /**
     * What lies in memory: {@link MemoryAccess} says where. Of an AMO, what lay there before.
     *
     * @param to the register that is written
     * @param signed whether the bits above are copies of the highest that is loaded; else they depend on nothing
     */
    record Loaded(Register to, boolean signed) implements RegisterWrite {}

    /**
     * Something that the instruction makes: of other registers, of its immediate, of a control and status register.
     *
     * @param to the register that is written
     * @param operands the registers that it is made of; not x0, which has nothing to give
     */
    record Computed(Register to, List<OperandBits> operands) implements RegisterWrite {

        /** Keeps the list as it is. */
        public Computed {
            operands = List.copyOf(operands);
        }
    }

    /**
     * {@return which register an instruction writes; none, if it writes none or is illegal}
     *
     * @param isa of the hart
     * @param bits the instruction, of 16 or 32 bits
     */
    static Optional<RegisterWrite> of(Isa isa, int bits) {
        InstructionSet instructions = InstructionSet.of(isa);
        Instruction instruction = instructions.find(instructions.expand(bits));
        long word = instructions.decode(bits);
        RegisterFile file = instruction.format().result();
        int slot = Decoded.rd(word);
        if (file == RegisterFile.NONE || file == RegisterFile.X && slot == Decoded.SINK) {
            return Optional.empty();
        }
        int op = Decoded.op(word);
        Register to = new Register(file == RegisterFile.F, slot);
        Optional<Register> from = copied(instruction, word);
        if (from.isPresent()) {
            boolean isZero = !from.get().isFloat() && from.get().number() == 0;
            return Optional.of(isZero ? new Computed(to, List.of()) : new Copied(to, from.get()));
        }
        boolean conditional = op == Op.SC_W || op == Op.SC_D;
        boolean loads = op >= Op.LB && op <= Op.LWU || op == Op.FLW || op == Op.FLD || Op.isAtomic(op) && !conditional;
        boolean unsigned = op == Op.LBU || op == Op.LHU || op == Op.LWU || file == RegisterFile.F;
        return Optional.of(loads ? new Loaded(to, !unsigned) : new Computed(to, OperandBits.of(instruction, word)));
    }

    /** {@return the register whose value goes on unchanged: of the ways in which mv, sext.w and fmv are written} */
    private static Optional<Register> copied(Instruction instruction, long word) {
        Register first = new Register(instruction.format().first() == RegisterFile.F, Decoded.rs1(word));
        Register second = new Register(instruction.format().second() == RegisterFile.F, Decoded.rs2(word));
        return switch (instruction.op()) {
            case Op.ADDI, Op.ADDIW, Op.ORI, Op.XORI -> Optional.of(first).filter(r -> Decoded.immediate(word) == 0);
            case Op.ADD, Op.ADDW, Op.OR, Op.XOR ->
                second.number() == 0 ? Optional.of(first) : Optional.of(second).filter(r -> first.number() == 0);
            case Op.FMV_X_W, Op.FMV_W_X, Op.FMV_X_D, Op.FMV_D_X -> Optional.of(first);
            case Op.FSGNJ_S, Op.FSGNJ_D -> Optional.of(first).filter(second::equals);
            default -> Optional.empty();
        };
    }
}
