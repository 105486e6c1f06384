package dev.semblance.machine.cpu;

import dev.semblance.machine.profile.Isa;
import java.util.Optional;

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

    /** Returns the instruction, where it was illegal. In which mode is not known here: its reasons name none. */
    private Optional<IllegalInstruction> illegal() {
        return cause == Cause.ILLEGAL_INSTRUCTION
                ? Optional.of(new IllegalInstruction(isa, Privilege.SUPERVISOR, pc, value, 0))
                : Optional.empty();
    }

    /** {@return whether the instruction was one that only M mode may execute: of its CSRs, or MRET} */
    public boolean wantsMachineMode() {
        return illegal().filter(IllegalInstruction::wantsMachineMode).isPresent();
    }

    /** {@return what trapped and where, as the end of a sentence} */
    public String describe() {
        String what = switch (cause) {
            case Cause.INSTRUCTION_MISALIGNED -> "jump to " + hex(value) + ", which is no multiple of 4,";
            case Cause.INSTRUCTION_ACCESS_FAULT -> "instruction access fault";
            case Cause.ILLEGAL_INSTRUCTION ->
                "illegal instruction (" + illegal().orElseThrow().text() + ")";
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
        return what + " at " + hex(pc) + ", trap vector " + (base == 0 ? "0" : hex(base))
                + illegal()
                        .flatMap(IllegalInstruction::reason)
                        .map(reason -> "; " + reason)
                        .orElse("");
    }

    private String hex(long address) {
        return "0x" + (isa.is64() ? Long.toHexString(address) : Integer.toHexString((int) address));
    }
}
