package dev.semblance.machine.isa;

import dev.semblance.machine.profile.Isa;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The instruction table: RV32 and RV64 with M, A, F, D, Zicsr, Zifencei and the supervisor instructions (RISC-V unprivileged ISA
 * 20240411, chapter 35; privileged architecture 20240411). Decoder, disassembler, block builder and execution cores all read
 * this one table. Encodings of 16 bits are expanded to those here first: {@link CompressedInstructions}.
 */
public final class InstructionSet {

    private static final int OPCODE = 0x0000_007f;
    private static final int FUNCT3 = 0x0000_707f;
    private static final int FUNCT6 = 0xfc00_707f;
    private static final int FUNCT7 = 0xfe00_707f;
    private static final int FUNCT5 = 0xf800_707f;
    private static final int LR = 0xf9f0_707f;
    private static final int ALL = 0xffff_ffff;
    private static final int SFENCE = 0xfe00_7fff;
    private static final int FUSED = 0x0600_007f;
    private static final int OPCODE_FUNCT7 = 0xfe00_007f;
    private static final int FLOAT_UNARY = 0xfff0_007f;
    private static final int FLOAT_MOVE = 0xfff0_707f;
    private static final int CSR_FFLAGS = 0xfff0_707f;
    private static final int CSR_FRM_FCSR = 0xffe0_707f;

