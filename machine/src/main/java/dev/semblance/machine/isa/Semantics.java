package dev.semblance.machine.isa;

/**
 * What integer instructions compute (RISC-V unprivileged ISA, chapters 2, 4, 13 and 14), one static method each, which the rows
 * of {@link InstructionSet} name and all execution cores call. Operands and results are registers: 64 bits, of which a hart of 32 bits uses
 * values that are sign-extended. Those whose name ends in {@code w} compute with the low 32 bits. The second operand is rs2 or the
 * immediate; how far to shift is an {@code int}.
 *
 * <p>HotSpot inlines methods of at most six bytes of bytecode (MaxTrivialSize) into a method as large as an interpreter's whatever their frequency, and
 * leaves calls of others that are rare there, which cost all others their registers. So what is small here is written to be that small.
 */
@SuppressWarnings({"IntLongMath", "NarrowCalculation"}) // Arithmetic modulo 2^32 is what is meant.
public final class Semantics {

    private Semantics() {}

    // ---- all bits -----------------------------------------------------------------------------------------------

    /** LUI: the immediate, whose low 12 bits are 0. */
    public static long lui(long immediate) {
        return immediate;
    }

    /** AUIPC: the address of the instruction plus the immediate. */
    public static long auipc(long pc, long immediate) {
        return pc + immediate;
    }

    /** ADD, ADDI, AMOADD. */
    public static long add(long a, long b) {
        return a + b;
    }

    /** SUB. */
    public static long sub(long a, long b) {
        return a - b;
    }

    /** SLT, SLTI. */
    public static long slt(long a, long b) {
        return a < b ? 1 : 0;
    }

    /** SLTU, SLTIU. */
    public static long sltu(long a, long b) {
        return Long.compareUnsigned(a, b) < 0 ? 1 : 0;
    }

    /** XOR, XORI, AMOXOR. */
    public static long xor(long a, long b) {
        return a ^ b;
    }

    /** OR, ORI, AMOOR. */
    public static long or(long a, long b) {
        return a | b;
    }

    /** AND, ANDI, AMOAND. */
    public static long and(long a, long b) {
        return a & b;
    }

    /** SLL, SLLI of RV64: the low 6 bits count. */
    public static long sll(long a, int b) {
        return a << b;
    }

    /** SRL, SRLI of RV64. */
    public static long srl(long a, int b) {
        return a >>> b;
    }

    /** SRA, SRAI of RV64. */
    public static long sra(long a, int b) {
        return a >> b;
    }

    // ---- 32 bits ------------------------------------------------------------------------------------------------

    /** ADDW, ADDIW; ADD, ADDI of RV32. */
    public static long addw(long a, long b) {
        return (int) (a + b);
    }

    /** SUBW; SUB of RV32. */
    public static long subw(long a, long b) {
        return (int) (a - b);
    }

    /** SLLW, SLLIW; SLL, SLLI of RV32: the low 5 bits count. */
    public static long sllw(long a, int b) {
        return (int) a << b;
    }

    /** SRLW, SRLIW; SRL, SRLI of RV32. */
    public static long srlw(long a, int b) {
        return (int) a >>> b;
    }

    /** SRAW, SRAIW; SRA, SRAI of RV32. */
    public static long sraw(long a, int b) {
        return (int) a >> b;
    }

    // ---- M ------------------------------------------------------------------------------------------------------

    /** MUL. */
    public static long mul(long a, long b) {
        return a * b;
    }

    /** MULH: the upper half of signed times signed. */
    public static long mulh(long a, long b) {
        return Math.multiplyHigh(a, b);
    }

    /** MULHSU: the upper half of signed times unsigned. */
    public static long mulhsu(long a, long b) {
        // As a signed factor b is 2^64 less where its first bit is set.
        return Math.multiplyHigh(a, b) + (a & b >> 63);
    }

