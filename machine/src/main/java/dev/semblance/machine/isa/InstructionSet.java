package dev.semblance.machine.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * The instruction table: RV32IMA with Zicsr, Zifencei and the supervisor instructions (RISC-V unprivileged ISA 20240411,
 * privileged architecture 20240411). Decoder, disassembler and block builder all read this one table; what an
 * instruction does beyond moving operands stands in {@link Semantics}.
 */
public final class InstructionSet {

    private static final int OPCODE = 0x0000_007f;
    private static final int FUNCT3 = 0x0000_707f;
    private static final int FUNCT7 = 0xfe00_707f;
    private static final int FUNCT5 = 0xf800_707f;
    private static final int LR = 0xf9f0_707f;
    private static final int ALL = 0xffff_ffff;
    private static final int SFENCE = 0xfe00_7fff;

    private static final List<Instruction> TABLE = List.of(
            row(Op.LUI, "lui", OPCODE, 0x37, Format.U),
            row(Op.AUIPC, "auipc", OPCODE, 0x17, Format.U),
            row(Op.ADDI, "addi", FUNCT3, 0x0013, Format.I),
            row(Op.SLTI, "slti", FUNCT3, 0x2013, Format.I),
            row(Op.SLTIU, "sltiu", FUNCT3, 0x3013, Format.I),
            row(Op.XORI, "xori", FUNCT3, 0x4013, Format.I),
            row(Op.ORI, "ori", FUNCT3, 0x6013, Format.I),
            row(Op.ANDI, "andi", FUNCT3, 0x7013, Format.I),
            row(Op.SLLI, "slli", FUNCT7, 0x0000_1013, Format.SHIFT),
            row(Op.SRLI, "srli", FUNCT7, 0x0000_5013, Format.SHIFT),
            row(Op.SRAI, "srai", FUNCT7, 0x4000_5013, Format.SHIFT),
            row(Op.ADD, "add", FUNCT7, 0x0000_0033, Format.R),
            row(Op.SUB, "sub", FUNCT7, 0x4000_0033, Format.R),
            row(Op.SLL, "sll", FUNCT7, 0x0000_1033, Format.R),
            row(Op.SLT, "slt", FUNCT7, 0x0000_2033, Format.R),
            row(Op.SLTU, "sltu", FUNCT7, 0x0000_3033, Format.R),
            row(Op.XOR, "xor", FUNCT7, 0x0000_4033, Format.R),
            row(Op.SRL, "srl", FUNCT7, 0x0000_5033, Format.R),
            row(Op.SRA, "sra", FUNCT7, 0x4000_5033, Format.R),
            row(Op.OR, "or", FUNCT7, 0x0000_6033, Format.R),
            row(Op.AND, "and", FUNCT7, 0x0000_7033, Format.R),
            row(Op.LB, "lb", FUNCT3, 0x0003, Format.LOAD),
            row(Op.LH, "lh", FUNCT3, 0x1003, Format.LOAD),
            row(Op.LW, "lw", FUNCT3, 0x2003, Format.LOAD),
            row(Op.LBU, "lbu", FUNCT3, 0x4003, Format.LOAD),
            row(Op.LHU, "lhu", FUNCT3, 0x5003, Format.LOAD),
            row(Op.SB, "sb", FUNCT3, 0x0023, Format.S),
            row(Op.SH, "sh", FUNCT3, 0x1023, Format.S),
            row(Op.SW, "sw", FUNCT3, 0x2023, Format.S),
            row(Op.FENCE, "fence", FUNCT3, 0x000f, Format.NONE),
            row(Op.MUL, "mul", FUNCT7, 0x0200_0033, Format.R),
            row(Op.MULH, "mulh", FUNCT7, 0x0200_1033, Format.R),
            row(Op.MULHSU, "mulhsu", FUNCT7, 0x0200_2033, Format.R),
            row(Op.MULHU, "mulhu", FUNCT7, 0x0200_3033, Format.R),
            row(Op.DIV, "div", FUNCT7, 0x0200_4033, Format.R),
            row(Op.DIVU, "divu", FUNCT7, 0x0200_5033, Format.R),
            row(Op.REM, "rem", FUNCT7, 0x0200_6033, Format.R),
            row(Op.REMU, "remu", FUNCT7, 0x0200_7033, Format.R),
            row(Op.LR_W, "lr.w", LR, 0x1000_202f, Format.LOAD_RESERVED),
            row(Op.SC_W, "sc.w", FUNCT5, 0x1800_202f, Format.AMO),
            row(Op.AMOSWAP_W, "amoswap.w", FUNCT5, 0x0800_202f, Format.AMO),
            row(Op.AMOADD_W, "amoadd.w", FUNCT5, 0x0000_202f, Format.AMO),
            row(Op.AMOXOR_W, "amoxor.w", FUNCT5, 0x2000_202f, Format.AMO),
            row(Op.AMOAND_W, "amoand.w", FUNCT5, 0x6000_202f, Format.AMO),
            row(Op.AMOOR_W, "amoor.w", FUNCT5, 0x4000_202f, Format.AMO),
            row(Op.AMOMIN_W, "amomin.w", FUNCT5, 0x8000_202f, Format.AMO),
            row(Op.AMOMAX_W, "amomax.w", FUNCT5, 0xa000_202f, Format.AMO),
            row(Op.AMOMINU_W, "amominu.w", FUNCT5, 0xc000_202f, Format.AMO),
            row(Op.AMOMAXU_W, "amomaxu.w", FUNCT5, 0xe000_202f, Format.AMO),
            row(Op.BEQ, "beq", FUNCT3, 0x0063, Format.B),
            row(Op.BNE, "bne", FUNCT3, 0x1063, Format.B),
            row(Op.BLT, "blt", FUNCT3, 0x4063, Format.B),
            row(Op.BGE, "bge", FUNCT3, 0x5063, Format.B),
            row(Op.BLTU, "bltu", FUNCT3, 0x6063, Format.B),
            row(Op.BGEU, "bgeu", FUNCT3, 0x7063, Format.B),
            row(Op.JAL, "jal", OPCODE, 0x6f, Format.J),
            row(Op.JALR, "jalr", FUNCT3, 0x0067, Format.LOAD),
            row(Op.FENCE_I, "fence.i", FUNCT3, 0x100f, Format.NONE),
            row(Op.ECALL, "ecall", ALL, 0x0000_0073, Format.NONE),
            row(Op.EBREAK, "ebreak", ALL, 0x0010_0073, Format.NONE),
            row(Op.CSRRW, "csrrw", FUNCT3, 0x1073, Format.CSR),
            row(Op.CSRRS, "csrrs", FUNCT3, 0x2073, Format.CSR),
            row(Op.CSRRC, "csrrc", FUNCT3, 0x3073, Format.CSR),
            row(Op.CSRRWI, "csrrwi", FUNCT3, 0x5073, Format.CSR_IMMEDIATE),
            row(Op.CSRRSI, "csrrsi", FUNCT3, 0x6073, Format.CSR_IMMEDIATE),
            row(Op.CSRRCI, "csrrci", FUNCT3, 0x7073, Format.CSR_IMMEDIATE),
            row(Op.SRET, "sret", ALL, 0x1020_0073, Format.NONE),
            row(Op.WFI, "wfi", ALL, 0x1050_0073, Format.NONE),
            row(Op.SFENCE_VMA, "sfence.vma", SFENCE, 0x1200_0073, Format.FENCE_VMA),
            row(Op.ILLEGAL, "illegal", 0, 0, Format.NONE));

