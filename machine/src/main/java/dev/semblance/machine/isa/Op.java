package dev.semblance.machine.isa;

/**
 * Numbers of what instructions do, dense from 0 so that a {@code switch} over them is a jump table. {@link InstructionSet}
 * says which encodings do it. A number means one thing on every hart: what RV32 calls ADD is {@link #ADDW}, since registers
 * of 32 bits are kept sign-extended to 64.
 *
 * <p>The order is that in which an execution core tells them apart: atomics, floating point, what ends a block.
 */
public final class Op {
    // Computational, on all bits of a register
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
    // Computational, on 32 bits: what RV64 calls ADDW and RV32 calls ADD
    public static final int ADDIW = 21;
    public static final int SLLIW = 22;
    public static final int SRLIW = 23;
    public static final int SRAIW = 24;
    public static final int ADDW = 25;
    public static final int SUBW = 26;
    public static final int SLLW = 27;
    public static final int SRLW = 28;
    public static final int SRAW = 29;
    // Memory
    public static final int LB = 30;
    public static final int LH = 31;
    public static final int LW = 32;
    public static final int LD = 33;
    public static final int LBU = 34;
    public static final int LHU = 35;
    public static final int LWU = 36;
    public static final int SB = 37;
    public static final int SH = 38;
    public static final int SW = 39;
    public static final int SD = 40;
    public static final int FENCE = 41;
    // M
    public static final int MUL = 42;
    public static final int MULH = 43;
    public static final int MULHSU = 44;
    public static final int MULHU = 45;
    public static final int DIV = 46;
    public static final int DIVU = 47;
    public static final int REM = 48;
    public static final int REMU = 49;
    public static final int MULW = 50;
    public static final int DIVW = 51;
    public static final int DIVUW = 52;
    public static final int REMW = 53;
    public static final int REMUW = 54;
    public static final int MULHW = 55;
    public static final int MULHSUW = 56;
    public static final int MULHUW = 57;
    // F and D, memory
    public static final int FLW = 58;
    public static final int FLD = 59;
    public static final int FSW = 60;
    public static final int FSD = 61;
    // A
    public static final int LR_W = 62;
    public static final int SC_W = 63;
    public static final int AMOSWAP_W = 64;
    public static final int AMOADD_W = 65;
    public static final int AMOXOR_W = 66;
    public static final int AMOAND_W = 67;
    public static final int AMOOR_W = 68;
    public static final int AMOMIN_W = 69;
    public static final int AMOMAX_W = 70;
    public static final int AMOMINU_W = 71;
    public static final int AMOMAXU_W = 72;
    public static final int LR_D = 73;
    public static final int SC_D = 74;
    public static final int AMOSWAP_D = 75;
    public static final int AMOADD_D = 76;
    public static final int AMOXOR_D = 77;
    public static final int AMOAND_D = 78;
    public static final int AMOOR_D = 79;
    public static final int AMOMIN_D = 80;
    public static final int AMOMAX_D = 81;
    public static final int AMOMINU_D = 82;
    public static final int AMOMAXU_D = 83;
    // F
    public static final int FMADD_S = 84;
    public static final int FMSUB_S = 85;
    public static final int FNMSUB_S = 86;
    public static final int FNMADD_S = 87;
    public static final int FADD_S = 88;
    public static final int FSUB_S = 89;
    public static final int FMUL_S = 90;
    public static final int FDIV_S = 91;
    public static final int FSQRT_S = 92;
    public static final int FSGNJ_S = 93;
    public static final int FSGNJN_S = 94;
    public static final int FSGNJX_S = 95;
    public static final int FMIN_S = 96;
    public static final int FMAX_S = 97;
    public static final int FCVT_W_S = 98;
    public static final int FCVT_WU_S = 99;
    public static final int FCVT_L_S = 100;
    public static final int FCVT_LU_S = 101;
    public static final int FMV_X_W = 102;
    public static final int FEQ_S = 103;
    public static final int FLT_S = 104;
    public static final int FLE_S = 105;
    public static final int FCLASS_S = 106;
    public static final int FCVT_S_W = 107;
    public static final int FCVT_S_WU = 108;
    public static final int FCVT_S_L = 109;
    public static final int FCVT_S_LU = 110;
    public static final int FMV_W_X = 111;
    // D
    public static final int FMADD_D = 112;
    public static final int FMSUB_D = 113;
    public static final int FNMSUB_D = 114;
    public static final int FNMADD_D = 115;
    public static final int FADD_D = 116;
    public static final int FSUB_D = 117;
    public static final int FMUL_D = 118;
    public static final int FDIV_D = 119;
    public static final int FSQRT_D = 120;
    public static final int FSGNJ_D = 121;
    public static final int FSGNJN_D = 122;
    public static final int FSGNJX_D = 123;
    public static final int FMIN_D = 124;
    public static final int FMAX_D = 125;
    public static final int FCVT_S_D = 126;
    public static final int FCVT_D_S = 127;
    public static final int FCVT_W_D = 128;
    public static final int FCVT_WU_D = 129;
    public static final int FCVT_L_D = 130;
    public static final int FCVT_LU_D = 131;
    public static final int FMV_X_D = 132;
    public static final int FEQ_D = 133;
    public static final int FLT_D = 134;
    public static final int FLE_D = 135;
    public static final int FCLASS_D = 136;
    public static final int FCVT_D_W = 137;
    public static final int FCVT_D_WU = 138;
    public static final int FCVT_D_L = 139;
    public static final int FCVT_D_LU = 140;
    public static final int FMV_D_X = 141;
    // Zicsr, of the floating-point registers fflags, frm and fcsr
    public static final int FCSRRW = 142;
    public static final int FCSRRS = 143;
    public static final int FCSRRC = 144;
    public static final int FCSRRWI = 145;
    public static final int FCSRRSI = 146;
    public static final int FCSRRCI = 147;
    // Control transfer: these and all that follow end a block
    public static final int BEQ = 148;
    public static final int BNE = 149;
    public static final int BLT = 150;
    public static final int BGE = 151;
    public static final int BLTU = 152;
    public static final int BGEU = 153;
    public static final int JAL = 154;
    public static final int JALR = 155;
    // Zifencei, Zicsr, privileged
    public static final int FENCE_I = 156;
    public static final int ECALL = 157;
    public static final int EBREAK = 158;
    public static final int CSRRW = 159;
    public static final int CSRRS = 160;
    public static final int CSRRC = 161;
    public static final int CSRRWI = 162;
    public static final int CSRRSI = 163;
    public static final int CSRRCI = 164;
    public static final int SRET = 165;
    public static final int WFI = 166;
    public static final int SFENCE_VMA = 167;
    /** Any encoding that is no instruction of the set. */
    public static final int ILLEGAL = 168;

    /** The first floating-point instruction that computes; the CSR accesses of the floating-point registers follow, then terminators. */
    private static final int FIRST_FLOAT = FMADD_S;

    /** The first instruction that ends a block. */
    private static final int FIRST_TERMINATOR = BEQ;

    private Op() {}

    /** {@return whether an instruction ends a block: what follows it may not be what is executed next} */
    public static boolean endsBlock(int op) {
        return op >= FIRST_TERMINATOR;
    }

    /** {@return whether an instruction reads or writes LR's, SC's or an AMO's memory} */
    public static boolean isAtomic(int op) {
        return op >= LR_W && op <= AMOMAXU_D;
    }

    /** {@return whether an instruction computes with floating-point registers or accesses their CSRs; loads and stores do not} */
    public static boolean isFloat(int op) {
        return op >= FIRST_FLOAT && op < FIRST_TERMINATOR;
    }
}
