package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Disassembler;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import java.util.HexFormat;

/**
 * The trap with which a row of traps began that never ended (privileged architecture, 12.1).
 *
 * @param cause the exception code, as in scause
 * @param pc where it was raised, as in sepc
 * @param value as in stval: the address of a fault, the bits of an illegal instruction
 * @param vector where traps go, as in stvec
 */
public record StuckTrap(int cause, long pc, long value, long vector) {

    static final StuckTrap NONE = new StuckTrap(0, 0, 0, 0);

    private static final int MRET = 0x3020_0073;

    /** {@return whether the instruction was one that only M mode may execute: of its CSRs, or MRET} */
    public boolean wantsMachineMode() {
        int bits = (int) value;
        return cause == Cause.ILLEGAL_INSTRUCTION
                && (bits == MRET
                        || Disassembler.isCsrAccess(bits) && !Csr.isAccessible(bits >>> 20, Privilege.SUPERVISOR));
    }

    /** {@return what trapped and where, as the end of a sentence} */
    public String describe() {
        String what = switch (cause) {
            case Cause.INSTRUCTION_MISALIGNED ->
                "jump to 0x" + Integer.toHexString((int) value) + ", which is no multiple of 4,";
            case Cause.INSTRUCTION_ACCESS_FAULT -> "instruction access fault";
            case Cause.ILLEGAL_INSTRUCTION -> "illegal instruction (" + instruction() + ")";
            case Cause.BREAKPOINT -> "breakpoint";
            case Cause.LOAD_MISALIGNED -> "misaligned load from 0x" + Integer.toHexString((int) value);
            case Cause.LOAD_ACCESS_FAULT -> "load access fault (address 0x" + Integer.toHexString((int) value) + ")";
            case Cause.STORE_MISALIGNED -> "misaligned store to 0x" + Integer.toHexString((int) value);
            case Cause.STORE_ACCESS_FAULT -> "store access fault (address 0x" + Integer.toHexString((int) value) + ")";
            case Cause.ECALL_FROM_USER -> "environment call from U mode";
            case Cause.INSTRUCTION_PAGE_FAULT -> "instruction page fault";
            case Cause.LOAD_PAGE_FAULT -> "load page fault (address 0x" + Integer.toHexString((int) value) + ")";
            case Cause.STORE_PAGE_FAULT -> "store page fault (address 0x" + Integer.toHexString((int) value) + ")";
            default -> "exception " + cause;
        };
        int base = (int) vector & ~3;
        return what + " at 0x" + Integer.toHexString((int) pc) + ", trap vector "
                + (base == 0 ? "0" : "0x" + Integer.toHexString(base)) + missing();
    }

    private String missing() {
        if (wantsMachineMode()) {
            return "; it is written for M mode, and M mode is not there";
        }
        boolean compressed = cause == Cause.ILLEGAL_INSTRUCTION && (value & 3) != 3 && (value & 0xffff) != 0;
        return compressed ? "; it is a compressed instruction, and extension C is not there" : "";
    }

    private String instruction() {
        int bits = (int) value;
        String text = "0x" + HexFormat.of().toHexDigits(bits);
        if (bits == MRET) {
            return "mret, " + text;
        }
        if (Disassembler.isCsrAccess(bits)) {
            return Disassembler.csrAccess(bits) + ", " + text;
        }
        return InstructionSet.find(bits).op() == Op.ILLEGAL ? text : Disassembler.disassemble(bits, pc) + ", " + text;
    }
}
