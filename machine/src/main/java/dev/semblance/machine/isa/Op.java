package dev.semblance.machine.isa;

/**
 * Numbers of the instructions, dense from 0 so that a {@code switch} over them is a jump table. The number is an
 * instruction's place in {@link InstructionSet#all()}, which says everything else about it.
 */
public final class Op {
    // RV32I, computational
    public static final int LUI = 0;
    public static final int AUIPC = 1;
    public static final int ADDI = 2;
    public static final int SLTI = 3;
    public static final int SLTIU = 4;
    public static final int XORI = 5;
    public static final int ORI = 6;
    public static final int ANDI = 7;
    public static final int SLLI = 8;
    public static final int SRLI = 9;
    public static final int SRAI = 10;
    public static final int ADD = 11;
    public static final int SUB = 12;
    public static final int SLL = 13;
    public static final int SLT = 14;
    public static final int SLTU = 15;
    public static final int XOR = 16;
    public static final int SRL = 17;
    public static final int SRA = 18;
    public static final int OR = 19;
    public static final int AND = 20;
    // RV32I, memory
    public static final int LB = 21;
    public static final int LH = 22;
    public static final int LW = 23;
    public static final int LBU = 24;
    public static final int LHU = 25;
    public static final int SB = 26;
    public static final int SH = 27;
    public static final int SW = 28;
    public static final int FENCE = 29;
    // RV32M
    public static final int MUL = 30;
    public static final int MULH = 31;
    public static final int MULHSU = 32;
    public static final int MULHU = 33;
    public static final int DIV = 34;
    public static final int DIVU = 35;
    public static final int REM = 36;
    public static final int REMU = 37;
    // RV32A
    public static final int LR_W = 38;
    public static final int SC_W = 39;
    public static final int AMOSWAP_W = 40;
    public static final int AMOADD_W = 41;
    public static final int AMOXOR_W = 42;
    public static final int AMOAND_W = 43;
    public static final int AMOOR_W = 44;
    public static final int AMOMIN_W = 45;
    public static final int AMOMAX_W = 46;
    public static final int AMOMINU_W = 47;
    public static final int AMOMAXU_W = 48;
    // RV32I, control transfer: these and all that follow end a block
    public static final int BEQ = 49;
    public static final int BNE = 50;
    public static final int BLT = 51;
    public static final int BGE = 52;
    public static final int BLTU = 53;
    public static final int BGEU = 54;
    public static final int JAL = 55;
    public static final int JALR = 56;
    // Zifencei, Zicsr, privileged
    public static final int FENCE_I = 57;
    public static final int ECALL = 58;
    public static final int EBREAK = 59;
    public static final int CSRRW = 60;
    public static final int CSRRS = 61;
    public static final int CSRRC = 62;
    public static final int CSRRWI = 63;
    public static final int CSRRSI = 64;
    public static final int CSRRCI = 65;
    public static final int SRET = 66;
    public static final int WFI = 67;
    public static final int SFENCE_VMA = 68;
    /** Any encoding that is no instruction of the set; the immediate is the encoding itself. */
    public static final int ILLEGAL = 69;

    /** The first instruction that ends a block. */
    static final int FIRST_TERMINATOR = BEQ;

    private Op() {}

    /** {@return whether an instruction ends a block: what follows it may not be what is executed next} */
    public static boolean endsBlock(int op) {
        return op >= FIRST_TERMINATOR;
    }
}
