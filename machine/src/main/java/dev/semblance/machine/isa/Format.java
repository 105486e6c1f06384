package dev.semblance.machine.isa;

/**
 * How an instruction's operands lie in its encoding (RISC-V unprivileged ISA, 2.3 and 20.2), and how they are written. {@code f}
 * is a floating-point register.
 */
public enum Format {
    /** {@code rd, rs1, rs2}. */
    R,
    /** {@code rd, rs1, imm}. */
    I,
    /** {@code rd, rs1, shamt} of 5 bits. */
    SHIFT,
    /** {@code rd, rs1, shamt} of 6 bits. */
    SHIFT_64,
    /** {@code rd, imm(rs1)}. */
    LOAD,
    /** {@code rs2, imm(rs1)}. */
    S,
    /** {@code rs1, rs2, target}. */
    B,
    /** {@code rd, imm}: the upper 20 bits. */
    U,
    /** {@code rd, target}. */
    J,
    /** {@code rd, csr, rs1}. */
    CSR,
    /** {@code rd, csr, uimm}: the immediate is in the place of rs1. */
    CSR_IMMEDIATE,
    /** {@code rd, rs2, (rs1)}. */
    AMO,
    /** {@code rd, (rs1)}. */
    LOAD_RESERVED,
    /** {@code rs1, rs2}. */
    FENCE_VMA,
    /** {@code frd, imm(rs1)}. */
    FLOAT_LOAD,
    /** {@code frs2, imm(rs1)}. */
    FLOAT_S,
    /** {@code frd, frs1, frs2, frs3, rm}. */
    FLOAT_R4,
    /** {@code frd, frs1, frs2, rm}. */
    FLOAT_R_ROUNDED,
    /** {@code frd, frs1, frs2}. */
    FLOAT_R,
    /** {@code frd, frs1, rm}. */
    FLOAT_UNARY_ROUNDED,
    /** {@code rd, frs1, frs2}. */
    FLOAT_COMPARE,
    /** {@code rd, frs1, rm}. */
    FLOAT_TO_INTEGER_ROUNDED,
    /** {@code rd, frs1}. */
    FLOAT_TO_INTEGER,
    /** {@code frd, rs1, rm}. */
    INTEGER_TO_FLOAT_ROUNDED,
    /** {@code frd, rs1}. */
    INTEGER_TO_FLOAT,
    /** No operands to decode. */
    NONE;

    /** {@return the immediate operand of an encoding, sign-extended; 0 where the format has none; {@link Decoded} says what floating point has} */
    public int immediate(int bits) {
        return switch (this) {
            case I, LOAD, FLOAT_LOAD -> bits >> 20;
            case SHIFT -> bits >>> 20 & 0x1f;
            case SHIFT_64 -> bits >>> 20 & 0x3f;
            case S, FLOAT_S -> bits >> 25 << 5 | bits >>> 7 & 0x1f;
            case B -> bits >> 31 << 12 | (bits >>> 7 & 1) << 11 | (bits >>> 25 & 0x3f) << 5 | (bits >>> 8 & 0xf) << 1;
            case U -> bits & 0xffff_f000;
            case J -> bits >> 31 << 20 | bits & 0xf_f000 | (bits >>> 20 & 1) << 11 | (bits >>> 21 & 0x3ff) << 1;
            case CSR, CSR_IMMEDIATE -> bits >>> 20;
            case FLOAT_R4, FLOAT_R_ROUNDED, FLOAT_UNARY_ROUNDED, FLOAT_TO_INTEGER_ROUNDED, INTEGER_TO_FLOAT_ROUNDED ->
                bits >>> 12 & 7 | bits >>> 27 << 3;
            case R, AMO, LOAD_RESERVED, FENCE_VMA, FLOAT_R, FLOAT_COMPARE, FLOAT_TO_INTEGER, INTEGER_TO_FLOAT, NONE ->
                0;
        };
    }

    /** {@return whether the result goes to a floating-point register} */
    public boolean writesFloat() {
        return switch (this) {
            case FLOAT_LOAD,
                    FLOAT_R4,
                    FLOAT_R_ROUNDED,
                    FLOAT_R,
                    FLOAT_UNARY_ROUNDED,
                    INTEGER_TO_FLOAT_ROUNDED,
                    INTEGER_TO_FLOAT -> true;
            case R,
                    I,
                    SHIFT,
                    SHIFT_64,
                    LOAD,
                    S,
                    B,
                    U,
                    J,
                    CSR,
                    CSR_IMMEDIATE,
                    AMO,
                    LOAD_RESERVED,
                    FENCE_VMA,
                    FLOAT_S,
                    FLOAT_COMPARE,
                    FLOAT_TO_INTEGER_ROUNDED,
                    FLOAT_TO_INTEGER,
                    NONE -> false;
        };
    }
}
