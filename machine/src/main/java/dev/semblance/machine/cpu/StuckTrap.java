package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Disassembler;
import dev.semblance.machine.isa.InstructionSet;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;
import java.util.HexFormat;

/**
 * The trap with which a row of traps began that never ended (privileged architecture, 12.1).
 *
 * @param isa what the hart has
 * @param cause the exception code, as in scause
 * @param pc where it was raised, as in sepc
 * @param value as in stval: the address of a fault, the bits of an illegal instruction
 * @param vector where traps go, as in stvec
 */
public record StuckTrap(Isa isa, int cause, long pc, long value, long vector) {

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
            case Cause.INSTRUCTION_MISALIGNED -> "jump to " + hex(value) + ", which is no multiple of 4,";
            case Cause.INSTRUCTION_ACCESS_FAULT -> "instruction access fault";
            case Cause.ILLEGAL_INSTRUCTION -> "illegal instruction (" + instruction() + ")";
            case Cause.BREAKPOINT -> "breakpoint";
            case Cause.LOAD_MISALIGNED -> "misaligned load from " + hex(value);
            case Cause.LOAD_ACCESS_FAULT -> "load access fault (address " + hex(value) + ")";
            case Cause.STORE_MISALIGNED -> "misaligned store to " + hex(value);
            case Cause.STORE_ACCESS_FAULT -> "store access fault (address " + hex(value) + ")";
            case Cause.ECALL_FROM_USER -> "environment call from U mode";
            case Cause.INSTRUCTION_PAGE_FAULT -> "instruction page fault";
            case Cause.LOAD_PAGE_FAULT -> "load page fault (address " + hex(value) + ")";
            case Cause.STORE_PAGE_FAULT -> "store page fault (address " + hex(value) + ")";
            default -> "exception " + cause;
        };
        long base = vector & ~3L;
        return what + " at " + hex(pc) + ", trap vector " + (base == 0 ? "0" : hex(base)) + missing();
    }

    private String missing() {
        if (wantsMachineMode()) {
            return "; it is written for M mode, and M mode is not there";
        }
        boolean compressed =
                !isa.hasCompressed() && cause == Cause.ILLEGAL_INSTRUCTION && (value & 3) != 3 && (value & 0xffff) != 0;
        return compressed ? "; it is a compressed instruction, and extension C is not there" : "";
    }

    private String hex(long address) {
        return "0x" + (isa.is64() ? Long.toHexString(address) : Integer.toHexString((int) address));
    }

    private String instruction() {
        int bits = (int) value;
        InstructionSet instructions = InstructionSet.of(isa);
        String text = "0x"
                + (instructions.isLong(bits)
                        ? HexFormat.of().toHexDigits(bits)
                        : HexFormat.of().toHexDigits((short) bits));
        if (bits == MRET) {
            return "mret, " + text;
        }
        if (Disassembler.isCsrAccess(bits)) {
            return Disassembler.csrAccess(bits) + ", " + text;
        }
        return instructions.find(instructions.expand(bits)).op() == Op.ILLEGAL
                ? text
                : Disassembler.disassemble(instructions, bits, pc) + ", " + text;
    }
}