    private static final List<Instruction> TABLE = List.of(
            // RV32I and RV64I: computational
            row(Op.LUI, Scope.BASE, "lui", OPCODE, 0x0037, Format.U, "lui"),
            row(Op.AUIPC, Scope.BASE, "auipc", OPCODE, 0x0017, Format.U, "auipc"),
            row(Op.ADDIW, Scope.RV32, "addi", FUNCT3, 0x0013, Format.I, "addw"),
            row(Op.ADDI, Scope.RV64, "addi", FUNCT3, 0x0013, Format.I, "add"),
            row(Op.SLTI, Scope.BASE, "slti", FUNCT3, 0x2013, Format.I, "slt"),
            row(Op.SLTIU, Scope.BASE, "sltiu", FUNCT3, 0x3013, Format.I, "sltu"),
            row(Op.XORI, Scope.BASE, "xori", FUNCT3, 0x4013, Format.I, "xor"),
            row(Op.ORI, Scope.BASE, "ori", FUNCT3, 0x6013, Format.I, "or"),
            row(Op.ANDI, Scope.BASE, "andi", FUNCT3, 0x7013, Format.I, "and"),
            row(Op.SLLIW, Scope.RV32, "slli", FUNCT7, 0x1013, Format.SHIFT, "sllw"),
            row(Op.SLLI, Scope.RV64, "slli", FUNCT6, 0x1013, Format.SHIFT_64, "sll"),
            row(Op.SRLIW, Scope.RV32, "srli", FUNCT7, 0x5013, Format.SHIFT, "srlw"),
            row(Op.SRLI, Scope.RV64, "srli", FUNCT6, 0x5013, Format.SHIFT_64, "srl"),
            row(Op.SRAIW, Scope.RV32, "srai", FUNCT7, 0x4000_5013, Format.SHIFT, "sraw"),
            row(Op.SRAI, Scope.RV64, "srai", FUNCT6, 0x4000_5013, Format.SHIFT_64, "sra"),
            row(Op.ADDW, Scope.RV32, "add", FUNCT7, 0x0033, Format.R, "addw"),
            row(Op.ADD, Scope.RV64, "add", FUNCT7, 0x0033, Format.R, "add"),
            row(Op.SUBW, Scope.RV32, "sub", FUNCT7, 0x4000_0033, Format.R, "subw"),
            row(Op.SUB, Scope.RV64, "sub", FUNCT7, 0x4000_0033, Format.R, "sub"),
            row(Op.SLLW, Scope.RV32, "sll", FUNCT7, 0x1033, Format.R, "sllw"),
            row(Op.SLL, Scope.RV64, "sll", FUNCT7, 0x1033, Format.R, "sll"),
            row(Op.SLT, Scope.BASE, "slt", FUNCT7, 0x2033, Format.R, "slt"),
            row(Op.SLTU, Scope.BASE, "sltu", FUNCT7, 0x3033, Format.R, "sltu"),
            row(Op.XOR, Scope.BASE, "xor", FUNCT7, 0x4033, Format.R, "xor"),
            row(Op.SRLW, Scope.RV32, "srl", FUNCT7, 0x5033, Format.R, "srlw"),
            row(Op.SRL, Scope.RV64, "srl", FUNCT7, 0x5033, Format.R, "srl"),
            row(Op.SRAW, Scope.RV32, "sra", FUNCT7, 0x4000_5033, Format.R, "sraw"),
            row(Op.SRA, Scope.RV64, "sra", FUNCT7, 0x4000_5033, Format.R, "sra"),
            row(Op.OR, Scope.BASE, "or", FUNCT7, 0x6033, Format.R, "or"),
            row(Op.AND, Scope.BASE, "and", FUNCT7, 0x7033, Format.R, "and"),
            row(Op.ADDIW, Scope.RV64, "addiw", FUNCT3, 0x001b, Format.I, "addw"),
            row(Op.SLLIW, Scope.RV64, "slliw", FUNCT7, 0x101b, Format.SHIFT, "sllw"),
            row(Op.SRLIW, Scope.RV64, "srliw", FUNCT7, 0x501b, Format.SHIFT, "srlw"),
            row(Op.SRAIW, Scope.RV64, "sraiw", FUNCT7, 0x4000_501b, Format.SHIFT, "sraw"),
            row(Op.ADDW, Scope.RV64, "addw", FUNCT7, 0x003b, Format.R, "addw"),
            row(Op.SUBW, Scope.RV64, "subw", FUNCT7, 0x4000_003b, Format.R, "subw"),
            row(Op.SLLW, Scope.RV64, "sllw", FUNCT7, 0x103b, Format.R, "sllw"),
            row(Op.SRLW, Scope.RV64, "srlw", FUNCT7, 0x503b, Format.R, "srlw"),
            row(Op.SRAW, Scope.RV64, "sraw", FUNCT7, 0x4000_503b, Format.R, "sraw"),
            // Memory
            row(Op.LB, Scope.BASE, "lb", FUNCT3, 0x0003, Format.LOAD, ""),
            row(Op.LH, Scope.BASE, "lh", FUNCT3, 0x1003, Format.LOAD, ""),
            row(Op.LW, Scope.BASE, "lw", FUNCT3, 0x2003, Format.LOAD, ""),
            row(Op.LD, Scope.RV64, "ld", FUNCT3, 0x3003, Format.LOAD, ""),
            row(Op.LBU, Scope.BASE, "lbu", FUNCT3, 0x4003, Format.LOAD, ""),
            row(Op.LHU, Scope.BASE, "lhu", FUNCT3, 0x5003, Format.LOAD, ""),
            row(Op.LWU, Scope.RV64, "lwu", FUNCT3, 0x6003, Format.LOAD, ""),
            row(Op.SB, Scope.BASE, "sb", FUNCT3, 0x0023, Format.S, ""),
            row(Op.SH, Scope.BASE, "sh", FUNCT3, 0x1023, Format.S, ""),
            row(Op.SW, Scope.BASE, "sw", FUNCT3, 0x2023, Format.S, ""),
            row(Op.SD, Scope.RV64, "sd", FUNCT3, 0x3023, Format.S, ""),
            row(Op.FENCE, Scope.BASE, "fence", FUNCT3, 0x000f, Format.NONE, ""),
            // M
            row(Op.MULW, Scope.RV32, "mul", FUNCT7, 0x0200_0033, Format.R, "mulw"),
            row(Op.MUL, Scope.RV64, "mul", FUNCT7, 0x0200_0033, Format.R, "mul"),
            row(Op.MULHW, Scope.RV32, "mulh", FUNCT7, 0x0200_1033, Format.R, "mulhw"),
            row(Op.MULH, Scope.RV64, "mulh", FUNCT7, 0x0200_1033, Format.R, "mulh"),
            row(Op.MULHSUW, Scope.RV32, "mulhsu", FUNCT7, 0x0200_2033, Format.R, "mulhsuw"),
            row(Op.MULHSU, Scope.RV64, "mulhsu", FUNCT7, 0x0200_2033, Format.R, "mulhsu"),
            row(Op.MULHUW, Scope.RV32, "mulhu", FUNCT7, 0x0200_3033, Format.R, "mulhuw"),
            row(Op.MULHU, Scope.RV64, "mulhu", FUNCT7, 0x0200_3033, Format.R, "mulhu"),
            row(Op.DIVW, Scope.RV32, "div", FUNCT7, 0x0200_4033, Format.R, "divw"),
            row(Op.DIV, Scope.RV64, "div", FUNCT7, 0x0200_4033, Format.R, "div"),
            row(Op.DIVUW, Scope.RV32, "divu", FUNCT7, 0x0200_5033, Format.R, "divuw"),
            row(Op.DIVU, Scope.RV64, "divu", FUNCT7, 0x0200_5033, Format.R, "divu"),
            row(Op.REMW, Scope.RV32, "rem", FUNCT7, 0x0200_6033, Format.R, "remw"),
            row(Op.REM, Scope.RV64, "rem", FUNCT7, 0x0200_6033, Format.R, "rem"),
            row(Op.REMUW, Scope.RV32, "remu", FUNCT7, 0x0200_7033, Format.R, "remuw"),
            row(Op.REMU, Scope.RV64, "remu", FUNCT7, 0x0200_7033, Format.R, "remu"),
            row(Op.MULW, Scope.RV64, "mulw", FUNCT7, 0x0200_003b, Format.R, "mulw"),
            row(Op.DIVW, Scope.RV64, "divw", FUNCT7, 0x0200_403b, Format.R, "divw"),
            row(Op.DIVUW, Scope.RV64, "divuw", FUNCT7, 0x0200_503b, Format.R, "divuw"),
            row(Op.REMW, Scope.RV64, "remw", FUNCT7, 0x0200_603b, Format.R, "remw"),
            row(Op.REMUW, Scope.RV64, "remuw", FUNCT7, 0x0200_703b, Format.R, "remuw"),
            // A
            row(Op.LR_W, Scope.BASE, "lr.w", LR, 0x1000_202f, Format.LOAD_RESERVED, ""),
            row(Op.SC_W, Scope.BASE, "sc.w", FUNCT5, 0x1800_202f, Format.AMO, ""),
            row(Op.AMOSWAP_W, Scope.BASE, "amoswap.w", FUNCT5, 0x0800_202f, Format.AMO, "second"),
            row(Op.AMOADD_W, Scope.BASE, "amoadd.w", FUNCT5, 0x202f, Format.AMO, "add"),
            row(Op.AMOXOR_W, Scope.BASE, "amoxor.w", FUNCT5, 0x2000_202f, Format.AMO, "xor"),
            row(Op.AMOAND_W, Scope.BASE, "amoand.w", FUNCT5, 0x6000_202f, Format.AMO, "and"),
            row(Op.AMOOR_W, Scope.BASE, "amoor.w", FUNCT5, 0x4000_202f, Format.AMO, "or"),
            row(Op.AMOMIN_W, Scope.BASE, "amomin.w", FUNCT5, 0x8000_202f, Format.AMO, "min"),
            row(Op.AMOMAX_W, Scope.BASE, "amomax.w", FUNCT5, 0xa000_202f, Format.AMO, "max"),
            row(Op.AMOMINU_W, Scope.BASE, "amominu.w", FUNCT5, 0xc000_202f, Format.AMO, "minu"),
            row(Op.AMOMAXU_W, Scope.BASE, "amomaxu.w", FUNCT5, 0xe000_202f, Format.AMO, "maxu"),
            row(Op.LR_D, Scope.RV64, "lr.d", LR, 0x1000_302f, Format.LOAD_RESERVED, ""),
            row(Op.SC_D, Scope.RV64, "sc.d", FUNCT5, 0x1800_302f, Format.AMO, ""),
            row(Op.AMOSWAP_D, Scope.RV64, "amoswap.d", FUNCT5, 0x0800_302f, Format.AMO, "second"),
            row(Op.AMOADD_D, Scope.RV64, "amoadd.d", FUNCT5, 0x302f, Format.AMO, "add"),
            row(Op.AMOXOR_D, Scope.RV64, "amoxor.d", FUNCT5, 0x2000_302f, Format.AMO, "xor"),
            row(Op.AMOAND_D, Scope.RV64, "amoand.d", FUNCT5, 0x6000_302f, Format.AMO, "and"),
            row(Op.AMOOR_D, Scope.RV64, "amoor.d", FUNCT5, 0x4000_302f, Format.AMO, "or"),
            row(Op.AMOMIN_D, Scope.RV64, "amomin.d", FUNCT5, 0x8000_302f, Format.AMO, "min"),
            row(Op.AMOMAX_D, Scope.RV64, "amomax.d", FUNCT5, 0xa000_302f, Format.AMO, "max"),
            row(Op.AMOMINU_D, Scope.RV64, "amominu.d", FUNCT5, 0xc000_302f, Format.AMO, "minu"),
            row(Op.AMOMAXU_D, Scope.RV64, "amomaxu.d", FUNCT5, 0xe000_302f, Format.AMO, "maxu"),
            // F
            row(Op.FLW, Scope.F, "flw", FUNCT3, 0x2007, Format.FLOAT_LOAD, ""),
            row(Op.FSW, Scope.F, "fsw", FUNCT3, 0x2027, Format.FLOAT_S, ""),
            row(Op.FMADD_S, Scope.F, "fmadd.s", FUSED, 0x0043, Format.FLOAT_R4, "fmaddS"),
            row(Op.FMSUB_S, Scope.F, "fmsub.s", FUSED, 0x0047, Format.FLOAT_R4, "fmsubS"),
            row(Op.FNMSUB_S, Scope.F, "fnmsub.s", FUSED, 0x004b, Format.FLOAT_R4, "fnmsubS"),
            row(Op.FNMADD_S, Scope.F, "fnmadd.s", FUSED, 0x004f, Format.FLOAT_R4, "fnmaddS"),
            row(Op.FADD_S, Scope.F, "fadd.s", OPCODE_FUNCT7, 0x0053, Format.FLOAT_R_ROUNDED, "faddS"),
            row(Op.FSUB_S, Scope.F, "fsub.s", OPCODE_FUNCT7, 0x0800_0053, Format.FLOAT_R_ROUNDED, "fsubS"),
            row(Op.FMUL_S, Scope.F, "fmul.s", OPCODE_FUNCT7, 0x1000_0053, Format.FLOAT_R_ROUNDED, "fmulS"),
            row(Op.FDIV_S, Scope.F, "fdiv.s", OPCODE_FUNCT7, 0x1800_0053, Format.FLOAT_R_ROUNDED, "fdivS"),
            row(Op.FSQRT_S, Scope.F, "fsqrt.s", FLOAT_UNARY, 0x5800_0053, Format.FLOAT_UNARY_ROUNDED, "fsqrtS"),
            row(Op.FSGNJ_S, Scope.F, "fsgnj.s", FUNCT7, 0x2000_0053, Format.FLOAT_R, "fsgnjS"),
            row(Op.FSGNJN_S, Scope.F, "fsgnjn.s", FUNCT7, 0x2000_1053, Format.FLOAT_R, "fsgnjnS"),
            row(Op.FSGNJX_S, Scope.F, "fsgnjx.s", FUNCT7, 0x2000_2053, Format.FLOAT_R, "fsgnjxS"),
            row(Op.FMIN_S, Scope.F, "fmin.s", FUNCT7, 0x2800_0053, Format.FLOAT_R, "fminS"),
            row(Op.FMAX_S, Scope.F, "fmax.s", FUNCT7, 0x2800_1053, Format.FLOAT_R, "fmaxS"),
            row(Op.FCVT_W_S, Scope.F, "fcvt.w.s", FLOAT_UNARY, 0xc000_0053, Format.FLOAT_TO_INTEGER_ROUNDED, "fcvtWS"),
            row(
                    Op.FCVT_WU_S,
                    Scope.F,
                    "fcvt.wu.s",
                    FLOAT_UNARY,
                    0xc010_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtWuS"),
            row(
                    Op.FCVT_L_S,
                    Scope.F_RV64,
                    "fcvt.l.s",
                    FLOAT_UNARY,
                    0xc020_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtLS"),
            row(
                    Op.FCVT_LU_S,
                    Scope.F_RV64,
                    "fcvt.lu.s",
                    FLOAT_UNARY,
                    0xc030_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtLuS"),
            row(Op.FMV_X_W, Scope.F, "fmv.x.w", FLOAT_MOVE, 0xe000_0053, Format.FLOAT_TO_INTEGER, "fmvXW"),
            row(Op.FEQ_S, Scope.F, "feq.s", FUNCT7, 0xa000_2053, Format.FLOAT_COMPARE, "feqS"),
            row(Op.FLT_S, Scope.F, "flt.s", FUNCT7, 0xa000_1053, Format.FLOAT_COMPARE, "fltS"),
            row(Op.FLE_S, Scope.F, "fle.s", FUNCT7, 0xa000_0053, Format.FLOAT_COMPARE, "fleS"),
            row(Op.FCLASS_S, Scope.F, "fclass.s", FLOAT_MOVE, 0xe000_1053, Format.FLOAT_TO_INTEGER, "fclassS"),
            row(Op.FCVT_S_W, Scope.F, "fcvt.s.w", FLOAT_UNARY, 0xd000_0053, Format.INTEGER_TO_FLOAT_ROUNDED, "fcvtSW"),
            row(
                    Op.FCVT_S_WU,
                    Scope.F,
                    "fcvt.s.wu",
                    FLOAT_UNARY,
                    0xd010_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtSWu"),
            row(
                    Op.FCVT_S_L,
                    Scope.F_RV64,
                    "fcvt.s.l",
                    FLOAT_UNARY,
                    0xd020_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtSL"),
            row(
                    Op.FCVT_S_LU,
                    Scope.F_RV64,
                    "fcvt.s.lu",
                    FLOAT_UNARY,
                    0xd030_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtSLu"),
            row(Op.FMV_W_X, Scope.F, "fmv.w.x", FLOAT_MOVE, 0xf000_0053, Format.INTEGER_TO_FLOAT, "fmvWX"),
            // D
            row(Op.FLD, Scope.D, "fld", FUNCT3, 0x3007, Format.FLOAT_LOAD, ""),
            row(Op.FSD, Scope.D, "fsd", FUNCT3, 0x3027, Format.FLOAT_S, ""),
            row(Op.FMADD_D, Scope.D, "fmadd.d", FUSED, 0x0200_0043, Format.FLOAT_R4, "fmaddD"),
            row(Op.FMSUB_D, Scope.D, "fmsub.d", FUSED, 0x0200_0047, Format.FLOAT_R4, "fmsubD"),
            row(Op.FNMSUB_D, Scope.D, "fnmsub.d", FUSED, 0x0200_004b, Format.FLOAT_R4, "fnmsubD"),
            row(Op.FNMADD_D, Scope.D, "fnmadd.d", FUSED, 0x0200_004f, Format.FLOAT_R4, "fnmaddD"),
            row(Op.FADD_D, Scope.D, "fadd.d", OPCODE_FUNCT7, 0x0200_0053, Format.FLOAT_R_ROUNDED, "faddD"),
            row(Op.FSUB_D, Scope.D, "fsub.d", OPCODE_FUNCT7, 0x0a00_0053, Format.FLOAT_R_ROUNDED, "fsubD"),
            row(Op.FMUL_D, Scope.D, "fmul.d", OPCODE_FUNCT7, 0x1200_0053, Format.FLOAT_R_ROUNDED, "fmulD"),
            row(Op.FDIV_D, Scope.D, "fdiv.d", OPCODE_FUNCT7, 0x1a00_0053, Format.FLOAT_R_ROUNDED, "fdivD"),
            row(Op.FSQRT_D, Scope.D, "fsqrt.d", FLOAT_UNARY, 0x5a00_0053, Format.FLOAT_UNARY_ROUNDED, "fsqrtD"),
            row(Op.FSGNJ_D, Scope.D, "fsgnj.d", FUNCT7, 0x2200_0053, Format.FLOAT_R, "fsgnjD"),
            row(Op.FSGNJN_D, Scope.D, "fsgnjn.d", FUNCT7, 0x2200_1053, Format.FLOAT_R, "fsgnjnD"),
            row(Op.FSGNJX_D, Scope.D, "fsgnjx.d", FUNCT7, 0x2200_2053, Format.FLOAT_R, "fsgnjxD"),
            row(Op.FMIN_D, Scope.D, "fmin.d", FUNCT7, 0x2a00_0053, Format.FLOAT_R, "fminD"),
            row(Op.FMAX_D, Scope.D, "fmax.d", FUNCT7, 0x2a00_1053, Format.FLOAT_R, "fmaxD"),
            row(Op.FCVT_S_D, Scope.D, "fcvt.s.d", FLOAT_UNARY, 0x4010_0053, Format.FLOAT_UNARY_ROUNDED, "fcvtSD"),
            row(Op.FCVT_D_S, Scope.D, "fcvt.d.s", FLOAT_UNARY, 0x4200_0053, Format.FLOAT_UNARY_ROUNDED, "fcvtDS"),
            row(Op.FCVT_W_D, Scope.D, "fcvt.w.d", FLOAT_UNARY, 0xc200_0053, Format.FLOAT_TO_INTEGER_ROUNDED, "fcvtWD"),
            row(
                    Op.FCVT_WU_D,
                    Scope.D,
                    "fcvt.wu.d",
                    FLOAT_UNARY,
                    0xc210_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtWuD"),
            row(
                    Op.FCVT_L_D,
                    Scope.D_RV64,
                    "fcvt.l.d",
                    FLOAT_UNARY,
                    0xc220_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtLD"),
            row(
                    Op.FCVT_LU_D,
                    Scope.D_RV64,
                    "fcvt.lu.d",
                    FLOAT_UNARY,
                    0xc230_0053,
                    Format.FLOAT_TO_INTEGER_ROUNDED,
                    "fcvtLuD"),
            row(Op.FMV_X_D, Scope.D_RV64, "fmv.x.d", FLOAT_MOVE, 0xe200_0053, Format.FLOAT_TO_INTEGER, "fmvXD"),
            row(Op.FEQ_D, Scope.D, "feq.d", FUNCT7, 0xa200_2053, Format.FLOAT_COMPARE, "feqD"),
            row(Op.FLT_D, Scope.D, "flt.d", FUNCT7, 0xa200_1053, Format.FLOAT_COMPARE, "fltD"),
            row(Op.FLE_D, Scope.D, "fle.d", FUNCT7, 0xa200_0053, Format.FLOAT_COMPARE, "fleD"),
            row(Op.FCLASS_D, Scope.D, "fclass.d", FLOAT_MOVE, 0xe200_1053, Format.FLOAT_TO_INTEGER, "fclassD"),
            row(Op.FCVT_D_W, Scope.D, "fcvt.d.w", FLOAT_UNARY, 0xd200_0053, Format.INTEGER_TO_FLOAT_ROUNDED, "fcvtDW"),
            row(
                    Op.FCVT_D_WU,
                    Scope.D,
                    "fcvt.d.wu",
                    FLOAT_UNARY,
                    0xd210_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtDWu"),
            row(
                    Op.FCVT_D_L,
                    Scope.D_RV64,
                    "fcvt.d.l",
                    FLOAT_UNARY,
                    0xd220_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtDL"),
            row(
                    Op.FCVT_D_LU,
                    Scope.D_RV64,
                    "fcvt.d.lu",
                    FLOAT_UNARY,
                    0xd230_0053,
                    Format.INTEGER_TO_FLOAT_ROUNDED,
                    "fcvtDLu"),
            row(Op.FMV_D_X, Scope.D_RV64, "fmv.d.x", FLOAT_MOVE, 0xf200_0053, Format.INTEGER_TO_FLOAT, "fmvDX"),
            // Zicsr on fflags (1), frm (2) and fcsr (3): before the general ones, since these do not end a block
            row(Op.FCSRRW, Scope.F, "csrrw", CSR_FFLAGS, 0x0010_1073, Format.CSR, ""),
            row(Op.FCSRRW, Scope.F, "csrrw", CSR_FRM_FCSR, 0x0020_1073, Format.CSR, ""),
            row(Op.FCSRRS, Scope.F, "csrrs", CSR_FFLAGS, 0x0010_2073, Format.CSR, ""),
            row(Op.FCSRRS, Scope.F, "csrrs", CSR_FRM_FCSR, 0x0020_2073, Format.CSR, ""),
            row(Op.FCSRRC, Scope.F, "csrrc", CSR_FFLAGS, 0x0010_3073, Format.CSR, ""),
            row(Op.FCSRRC, Scope.F, "csrrc", CSR_FRM_FCSR, 0x0020_3073, Format.CSR, ""),
            row(Op.FCSRRWI, Scope.F, "csrrwi", CSR_FFLAGS, 0x0010_5073, Format.CSR_IMMEDIATE, ""),
            row(Op.FCSRRWI, Scope.F, "csrrwi", CSR_FRM_FCSR, 0x0020_5073, Format.CSR_IMMEDIATE, ""),
            row(Op.FCSRRSI, Scope.F, "csrrsi", CSR_FFLAGS, 0x0010_6073, Format.CSR_IMMEDIATE, ""),
            row(Op.FCSRRSI, Scope.F, "csrrsi", CSR_FRM_FCSR, 0x0020_6073, Format.CSR_IMMEDIATE, ""),
            row(Op.FCSRRCI, Scope.F, "csrrci", CSR_FFLAGS, 0x0010_7073, Format.CSR_IMMEDIATE, ""),
            row(Op.FCSRRCI, Scope.F, "csrrci", CSR_FRM_FCSR, 0x0020_7073, Format.CSR_IMMEDIATE, ""),
            // Control transfer
            row(Op.BEQ, Scope.BASE, "beq", FUNCT3, 0x0063, Format.B, "equal"),
            row(Op.BNE, Scope.BASE, "bne", FUNCT3, 0x1063, Format.B, "notEqual"),
            row(Op.BLT, Scope.BASE, "blt", FUNCT3, 0x4063, Format.B, "less"),
            row(Op.BGE, Scope.BASE, "bge", FUNCT3, 0x5063, Format.B, "notLess"),
            row(Op.BLTU, Scope.BASE, "bltu", FUNCT3, 0x6063, Format.B, "lessUnsigned"),
            row(Op.BGEU, Scope.BASE, "bgeu", FUNCT3, 0x7063, Format.B, "notLessUnsigned"),
            row(Op.JAL, Scope.BASE, "jal", OPCODE, 0x006f, Format.J, ""),
            row(Op.JALR, Scope.BASE, "jalr", FUNCT3, 0x0067, Format.LOAD, ""),
            // Zifencei, Zicsr, privileged
            row(Op.FENCE_I, Scope.BASE, "fence.i", FUNCT3, 0x100f, Format.NONE, ""),
            row(Op.ECALL, Scope.BASE, "ecall", ALL, 0x0073, Format.NONE, ""),
            row(Op.EBREAK, Scope.BASE, "ebreak", ALL, 0x0010_0073, Format.NONE, ""),
            row(Op.CSRRW, Scope.BASE, "csrrw", FUNCT3, 0x1073, Format.CSR, ""),
            row(Op.CSRRS, Scope.BASE, "csrrs", FUNCT3, 0x2073, Format.CSR, ""),
            row(Op.CSRRC, Scope.BASE, "csrrc", FUNCT3, 0x3073, Format.CSR, ""),
            row(Op.CSRRWI, Scope.BASE, "csrrwi", FUNCT3, 0x5073, Format.CSR_IMMEDIATE, ""),
            row(Op.CSRRSI, Scope.BASE, "csrrsi", FUNCT3, 0x6073, Format.CSR_IMMEDIATE, ""),
            row(Op.CSRRCI, Scope.BASE, "csrrci", FUNCT3, 0x7073, Format.CSR_IMMEDIATE, ""),
            row(Op.SRET, Scope.BASE, "sret", ALL, 0x1020_0073, Format.NONE, ""),
            row(Op.WFI, Scope.BASE, "wfi", ALL, 0x1050_0073, Format.NONE, ""),
            row(Op.SFENCE_VMA, Scope.BASE, "sfence.vma", SFENCE, 0x1200_0073, Format.FENCE_VMA, ""),
            row(Op.ILLEGAL, Scope.BASE, "illegal", ALL, 0, Format.NONE, ""));

    private static final Instruction ILLEGAL = TABLE.getLast();
    private static final Map<Isa, InstructionSet> SETS = sets();

    private final Isa isa;
    private final Instruction[][] byOpcodeAndFunct3 = new Instruction[32 * 8][];

    private InstructionSet(Isa isa) {
        this.isa = isa;
        for (int slot = 0; slot < byOpcodeAndFunct3.length; slot++) {
            int bits = slot >>> 3 << 2 | 3 | (slot & 7) << 12;
            List<Instruction> candidates = new ArrayList<>();
            for (Instruction row : TABLE) {
                boolean possible = ((bits ^ row.match()) & row.mask() & FUNCT3) == 0;
                if (possible && row.op() != Op.ILLEGAL && row.scope().includes(isa)) {
                    candidates.add(row);
                }
            }
            byOpcodeAndFunct3[slot] = candidates.toArray(Instruction[]::new);
        }
    }

    private static Map<Isa, InstructionSet> sets() {
        Map<Isa, InstructionSet> sets = new EnumMap<>(Isa.class);
        for (Isa isa : Isa.values()) {
            sets.put(isa, new InstructionSet(isa));
        }
        return sets;
    }

    private static Instruction row(
            int op, Scope scope, String mnemonic, int mask, int match, Format format, String semantics) {
        return new Instruction(op, scope, mnemonic, mask, match, format, semantics);
    }

    /** {@return the instructions that a hart has} */
    public static InstructionSet of(Isa isa) {
        InstructionSet set = SETS.get(isa);
        if (set == null) {
            throw new IllegalStateException("no table for " + isa);
        }
        return set;
    }

    /** {@return the whole table, of all harts} The last row stands for every illegal encoding. */
    public static List<Instruction> all() {
        return TABLE;
    }

    /** {@return what the hart has} */
    public Isa isa() {
        return isa;
    }

    /** {@return the instruction that 32 bits encode; the {@link Op#ILLEGAL} row for those that encode none} */
    public Instruction find(int bits) {
        if ((bits & 3) == 3) {
            for (Instruction candidate : byOpcodeAndFunct3[(bits >>> 2 & 0x1f) << 3 | bits >>> 12 & 7]) {
                if (candidate.matches(bits)) {
                    return candidate;
                }
            }
        }
        return ILLEGAL;
    }

    /**
     * {@return whether an instruction has 32 bits; otherwise it has 16}
     *
     * @param parcel its first 16 bits
     */
    public boolean isLong(int parcel) {
        return !isa.hasCompressed() || (parcel & 3) == 3;
    }

    /** {@return the encoding of 32 bits that does what an instruction does: itself, or of one of 16 bits its expansion; 0 if there is none} */
    public int expand(int bits) {
        return isLong(bits) ? bits : CompressedInstructions.expand(bits & 0xffff, isa.xlen());
    }

    /** {@return an instruction of 16 or 32 bits, packed as {@link Decoded}} */
    public long decode(int bits) {
        int encoding = expand(bits);
        return Decoded.pack(find(encoding), encoding);
    }
}
