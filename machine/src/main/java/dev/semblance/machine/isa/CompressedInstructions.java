package dev.semblance.machine.isa;

/**
 * The C extension (RISC-V unprivileged ISA, chapter 26), with what it has of F and D: each parcel of 16 bits as the encoding of
 * 32 bits that does the same. Hints are what they expand to, which does nothing. What is reserved, or for other extensions
 * (Zcb, Zcmp, Zcmop), is none.
 */
public final class CompressedInstructions {

    /** What {@link #expand} returns for a parcel that is no instruction: it is none in 32 bits either. */
    public static final int NONE = 0;

    private static final int LOAD = 0x03;
    private static final int LOAD_FP = 0x07;
    private static final int OP_IMM = 0x13;
    private static final int OP_IMM_32 = 0x1b;
    private static final int STORE = 0x23;
    private static final int STORE_FP = 0x27;
    private static final int OP = 0x33;
    private static final int LUI = 0x37;
    private static final int OP_32 = 0x3b;
    private static final int BRANCH = 0x63;
    private static final int JALR = 0x67;
    private static final int JAL = 0x6f;
    private static final int EBREAK = 0x0010_0073;

    /** funct3 of loads and stores. */
    private static final int WORD = 2;

    private static final int DOUBLEWORD = 3;

    /** funct3 of shifts, and funct7 of SUB and SRA: one bit above the shift amount. */
    private static final int SHIFT_LEFT = 1;

    private static final int SHIFT_RIGHT = 5;
    private static final int XOR = 4;
    private static final int OR = 6;
    private static final int AND = 7;
    private static final int SUBTRACT = 0x20;
    private static final int ARITHMETIC = 0x400;

    private static final int ZERO = 0;
    private static final int RA = 1;
    private static final int SP = 2;

    private CompressedInstructions() {}

    /**
     * {@return the 32-bit encoding that does the same, {@link #NONE} if there is none}
     *
     * @param parcel in the low 16 bits; the bits above them do not count
     * @param xlen 32 for RV32GC, which has C.FLW, C.FSW and C.JAL in the places of C.LD, C.SD and C.ADDIW; 64 for RV64GC
     */
    public static int expand(int parcel, int xlen) {
        boolean wide = xlen == 64;
        int funct3 = parcel >>> 13 & 7;
        return switch (parcel & 3) {
            case 0 -> quadrant0(parcel, funct3, wide);
            case 1 -> quadrant1(parcel, funct3, wide);
            case 2 -> quadrant2(parcel, funct3, wide);
            default -> NONE;
        };
    }

    // ---- 26.8: quadrant 0 ---------------------------------------------------------------------------------------

    private static int quadrant0(int c, int funct3, boolean wide) {
        int rs1 = upperRegister(c);
        int other = lowerRegister(c);
        return switch (funct3) {
            case 0 -> addi4spn(c);
            case 1 -> i(LOAD_FP, DOUBLEWORD, other, rs1, doublewordOffset(c));
            case 2 -> i(LOAD, WORD, other, rs1, wordOffset(c));
            case 3 ->
                wide
                        ? i(LOAD, DOUBLEWORD, other, rs1, doublewordOffset(c))
                        : i(LOAD_FP, WORD, other, rs1, wordOffset(c));
            case 5 -> s(STORE_FP, DOUBLEWORD, rs1, other, doublewordOffset(c));
            case 6 -> s(STORE, WORD, rs1, other, wordOffset(c));
            case 7 ->
                wide
                        ? s(STORE, DOUBLEWORD, rs1, other, doublewordOffset(c))
                        : s(STORE_FP, WORD, rs1, other, wordOffset(c));
            default -> NONE;
        };
    }

    /** With an immediate of 0 it is reserved; all zeros are so for good. */
    private static int addi4spn(int c) {
        int immediate = field(c, 12, 11, 4) | field(c, 10, 7, 6) | field(c, 6, 6, 2) | field(c, 5, 5, 3);
        return immediate == 0 ? NONE : i(OP_IMM, 0, lowerRegister(c), SP, immediate);
    }

    // ---- quadrant 1 ---------------------------------------------------------------------------------------------