    private static final Instruction[][] BY_OPCODE_AND_FUNCT3 = index();

    private InstructionSet() {}

    private static Instruction row(int op, String mnemonic, int mask, int match, Format format) {
        return new Instruction(op, mnemonic, mask, match, format);
    }

    private static Instruction[][] index() {
        Instruction[][] index = new Instruction[32 * 8][];
        for (int slot = 0; slot < index.length; slot++) {
            int bits = slot >>> 3 << 2 | 3 | (slot & 7) << 12;
            List<Instruction> candidates = new ArrayList<>();
            for (Instruction row : TABLE) {
                if (((bits ^ row.match()) & row.mask() & FUNCT3) == 0) {
                    candidates.add(row);
                }
            }
            index[slot] = candidates.toArray(Instruction[]::new);
        }
        return index;
    }

    /** {@return the table; the place of a row is its {@link Instruction#op()}} The last row stands for every illegal encoding. */
    public static List<Instruction> all() {
        return TABLE;
    }

    /** {@return the instruction that 32 bits encode; the {@link Op#ILLEGAL} row for those that encode none} */
    public static Instruction find(int bits) {
        if ((bits & 3) == 3) {
            for (Instruction candidate : BY_OPCODE_AND_FUNCT3[(bits >>> 2 & 0x1f) << 3 | bits >>> 12 & 7]) {
                if (candidate.matches(bits)) {
                    return candidate;
                }
            }
        }
        return TABLE.get(Op.ILLEGAL);
    }
}
