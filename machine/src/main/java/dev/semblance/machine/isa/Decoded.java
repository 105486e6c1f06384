package dev.semblance.machine.isa;

/**
 * A decoded instruction packed into a {@code long}, as the execution core reads it:
 *
 * <pre>
 *   bits  0-7   op        number in {@link Op}
 *   bits  8-13  rd        register slot written; {@link #SINK} instead of x0
 *   bits 14-19  rs1       register slot, or the 5-bit immediate of csrrwi and its kin
 *   bits 20-25  rs2       register slot
 *   bits 32-63  immediate sign-extended; of floating-point arithmetic, the rounding mode in bits 32-34 and rs3 in bits 35-39
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

    /** Packs what the table says of an encoding of 32 bits. */
    static long pack(Instruction instruction, int bits) {
        int rd = bits >>> 7 & 31;
        boolean sinks = rd == 0 && instruction.format().result() != RegisterFile.F;
        int immediate = instruction.format().immediate(bits);
        return pack(instruction.op(), sinks ? SINK : rd, bits >>> 15 & 31, bits >>> 20 & 31, immediate);
    }

    /** Packs an instruction from its parts. */
    public static long pack(int op, int rd, int rs1, int rs2, int immediate) {
        return op | rd << RD | rs1 << RS1 | rs2 << RS2 | (long) immediate << 32;
    }

    /**
     * {@return the same instruction as seen from the start of its block} The targets of branches and JAL and the result of AUIPC
     * count from the instruction itself; here they count from that many bytes before it.
     */
    public static long fromBlockStart(long decoded, int offset) {
        return switch (op(decoded)) {
            case Op.AUIPC, Op.JAL, Op.BEQ, Op.BNE, Op.BLT, Op.BGE, Op.BLTU, Op.BGEU -> decoded + ((long) offset << 32);
            default -> decoded;
        };
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

    /** {@return the rounding mode of floating-point arithmetic, as the instruction has it: 7 is that of frm} */
    public static int rounding(long decoded) {
        return (int) (decoded >>> 32) & 7;
    }

    /** {@return the third source of a fused multiplication and addition} */
    public static int rs3(long decoded) {
        return (int) (decoded >>> 35) & 0x1f;
    }
}
