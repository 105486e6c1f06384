package dev.semblance.machine.cpu;

import dev.semblance.machine.cpu.MemoryAccess.Register;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Format;
import dev.semblance.machine.isa.Instruction;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.isa.RegisterFile;
import java.util.ArrayList;
import java.util.List;

/**
 * An operand of an instruction that computes, and which of its bits decide which bits of the result. No bit that decides is left out; more
 * may be named than do.
 *
 * @param register the operand
 * @param flow how its bits go into the result
 * @param amount by how many bits it is shifted, or which bits of it count
 * @param isWord whether the result is made of the low 32 bits of the operands, and sign-extended
 */
public record OperandBits(Register register, Flow flow, long amount, boolean isWord) {

    private static final long WORD = 0xffff_ffffL;
    private static final long WORD_SIGN = 1L << 31;

    /** How the bits of an operand go into a result. */
    public enum Flow {
        /** Each into the bit in its place, if it is among those that count. */
        IN_PLACE,
        /** Each into a higher one. */
        LEFT,
        /** Each into a lower one. */
        RIGHT,
        /** Each into a lower one, and the sign into those above. */
        RIGHT_SIGNED,
        /** Each into that in its place and into those above. */
        UPWARDS,
        /** Each into any. */
        ANYWHERE
    }

    /**
     * {@return the bits of the operand that decide bits of the result}
     *
     * @param result the bits of the result, as a mask
     */
    public long deciding(long result) {
        if (result == 0) {
            return 0;
        }
        long wanted = isWord ? result & WORD | (result >>> 32 != 0 ? WORD_SIGN : 0) : result;
        long deciding = switch (flow) {
            case IN_PLACE -> wanted & amount;
            case LEFT -> wanted >>> amount;
            case RIGHT -> wanted << amount;
            case RIGHT_SIGNED -> wanted << amount | sign(wanted);
            case UPWARDS -> Long.highestOneBit(wanted) << 1 == 0 ? -1 : (Long.highestOneBit(wanted) << 1) - 1;
            case ANYWHERE -> -1;
        };
        return isWord ? deciding & WORD : deciding;
    }

    /** {@return the sign bit, if some of the bits that are wanted are copies of it} */
    private long sign(long wanted) {
        int width = isWord ? Integer.SIZE : Long.SIZE;
        return wanted >>> width - 1 - amount != 0 ? 1L << width - 1 : 0;
    }

    /** {@return the operands of an instruction that computes} What jumps, and what reads a control and status register, makes nothing of them. */
    static List<OperandBits> of(Instruction instruction, long word) {
        int op = instruction.op();
        List<OperandBits> operands = new ArrayList<>();
        if (op == Op.JALR || Op.isAtomic(op) || instruction.format() == Format.CSR) {
            return operands;
        }
        add(operands, instruction.format().first(), Decoded.rs1(word), op, Decoded.immediate(word), true);
        add(operands, instruction.format().second(), Decoded.rs2(word), op, Decoded.immediate(word), false);
        add(operands, instruction.format().third(), Decoded.rs3(word), op, 0, false);
        return operands;
    }

    private static void add(
            List<OperandBits> operands, RegisterFile file, int number, int op, int immediate, boolean isFirst) {
        if (file == RegisterFile.NONE || file == RegisterFile.X && number == 0) {
            return;
        }
        boolean isWord = op >= Op.ADDIW && op <= Op.SRAW || op == Op.MULW;
        Flow flow = flow(op, isFirst);
        long amount = flow == Flow.IN_PLACE ? inPlace(op, immediate) : immediate;
        operands.add(new OperandBits(new Register(file == RegisterFile.F, number), flow, amount, isWord));
    }

    private static Flow flow(int op, boolean isFirst) {
        return switch (op) {
            case Op.XORI, Op.ORI, Op.ANDI, Op.XOR, Op.OR, Op.AND -> Flow.IN_PLACE;
            case Op.SLLI, Op.SLLIW -> Flow.LEFT;
            case Op.SRLI, Op.SRLIW -> Flow.RIGHT;
            case Op.SRAI, Op.SRAIW -> Flow.RIGHT_SIGNED;
            case Op.ADDI, Op.ADDIW, Op.ADD, Op.ADDW, Op.SUB, Op.SUBW, Op.MUL, Op.MULW -> Flow.UPWARDS;
            // By how much is in the other operand.
            case Op.SLL, Op.SLLW -> isFirst ? Flow.UPWARDS : Flow.ANYWHERE;
            default -> Flow.ANYWHERE;
        };
    }

    private static long inPlace(int op, int immediate) {
        return switch (op) {
            case Op.ANDI -> immediate;
            case Op.ORI -> ~(long) immediate;
            default -> -1;
        };
    }
}
