package dev.semblance.machine.isa;

/**
 * How an instruction's operands lie in its encoding (RISC-V unprivileged ISA, 2.3 and 20.2), and how they are written. {@code f}
 * is a floating-point register.
 */
public enum Format {
    /** {@code rd, rs1, rs2}. */
    R(RegisterFile.X, RegisterFile.X, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, rs1, imm}. */
    I(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, rs1, shamt} of 5 bits. */
    SHIFT(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, rs1, shamt} of 6 bits. */
    SHIFT_64(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, imm(rs1)}. */
    LOAD(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rs2, imm(rs1)}. */
    S(RegisterFile.X, RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE),
    /** {@code rs1, rs2, target}. */
    B(RegisterFile.X, RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE),
    /** {@code rd, imm}: the upper 20 bits. */
    U(RegisterFile.NONE, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, target}. */
    J(RegisterFile.NONE, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, csr, rs1}. */
    CSR(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, csr, uimm}: the immediate is in the place of rs1. */
    CSR_IMMEDIATE(RegisterFile.NONE, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, rs2, (rs1)}. */
    AMO(RegisterFile.X, RegisterFile.X, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, (rs1)}. */
    LOAD_RESERVED(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rs1, rs2}. */
    FENCE_VMA(RegisterFile.X, RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE),
    /** {@code frd, imm(rs1)}. */
    FLOAT_LOAD(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.F),
    /** {@code frs2, imm(rs1)}. */
    FLOAT_S(RegisterFile.X, RegisterFile.F, RegisterFile.NONE, RegisterFile.NONE),
    /** {@code frd, frs1, frs2, frs3, rm}. */
    FLOAT_R4(RegisterFile.F, RegisterFile.F, RegisterFile.F, RegisterFile.F),
    /** {@code frd, frs1, frs2, rm}. */
    FLOAT_R_ROUNDED(RegisterFile.F, RegisterFile.F, RegisterFile.NONE, RegisterFile.F),
    /** {@code frd, frs1, frs2}. */
    FLOAT_R(RegisterFile.F, RegisterFile.F, RegisterFile.NONE, RegisterFile.F),
    /** {@code frd, frs1, rm}. */
    FLOAT_UNARY_ROUNDED(RegisterFile.F, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.F),
    /** {@code rd, frs1, frs2}. */
    FLOAT_COMPARE(RegisterFile.F, RegisterFile.F, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, frs1, rm}. */
    FLOAT_TO_INTEGER_ROUNDED(RegisterFile.F, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code rd, frs1}. */
    FLOAT_TO_INTEGER(RegisterFile.F, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.X),
    /** {@code frd, rs1, rm}. */
    INTEGER_TO_FLOAT_ROUNDED(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.F),
    /** {@code frd, rs1}. */
    INTEGER_TO_FLOAT(RegisterFile.X, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.F),
    /** No operands to decode. */
    NONE(RegisterFile.NONE, RegisterFile.NONE, RegisterFile.NONE, RegisterFile.NONE);

    private final RegisterFile first;
    private final RegisterFile second;
    private final RegisterFile third;
    private final RegisterFile result;

    Format(RegisterFile first, RegisterFile second, RegisterFile third, RegisterFile result) {
        this.first = first;
        this.second = second;
        this.third = third;
        this.result = result;
    }

    /** {@return where the operand is that rs1 says} */
    public RegisterFile first() {
        return first;
    }

    /** {@return where the operand is that rs2 says} */
    public RegisterFile second() {
        return second;
    }

    /** {@return where the operand is that rs3 says} */
    public RegisterFile third() {
        return third;
    }

    /** {@return where the result goes, by rd} */
    public RegisterFile result() {
        return result;
    }

    /** {@return whether it has a floating-point register} */
    public boolean hasFloat() {
        return first == RegisterFile.F || second == RegisterFile.F || result == RegisterFile.F;
    }

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
}
