package dev.semblance.machine.isa;

/**
 * Composes encodings from the tables of the RISC-V unprivileged ISA (chapter 35, RV32/64G instruction set listings) and
 * shares nothing with the decoder that it is there to test.
 */
public final class Encoder {

    private Encoder() {}

    /**
     * Encodes one instruction; operands that it does not have are ignored.
     *
     * @param immediate as the instruction sees it; for lui and auipc the 20 bits themselves, for CSR instructions the
     *     register's address, with {@code rs1} holding a 5-bit immediate
     */
    public static int encode(String mnemonic, int rd, int rs1, int rs2, int immediate) {
        return switch (mnemonic) {
            case "lui" -> u(0x37, rd, immediate);
            case "auipc" -> u(0x17, rd, immediate);
            case "jal" -> j(rd, immediate);
            case "jalr" -> i(0x67, 0, rd, rs1, immediate);
            case "beq" -> b(0, rs1, rs2, immediate);
            case "bne" -> b(1, rs1, rs2, immediate);
            case "blt" -> b(4, rs1, rs2, immediate);
            case "bge" -> b(5, rs1, rs2, immediate);
            case "bltu" -> b(6, rs1, rs2, immediate);
            case "bgeu" -> b(7, rs1, rs2, immediate);
            case "lb" -> i(0x03, 0, rd, rs1, immediate);
            case "lh" -> i(0x03, 1, rd, rs1, immediate);
            case "lw" -> i(0x03, 2, rd, rs1, immediate);
            case "lbu" -> i(0x03, 4, rd, rs1, immediate);
            case "lhu" -> i(0x03, 5, rd, rs1, immediate);
            case "sb" -> s(0, rs1, rs2, immediate);
            case "sh" -> s(1, rs1, rs2, immediate);
            case "sw" -> s(2, rs1, rs2, immediate);
            case "addi" -> i(0x13, 0, rd, rs1, immediate);
            case "slti" -> i(0x13, 2, rd, rs1, immediate);
            case "sltiu" -> i(0x13, 3, rd, rs1, immediate);
            case "xori" -> i(0x13, 4, rd, rs1, immediate);
            case "ori" -> i(0x13, 6, rd, rs1, immediate);
            case "andi" -> i(0x13, 7, rd, rs1, immediate);
            case "slli" -> r(0x13, 1, 0x00, rd, rs1, immediate);
            case "srli" -> r(0x13, 5, 0x00, rd, rs1, immediate);
            case "srai" -> r(0x13, 5, 0x20, rd, rs1, immediate);
            case "add" -> r(0x33, 0, 0x00, rd, rs1, rs2);
            case "sub" -> r(0x33, 0, 0x20, rd, rs1, rs2);
            case "sll" -> r(0x33, 1, 0x00, rd, rs1, rs2);
            case "slt" -> r(0x33, 2, 0x00, rd, rs1, rs2);
            case "sltu" -> r(0x33, 3, 0x00, rd, rs1, rs2);
            case "xor" -> r(0x33, 4, 0x00, rd, rs1, rs2);
            case "srl" -> r(0x33, 5, 0x00, rd, rs1, rs2);
            case "sra" -> r(0x33, 5, 0x20, rd, rs1, rs2);
            case "or" -> r(0x33, 6, 0x00, rd, rs1, rs2);
            case "and" -> r(0x33, 7, 0x00, rd, rs1, rs2);
            case "mul" -> r(0x33, 0, 0x01, rd, rs1, rs2);
            case "mulh" -> r(0x33, 1, 0x01, rd, rs1, rs2);
            case "mulhsu" -> r(0x33, 2, 0x01, rd, rs1, rs2);
            case "mulhu" -> r(0x33, 3, 0x01, rd, rs1, rs2);
            case "div" -> r(0x33, 4, 0x01, rd, rs1, rs2);
            case "divu" -> r(0x33, 5, 0x01, rd, rs1, rs2);
            case "rem" -> r(0x33, 6, 0x01, rd, rs1, rs2);
            case "remu" -> r(0x33, 7, 0x01, rd, rs1, rs2);
            case "ld" -> i(0x03, 3, rd, rs1, immediate);
            case "lwu" -> i(0x03, 6, rd, rs1, immediate);
            case "sd" -> s(3, rs1, rs2, immediate);
            case "addiw" -> i(0x1b, 0, rd, rs1, immediate);
            case "addw" -> r(0x3b, 0, 0x00, rd, rs1, rs2);
            case "subw" -> r(0x3b, 0, 0x20, rd, rs1, rs2);
            case "sllw" -> r(0x3b, 1, 0x00, rd, rs1, rs2);
            case "srlw" -> r(0x3b, 5, 0x00, rd, rs1, rs2);
            case "sraw" -> r(0x3b, 5, 0x20, rd, rs1, rs2);
            case "mulw" -> r(0x3b, 0, 0x01, rd, rs1, rs2);
            case "divw" -> r(0x3b, 4, 0x01, rd, rs1, rs2);
            case "remuw" -> r(0x3b, 7, 0x01, rd, rs1, rs2);
            case "flw" -> i(0x07, 2, rd, rs1, immediate);
            case "fld" -> i(0x07, 3, rd, rs1, immediate);
            case "fsw" -> s(2, rs1, rs2, immediate) | 0x04;
            case "fsd" -> s(3, rs1, rs2, immediate) | 0x04;
            case "fadd.s" -> r(0x53, 7, 0x00, rd, rs1, rs2);
            case "fadd.d" -> r(0x53, 7, 0x01, rd, rs1, rs2);
            case "fmul.d" -> r(0x53, 7, 0x09, rd, rs1, rs2);
            case "fdiv.d" -> r(0x53, 7, 0x0d, rd, rs1, rs2);
            case "fsgnj.d" -> r(0x53, 0, 0x11, rd, rs1, rs2);
            case "feq.d" -> r(0x53, 2, 0x51, rd, rs1, rs2);
            case "flt.d" -> r(0x53, 1, 0x51, rd, rs1, rs2);
            case "fcvt.d.l" -> r(0x53, 7, 0x69, rd, rs1, 2);
            case "fcvt.d.w" -> r(0x53, 0, 0x69, rd, rs1, 0);
            case "fcvt.l.d" -> r(0x53, 7, 0x61, rd, rs1, 2);
            case "fcvt.w.d" -> r(0x53, 7, 0x61, rd, rs1, 0);
            case "fmv.d.x" -> r(0x53, 0, 0x79, rd, rs1, 0);
            case "fmv.x.d" -> r(0x53, 0, 0x71, rd, rs1, 0);
            case "fclass.d" -> r(0x53, 1, 0x71, rd, rs1, 0);
            case "lr.d" -> r(0x2f, 3, 0x02 << 2, rd, rs1, 0);
            case "sc.d" -> r(0x2f, 3, 0x03 << 2, rd, rs1, rs2);
            case "amoswap.d" -> r(0x2f, 3, 0x01 << 2, rd, rs1, rs2);
            case "amoadd.d" -> r(0x2f, 3, 0x00 << 2, rd, rs1, rs2);
            case "amoxor.d" -> r(0x2f, 3, 0x04 << 2, rd, rs1, rs2);
            case "amoand.d" -> r(0x2f, 3, 0x0c << 2, rd, rs1, rs2);
            case "amoor.d" -> r(0x2f, 3, 0x08 << 2, rd, rs1, rs2);
            case "amomin.d" -> r(0x2f, 3, 0x10 << 2, rd, rs1, rs2);
            case "amomax.d" -> r(0x2f, 3, 0x14 << 2, rd, rs1, rs2);
            case "amominu.d" -> r(0x2f, 3, 0x18 << 2, rd, rs1, rs2);
            case "amomaxu.d" -> r(0x2f, 3, 0x1c << 2, rd, rs1, rs2);
            case "lr.w" -> r(0x2f, 2, 0x02 << 2, rd, rs1, 0);
            case "sc.w" -> r(0x2f, 2, 0x03 << 2, rd, rs1, rs2);
            case "amoswap.w" -> r(0x2f, 2, 0x01 << 2, rd, rs1, rs2);
            case "amoadd.w" -> r(0x2f, 2, 0x00 << 2, rd, rs1, rs2);
            case "amoxor.w" -> r(0x2f, 2, 0x04 << 2, rd, rs1, rs2);
            case "amoand.w" -> r(0x2f, 2, 0x0c << 2, rd, rs1, rs2);
            case "amoor.w" -> r(0x2f, 2, 0x08 << 2, rd, rs1, rs2);
            case "amomin.w" -> r(0x2f, 2, 0x10 << 2, rd, rs1, rs2);
            case "amomax.w" -> r(0x2f, 2, 0x14 << 2, rd, rs1, rs2);
            case "amominu.w" -> r(0x2f, 2, 0x18 << 2, rd, rs1, rs2);
            case "amomaxu.w" -> r(0x2f, 2, 0x1c << 2, rd, rs1, rs2);
            case "fence" -> 0x0ff0_000f;
            case "fence.i" -> 0x0000_100f;
            case "ecall" -> 0x0000_0073;
            case "ebreak" -> 0x0010_0073;
            case "sret" -> 0x1020_0073;
            case "wfi" -> 0x1050_0073;
            case "sfence.vma" -> r(0x73, 0, 0x09, 0, rs1, rs2);
            case "csrrw" -> i(0x73, 1, rd, rs1, immediate);
            case "csrrs" -> i(0x73, 2, rd, rs1, immediate);
            case "csrrc" -> i(0x73, 3, rd, rs1, immediate);
            case "csrrwi" -> i(0x73, 5, rd, rs1, immediate);
            case "csrrsi" -> i(0x73, 6, rd, rs1, immediate);
            case "csrrci" -> i(0x73, 7, rd, rs1, immediate);
            default -> throw new IllegalArgumentException("no instruction is called " + mnemonic);
        };
    }

