package dev.semblance.machine.isa;

import dev.semblance.machine.profile.Isa;
import java.util.HexFormat;

/** Writes instructions the way assembly does, with ABI register names. For people: logs, dumps, failing tests. */
public final class Disassembler {

    private static final String[] REGISTERS = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", //
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"
    };

    private static final String[] FLOAT_REGISTERS = {
        "ft0", "ft1", "ft2", "ft3", "ft4", "ft5", "ft6", "ft7", "fs0", "fs1", "fa0", "fa1", "fa2", "fa3", "fa4",
                "fa5", //
        "fa6", "fa7", "fs2", "fs3", "fs4", "fs5", "fs6", "fs7", "fs8", "fs9", "fs10", "fs11", "ft8", "ft9", "ft10",
                "ft11"
    };

    private static final String[] ROUNDING = {"rne", "rtz", "rdn", "rup", "rmm", "unknown", "unknown", ""};

    private static final int SYSTEM = 0x73;

    private Disassembler() {}

    /** {@return whether an encoding is an access to a control and status register (Zicsr)} */
    public static boolean isCsrAccess(int bits) {
        return (bits & 0x7f) == SYSTEM && (bits >>> 12 & 3) != 0;
    }

    /** {@return what an access to a CSR does and to which, with the pseudoinstruction where there is one, such as csrw mie} */
    public static String csrAccess(int bits) {
        boolean reads = (bits >>> 7 & 31) != 0;
        boolean writes = (bits >>> 15 & 31) != 0;
        String mnemonic = switch (bits >>> 12 & 3) {
            case 1 -> reads ? "csrrw" : "csrw";
            case 2 -> writes ? reads ? "csrrs" : "csrs" : "csrr";
            default -> writes ? reads ? "csrrc" : "csrc" : "csrr";
        };
        boolean immediate = (bits >>> 14 & 1) != 0 && !mnemonic.equals("csrr");
        return mnemonic + (immediate ? "i " : " ") + CsrNames.of(bits >>> 20);
    }

    /** {@return the ABI name of register {@code x}} */
    public static String register(int x) {
        return REGISTERS[x];
    }

    /** {@return the ABI name of floating-point register {@code f}} */
    public static String floatRegister(int f) {
        return FLOAT_REGISTERS[f];
    }

    /**
     * {@return the assembly text of an instruction of 16 or 32 bits} One of 16 bits is written as what it does, with {@code c.} before
     * it.
     *
     * @param instructions what the hart has
     * @param bits the instruction
     * @param pc where it stands, from which jump targets are computed
     */
    public static String disassemble(InstructionSet instructions, int bits, long pc) {
        boolean isLong = instructions.isLong(bits);
        int encoding = instructions.expand(bits);
        Instruction instruction = instructions.find(encoding);
        if (instruction.op() == Op.ILLEGAL) {
            HexFormat hex = HexFormat.of();
            return isLong ? ".word 0x" + hex.toHexDigits(bits) : ".half 0x" + hex.toHexDigits((short) bits);
        }
        String operands = operands(instructions.isa(), instruction, encoding, pc);
        String mnemonic = (isLong ? "" : "c.") + instruction.mnemonic();
        return operands.isEmpty() ? mnemonic : mnemonic + " " + operands;
    }

    private static String operands(Isa isa, Instruction instruction, int bits, long pc) {
        String rd = REGISTERS[bits >>> 7 & 31];
        String rs1 = REGISTERS[bits >>> 15 & 31];
        String rs2 = REGISTERS[bits >>> 20 & 31];
        String frd = FLOAT_REGISTERS[bits >>> 7 & 31];
        String frs1 = FLOAT_REGISTERS[bits >>> 15 & 31];
        String frs2 = FLOAT_REGISTERS[bits >>> 20 & 31];
        int immediate = instruction.format().immediate(bits);
        return switch (instruction.format()) {
            case R -> rd + ", " + rs1 + ", " + rs2;
            case I, SHIFT, SHIFT_64 -> rd + ", " + rs1 + ", " + immediate;
            case LOAD -> rd + ", " + immediate + "(" + rs1 + ")";
            case S -> rs2 + ", " + immediate + "(" + rs1 + ")";
            case B -> rs1 + ", " + rs2 + ", " + address(isa, pc + immediate);
            case U -> rd + ", 0x" + Integer.toHexString(immediate >>> 12);
            case J -> rd + ", " + address(isa, pc + immediate);
            case CSR -> rd + ", 0x" + Integer.toHexString(immediate) + ", " + rs1;
            case CSR_IMMEDIATE -> rd + ", 0x" + Integer.toHexString(immediate) + ", " + (bits >>> 15 & 31);
            case AMO -> rd + ", " + rs2 + ", (" + rs1 + ")";
            case LOAD_RESERVED -> rd + ", (" + rs1 + ")";
            case FENCE_VMA -> rs1 + ", " + rs2;
            case FLOAT_LOAD -> frd + ", " + immediate + "(" + rs1 + ")";
            case FLOAT_S -> frs2 + ", " + immediate + "(" + rs1 + ")";
            case FLOAT_R4 -> frd + ", " + frs1 + ", " + frs2 + ", " + FLOAT_REGISTERS[bits >>> 27] + rounding(bits);
            case FLOAT_R_ROUNDED -> frd + ", " + frs1 + ", " + frs2 + rounding(bits);
            case FLOAT_R -> frd + ", " + frs1 + ", " + frs2;
            case FLOAT_UNARY_ROUNDED -> frd + ", " + frs1 + rounding(bits);
            case FLOAT_COMPARE -> rd + ", " + frs1 + ", " + frs2;
            case FLOAT_TO_INTEGER_ROUNDED -> rd + ", " + frs1 + rounding(bits);
            case FLOAT_TO_INTEGER -> rd + ", " + frs1;
            case INTEGER_TO_FLOAT_ROUNDED -> frd + ", " + rs1 + rounding(bits);
            case INTEGER_TO_FLOAT -> frd + ", " + rs1;
            case NONE -> "";
        };
    }

    /** {@return the rounding mode as a last operand; the dynamic one is not written} */
    private static String rounding(int bits) {
        String mode = ROUNDING[bits >>> 12 & 7];
        return mode.isEmpty() ? "" : ", " + mode;
    }

    private static String address(Isa isa, long address) {
        return "0x" + (isa.is64() ? Long.toHexString(address) : Integer.toHexString((int) address));
    }
}
