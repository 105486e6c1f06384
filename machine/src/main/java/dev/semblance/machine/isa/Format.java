package dev.semblance.machine.isa;

/** How an instruction's operands lie in its encoding (RISC-V unprivileged ISA, 2.3), and how they are written. */
public enum Format {
    /** {@code rd, rs1, rs2}. */
    R,
    /** {@code rd, rs1, imm}. */
    I,
    /** {@code rd, rs1, shamt}. */
    SHIFT,
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
    /** No operands to decode. */
    NONE;

    /** {@return the immediate operand of an encoding, sign-extended; 0 where the format has none} */
    public int immediate(int bits) {
        return switch (this) {
            case I, LOAD -> bits >> 20;
            case SHIFT -> bits >>> 20 & 0x1f;
            case S -> bits >> 25 << 5 | bits >>> 7 & 0x1f;
            case B -> bits >> 31 << 12 | (bits >>> 7 & 1) << 11 | (bits >>> 25 & 0x3f) << 5 | (bits >>> 8 & 0xf) << 1;
            case U -> bits & 0xffff_f000;
            case J -> bits >> 31 << 20 | bits & 0xf_f000 | (bits >>> 20 & 1) << 11 | (bits >>> 21 & 0x3ff) << 1;
            case CSR, CSR_IMMEDIATE -> bits >>> 20;
            case R, AMO, LOAD_RESERVED, FENCE_VMA, NONE -> 0;
        };
    }
}