    private static int r(int opcode, int funct3, int funct7, int rd, int rs1, int rs2) {
        return funct7 << 25 | (rs2 & 31) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int i(int opcode, int funct3, int rd, int rs1, int immediate) {
        return (immediate & 0xfff) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
    }

    private static int s(int funct3, int rs1, int rs2, int immediate) {
        return slice(immediate, 11, 5) << 25
                | rs2 << 20
                | rs1 << 15
                | funct3 << 12
                | slice(immediate, 4, 0) << 7
                | 0x23;
    }

    private static int b(int funct3, int rs1, int rs2, int immediate) {
        return slice(immediate, 12, 12) << 31
                | slice(immediate, 10, 5) << 25
                | rs2 << 20
                | rs1 << 15
                | funct3 << 12
                | slice(immediate, 4, 1) << 8
                | slice(immediate, 11, 11) << 7
                | 0x63;
    }

    private static int u(int opcode, int rd, int immediate) {
        return immediate << 12 | rd << 7 | opcode;
    }

    private static int j(int rd, int immediate) {
        return slice(immediate, 20, 20) << 31
                | slice(immediate, 10, 1) << 21
                | slice(immediate, 11, 11) << 20
                | slice(immediate, 19, 12) << 12
                | rd << 7
                | 0x6f;
    }

    /** Returns the bits {@code high} to {@code low} of a value, as the manual writes imm[high:low]. */
    private static int slice(int value, int high, int low) {
        return value >>> low & (1 << high - low + 1) - 1;
    }
}
