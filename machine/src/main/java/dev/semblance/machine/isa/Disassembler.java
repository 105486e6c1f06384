package dev.semblance.machine.isa;

import java.util.HexFormat;

/** Writes instructions the way assembly does, with ABI register names. For people: logs, dumps, failing tests. */
public final class Disassembler {

    private static final String[] REGISTERS = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5", //
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"
    };

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

    /**
     * {@return the assembly text of an encoding}
     *
     * @param pc where it stands, from which jump targets are computed
     */
    public static String disassemble(int bits, long pc) {
        Instruction instruction = InstructionSet.find(bits);
        if (instruction.op() == Op.ILLEGAL) {
            return ".word 0x" + HexFormat.of().toHexDigits(bits);
        }
        String rd = REGISTERS[bits >>> 7 & 31];
        String rs1 = REGISTERS[bits >>> 15 & 31];
        String rs2 = REGISTERS[bits >>> 20 & 31];
        int immediate = instruction.format().immediate(bits);
        String target = "0x" + Integer.toHexString((int) pc + immediate);
        String operands = switch (instruction.format()) {
            case R -> rd + ", " + rs1 + ", " + rs2;
            case I, SHIFT -> rd + ", " + rs1 + ", " + immediate;
            case LOAD -> rd + ", " + immediate + "(" + rs1 + ")";
            case S -> rs2 + ", " + immediate + "(" + rs1 + ")";
            case B -> rs1 + ", " + rs2 + ", " + target;
            case U -> rd + ", 0x" + Integer.toHexString(immediate >>> 12);
            case J -> rd + ", " + target;
            case CSR -> rd + ", 0x" + Integer.toHexString(immediate) + ", " + rs1;
            case CSR_IMMEDIATE -> rd + ", 0x" + Integer.toHexString(immediate) + ", " + (bits >>> 15 & 31);
            case AMO -> rd + ", " + rs2 + ", (" + rs1 + ")";
            case LOAD_RESERVED -> rd + ", (" + rs1 + ")";
            case FENCE_VMA -> rs1 + ", " + rs2;
            case NONE -> "";
        };
        return operands.isEmpty() ? instruction.mnemonic() : instruction.mnemonic() + " " + operands;
    }
}