    private static int quadrant1(int c, int funct3, boolean wide) {
        int rd = register(c);
        return switch (funct3) {
            case 0 -> i(OP_IMM, 0, rd, rd, immediate(c));
            case 1 -> wide ? addiw(c, rd) : j(RA, jumpOffset(c));
            case 2 -> i(OP_IMM, 0, rd, ZERO, immediate(c));
            case 3 -> rd == SP ? addi16sp(c) : lui(c, rd);
            case 4 -> arithmetic(c, wide);
            case 5 -> j(ZERO, jumpOffset(c));
            default -> b(funct3 - 6, upperRegister(c), branchOffset(c));
        };
    }

    private static int addiw(int c, int rd) {
        return rd == 0 ? NONE : i(OP_IMM_32, 0, rd, rd, immediate(c));
    }

    private static int addi16sp(int c) {
        int immediate = signBit(c, 9) | field(c, 6, 6, 4) | field(c, 5, 5, 6) | field(c, 4, 3, 7) | field(c, 2, 2, 5);
        return immediate == 0 ? NONE : i(OP_IMM, 0, SP, SP, immediate);
    }

    private static int lui(int c, int rd) {
        int immediate = immediate(c);
        return immediate == 0 ? NONE : LUI | rd << 7 | immediate << 12;
    }

    private static int arithmetic(int c, boolean wide) {
        int rd = upperRegister(c);
        return switch (c >>> 10 & 3) {
            case 0 -> shift(SHIFT_RIGHT, rd, shiftAmount(c), 0, wide);
            case 1 -> shift(SHIFT_RIGHT, rd, shiftAmount(c), ARITHMETIC, wide);
            case 2 -> i(OP_IMM, AND, rd, rd, immediate(c));
            default -> registers(c, rd, lowerRegister(c), wide);
        };
    }

    /** On RV32, amounts above 31 are for extensions that are not standard. */
    private static int shift(int funct3, int rd, int amount, int kind, boolean wide) {
        return amount > 31 && !wide ? NONE : i(OP_IMM, funct3, rd, rd, amount | kind);
    }

    private static int registers(int c, int rd, int rs2, boolean wide) {
        return switch (field(c, 12, 12, 2) | field(c, 6, 5, 0)) {
            case 0 -> r(OP, 0, SUBTRACT, rd, rd, rs2);
            case 1 -> r(OP, XOR, 0, rd, rd, rs2);
            case 2 -> r(OP, OR, 0, rd, rd, rs2);
            case 3 -> r(OP, AND, 0, rd, rd, rs2);
            case 4 -> wide ? r(OP_32, 0, SUBTRACT, rd, rd, rs2) : NONE;
            case 5 -> wide ? r(OP_32, 0, 0, rd, rd, rs2) : NONE;
            default -> NONE;
        };
    }

    // ---- quadrant 2 ---------------------------------------------------------------------------------------------

    private static int quadrant2(int c, int funct3, boolean wide) {
        int rd = register(c);
        int rs2 = secondRegister(c);
        return switch (funct3) {
            case 0 -> shift(SHIFT_LEFT, rd, shiftAmount(c), 0, wide);
            case 1 -> i(LOAD_FP, DOUBLEWORD, rd, SP, doublewordLoadFromStack(c));
            case 2 -> rd == 0 ? NONE : i(LOAD, WORD, rd, SP, wordLoadFromStack(c));
            case 3 -> wide ? ldsp(c, rd) : i(LOAD_FP, WORD, rd, SP, wordLoadFromStack(c));
            case 4 -> (c & 1 << 12) == 0 ? jrOrMv(rd, rs2) : jalrOrAdd(rd, rs2);
            case 5 -> s(STORE_FP, DOUBLEWORD, SP, rs2, doublewordStoreToStack(c));
            case 6 -> s(STORE, WORD, SP, rs2, wordStoreToStack(c));
            default ->
                wide
                        ? s(STORE, DOUBLEWORD, SP, rs2, doublewordStoreToStack(c))
                        : s(STORE_FP, WORD, SP, rs2, wordStoreToStack(c));
        };
    }

    private static int ldsp(int c, int rd) {
        return rd == 0 ? NONE : i(LOAD, DOUBLEWORD, rd, SP, doublewordLoadFromStack(c));
    }

