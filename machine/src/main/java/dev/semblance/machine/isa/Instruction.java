package dev.semblance.machine.isa;

/**
 * One row of the instruction table.
 *
 * @param op its number in {@link Op}
 * @param mnemonic as assembly has it
 * @param mask the bits of an encoding that identify the instruction
 * @param match the value of those bits
 * @param format how the operands lie
 */
public record Instruction(int op, String mnemonic, int mask, int match, Format format) {

    /** {@return whether {@code bits} encode this instruction} */
    public boolean matches(int bits) {
        return (bits & mask) == match;
    }
}
