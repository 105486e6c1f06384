package dev.semblance.machine.isa;

/**
 * One row of the instruction table.
 *
 * @param op what it does: a number of {@link Op}. More than one row may do the same
 * @param scope which harts have it
 * @param mnemonic as assembly has it
 * @param mask the bits of an encoding that identify the instruction
 * @param match the value of those bits
 * @param format how the operands lie
 * @param semantics the name of the static method that says what it computes: of {@link Semantics}, or of
 *     {@link dev.semblance.machine.fp.FloatArithmetic} where the format is one of floating point. Empty for what concerns memory
 *     alone, for jumps and for system instructions, which an execution core has to do itself
 */
public record Instruction(int op, Scope scope, String mnemonic, int mask, int match, Format format, String semantics) {

    /** {@return whether {@code bits} encode this instruction} */
    public boolean matches(int bits) {
        return (bits & mask) == match;
    }
}