    private static int jrOrMv(int rd, int rs2) {
        if (rs2 != 0) {
            return r(OP, 0, 0, rd, ZERO, rs2);
        }
        return rd == 0 ? NONE : i(JALR, 0, ZERO, rd, 0);
    }

    private static int jalrOrAdd(int rd, int rs2) {
        if (rs2 != 0) {
            return r(OP, 0, 0, rd, rd, rs2);
        }
        return rd == 0 ? EBREAK : i(JALR, 0, RA, rd, 0);
    }

    // ---- fields of parcels --------------------------------------------------------------------------------------

    /** The bits {@code high} to {@code low} of a parcel, the lowest of them at bit {@code to} of an immediate. */
    private static int field(int c, int high, int low, int to) {
        return (c >>> low & (1 << high - low + 1) - 1) << to;
    }

    /** Bit 12, at bit {@code to} and all above it. */
    private static int signBit(int c, int to) {
        return -(c >>> 12 & 1) << to;
    }

    private static int register(int c) {
        return field(c, 11, 7, 0);
    }

    private static int secondRegister(int c) {
        return field(c, 6, 2, 0);
    }

    /** rs1' or rd': x8 to x15. */
    private static int upperRegister(int c) {
        return 8 + field(c, 9, 7, 0);
    }

    /** rs2' or rd': x8 to x15. */
    private static int lowerRegister(int c) {
        return 8 + field(c, 4, 2, 0);
    }

    private static int immediate(int c) {
        return signBit(c, 5) | field(c, 6, 2, 0);
    }

    private static int shiftAmount(int c) {
        return field(c, 12, 12, 5) | field(c, 6, 2, 0);
    }

    private static int wordOffset(int c) {
        return field(c, 12, 10, 3) | field(c, 6, 6, 2) | field(c, 5, 5, 6);
    }

    private static int doublewordOffset(int c) {
        return field(c, 12, 10, 3) | field(c, 6, 5, 6);
    }

    private static int wordLoadFromStack(int c) {
        return field(c, 12, 12, 5) | field(c, 6, 4, 2) | field(c, 3, 2, 6);
    }

    private static int doublewordLoadFromStack(int c) {
        return field(c, 12, 12, 5) | field(c, 6, 5, 3) | field(c, 4, 2, 6);
    }

    private static int wordStoreToStack(int c) {
        return field(c, 12, 9, 2) | field(c, 8, 7, 6);
    }

    private static int doublewordStoreToStack(int c) {
        return field(c, 12, 10, 3) | field(c, 9, 7, 6);
    }

    private static int jumpOffset(int c) {
        return signBit(c, 11)
                | field(c, 11, 11, 4)
                | field(c, 10, 9, 8)
                | field(c, 8, 8, 10)
                | field(c, 7, 7, 6)
                | field(c, 6, 6, 7)
                | field(c, 5, 3, 1)
                | field(c, 2, 2, 5);
    }

    private static int branchOffset(int c) {
        return signBit(c, 8) | field(c, 11, 10, 3) | field(c, 6, 5, 6) | field(c, 4, 3, 1) | field(c, 2, 2, 5);
    }

    // ---- 2.2, 2.3: encodings of 32 bits -------------------------------------------------------------------------

    private static int r(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
        return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int i(int opcode, int funct3, int rd, int rs1, int immediate) {
        return immediate << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int s(int opcode, int funct3, int rs1, int rs2, int immediate) {
        return immediate >> 5 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | (immediate & 31) << 7 | opcode;
    }

    /** BEQ or BNE with x0. */
    private static int b(int funct3, int rs1, int offset) {
        return field(offset, 12, 12, 31)
                | field(offset, 10, 5, 25)
                | rs1 << 15
                | funct3 << 12
                | field(offset, 4, 1, 8)
                | field(offset, 11, 11, 7)
                | BRANCH;
    }

    private static int j(int rd, int offset) {
        return field(offset, 20, 20, 31)
                | field(offset, 10, 1, 21)
                | field(offset, 11, 11, 20)
                | field(offset, 19, 12, 12)
                | rd << 7
                | JAL;
    }
}