    /** MULHU: the upper half of unsigned times unsigned. */
    public static long mulhu(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b);
    }

    /** DIV: -1 when dividing by zero; overflow gives the dividend, as Java has it. */
    public static long div(long a, long b) {
        return b == 0 ? -1 : a / b;
    }

    /** DIVU: all ones when dividing by zero. */
    public static long divu(long a, long b) {
        return b == 0 ? -1 : Long.divideUnsigned(a, b);
    }

    /** REM: the dividend when dividing by zero; 0 on overflow, as Java has it. */
    public static long rem(long a, long b) {
        return b == 0 ? a : a % b;
    }

    /** REMU: the dividend when dividing by zero. */
    public static long remu(long a, long b) {
        return b == 0 ? a : Long.remainderUnsigned(a, b);
    }

    /** MULW; MUL of RV32. */
    public static long mulw(long a, long b) {
        return (int) (a * b);
    }

    /** MULH of RV32. */
    public static long mulhw(long a, long b) {
        return a * b >> 32;
    }

    /** MULHSU of RV32. */
    public static long mulhsuw(long a, long b) {
        return a * (b & 0xffff_ffffL) >> 32;
    }

    /** MULHU of RV32. */
    public static long mulhuw(long a, long b) {
        return (a & 0xffff_ffffL) * (b & 0xffff_ffffL) >> 32;
    }

    /** DIVW; DIV of RV32. */
    public static long divw(long a, long b) {
        return (int) b == 0 ? -1 : (int) a / (int) b;
    }

    /** DIVUW; DIVU of RV32. */
    public static long divuw(long a, long b) {
        return (int) b == 0 ? -1 : Integer.divideUnsigned((int) a, (int) b);
    }

    /** REMW; REM of RV32. */
    public static long remw(long a, long b) {
        return (int) b == 0 ? (int) a : (int) a % (int) b;
    }

    /** REMUW; REMU of RV32. */
    public static long remuw(long a, long b) {
        return (int) b == 0 ? (int) a : Integer.remainderUnsigned((int) a, (int) b);
    }

    // ---- A: what an AMO stores, from memory and rs2; for 32 bits both are sign-extended, which keeps either order ---

    /** AMOSWAP. */
    public static long second(long memory, long register) {
        return register;
    }

    /** AMOMIN. */
    public static long min(long memory, long register) {
        return Math.min(memory, register);
    }

    /** AMOMAX. */
    public static long max(long memory, long register) {
        return Math.max(memory, register);
    }

    /** AMOMINU. */
    public static long minu(long memory, long register) {
        return Long.compareUnsigned(memory, register) < 0 ? memory : register;
    }

    /** AMOMAXU. */
    public static long maxu(long memory, long register) {
        return Long.compareUnsigned(memory, register) > 0 ? memory : register;
    }

    /**
     * {@return what an AMO stores}
     *
     * @param op one of {@link Op#AMOSWAP_W} to {@link Op#AMOMAXU_W} or of {@link Op#AMOSWAP_D} to {@link Op#AMOMAXU_D}
     * @param memory the value in memory, sign-extended
     * @param register the value of rs2; of AMOs of 32 bits, its low half sign-extended
     */
    public static long amo(int op, long memory, long register) {
        return switch (op) {
            case Op.AMOSWAP_W, Op.AMOSWAP_D -> second(memory, register);
            case Op.AMOADD_W, Op.AMOADD_D -> add(memory, register);
            case Op.AMOXOR_W, Op.AMOXOR_D -> xor(memory, register);
            case Op.AMOAND_W, Op.AMOAND_D -> and(memory, register);
            case Op.AMOOR_W, Op.AMOOR_D -> or(memory, register);
            case Op.AMOMIN_W, Op.AMOMIN_D -> min(memory, register);
            case Op.AMOMAX_W, Op.AMOMAX_D -> max(memory, register);
            case Op.AMOMINU_W, Op.AMOMINU_D -> minu(memory, register);
            case Op.AMOMAXU_W, Op.AMOMAXU_D -> maxu(memory, register);
            default -> throw new IllegalStateException("not an AMO: " + op);
        };
    }

    // ---- branches -----------------------------------------------------------------------------------------------

    /** BEQ. */
    public static boolean equal(long a, long b) {
        return a == b;
    }

    /** BNE. */
    public static boolean notEqual(long a, long b) {
        return a != b;
    }

    /** BLT. */
    public static boolean less(long a, long b) {
        return a < b;
    }

    /** BGE. */
    public static boolean notLess(long a, long b) {
        return a >= b;
    }

    /** BLTU. */
    public static boolean lessUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) < 0;
    }

    /** BGEU. */
    public static boolean notLessUnsigned(long a, long b) {
        return Long.compareUnsigned(a, b) >= 0;
    }
}
