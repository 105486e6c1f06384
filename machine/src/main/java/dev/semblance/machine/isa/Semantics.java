package dev.semblance.machine.isa;

/**
 * What instructions compute where Java's operators alone do not say it (RISC-V unprivileged ISA, chapters 13 and 14),
 * on 32-bit values. Small and static, so that every execution core shares them at no cost.
 */
public final class Semantics {

    private Semantics() {}

    /** MULH: the upper half of signed times signed. */
    public static int mulh(int a, int b) {
        return (int) ((long) a * b >> 32);
    }

    /** MULHSU: the upper half of signed times unsigned. */
    public static int mulhsu(int a, int b) {
        return (int) (a * (b & 0xffff_ffffL) >> 32);
    }

    /** MULHU: the upper half of unsigned times unsigned. */
    public static int mulhu(int a, int b) {
        return (int) ((a & 0xffff_ffffL) * (b & 0xffff_ffffL) >>> 32);
    }

    /** DIV: -1 when dividing by zero; overflow gives the dividend, as Java has it. */
    public static int div(int a, int b) {
        return b == 0 ? -1 : a / b;
    }

    /** DIVU: all ones when dividing by zero. */
    public static int divu(int a, int b) {
        return b == 0 ? -1 : Integer.divideUnsigned(a, b);
    }

    /** REM: the dividend when dividing by zero; 0 on overflow, as Java has it. */
    public static int rem(int a, int b) {
        return b == 0 ? a : a % b;
    }

    /** REMU: the dividend when dividing by zero. */
    public static int remu(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    /**
     * {@return what an AMO stores}
     *
     * @param op one of {@link Op#AMOSWAP_W} to {@link Op#AMOMAXU_W}
     * @param memory the value in memory
     * @param register the value of rs2
     */
    public static int amo(int op, int memory, int register) {
        return switch (op) {
            case Op.AMOSWAP_W -> register;
            case Op.AMOADD_W -> memory + register;
            case Op.AMOXOR_W -> memory ^ register;
            case Op.AMOAND_W -> memory & register;
            case Op.AMOOR_W -> memory | register;
            case Op.AMOMIN_W -> Math.min(memory, register);
            case Op.AMOMAX_W -> Math.max(memory, register);
            case Op.AMOMINU_W -> Integer.compareUnsigned(memory, register) < 0 ? memory : register;
            case Op.AMOMAXU_W -> Integer.compareUnsigned(memory, register) > 0 ? memory : register;
            default -> throw new IllegalStateException("not an AMO: " + op);
        };
    }
}
