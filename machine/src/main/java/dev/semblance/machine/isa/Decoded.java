package dev.semblance.machine.isa;

/**
 * A decoded instruction packed into a {@code long}, as the execution core reads it:
 *
 * <pre>
 *   bits  0-7   op        number in {@link Op}
 *   bits  8-13  rd        register slot written; {@link #SINK} instead of x0
 *   bits 14-19  rs1       register slot, or the 5-bit immediate of csrrwi and its kin
 *   bits 20-25  rs2       register slot
 *   bits 32-63  immediate sign-extended; the encoding itself for an illegal instruction
 * </pre>
 */
public final class Decoded {

    /** The register slot that takes what is written to x0. */
    public static final int SINK = 32;

    /** Register slots an execution core has: x0 to x31, the sink, and room so that 6 bits can never miss. */
    public static final int SLOTS = 64;

    /** Where the destination's slot starts. */
    public static final int RD = 8;

    /** Where the first source's slot starts. */
    public static final int RS1 = 14;

    /** Where the second source's slot starts. */
    public static final int RS2 = 20;

    private Decoded() {}

    /** Decodes 32 bits of code. */
    public static long decode(int bits) {
        Instruction instruction = InstructionSet.find(bits);
        int rd = bits >>> 7 & 31;
        int immediate =
                instruction.op() == Op.ILLEGAL ? bits : instruction.format().immediate(bits);
        return pack(instruction.op(), rd == 0 ? SINK : rd, bits >>> 15 & 31, bits >>> 20 & 31, immediate);
    }

    /** Packs an instruction from its parts. */
    public static long pack(int op, int rd, int rs1, int rs2, int immediate) {
        return op | rd << RD | rs1 << RS1 | rs2 << RS2 | (long) immediate << 32;
    }

    /** {@return the number in {@link Op}} */
    public static int op(long decoded) {
        return (int) decoded & 0xff;
    }

    /** {@return the destination's slot} */
    public static int rd(long decoded) {
        return (int) decoded >>> RD & 0x3f;
    }

    /** {@return the first source's slot} */
    public static int rs1(long decoded) {
        return (int) decoded >>> RS1 & 0x3f;
    }

    /** {@return the second source's slot} */
    public static int rs2(long decoded) {
        return (int) decoded >>> RS2 & 0x3f;
    }

    /** {@return the immediate} */
    public static int immediate(long decoded) {
        return (int) (decoded >> 32);
    }
}
