package dev.semblance.machine.isa;

/**
 * Names of control and status registers (privileged architecture, tables 2 to 7): of those that this machine has, and of
 * those of M mode that software for other machines begins with.
 */
final class CsrNames {

    private CsrNames() {}

    /** {@return a register's name, or its number as hexadecimal digits} */
    static String of(int csr) {
        return switch (csr) {
            case 0x001 -> "fflags";
            case 0x002 -> "frm";
            case 0x003 -> "fcsr";
            case 0x100 -> "sstatus";
            case 0x104 -> "sie";
            case 0x105 -> "stvec";
            case 0x106 -> "scounteren";
            case 0x10a -> "senvcfg";
            case 0x140 -> "sscratch";
            case 0x141 -> "sepc";
            case 0x142 -> "scause";
            case 0x143 -> "stval";
            case 0x144 -> "sip";
            case 0x14d -> "stimecmp";
            case 0x180 -> "satp";
            case 0x300 -> "mstatus";
            case 0x301 -> "misa";
            case 0x302 -> "medeleg";
            case 0x303 -> "mideleg";
            case 0x304 -> "mie";
            case 0x305 -> "mtvec";
            case 0x306 -> "mcounteren";
            case 0x30a -> "menvcfg";
            case 0x310 -> "mstatush";
            case 0x320 -> "mcountinhibit";
            case 0x340 -> "mscratch";
            case 0x341 -> "mepc";
            case 0x342 -> "mcause";
            case 0x343 -> "mtval";
            case 0x344 -> "mip";
            case 0xb00 -> "mcycle";
            case 0xb02 -> "minstret";
            case 0xc00 -> "cycle";
            case 0xc01 -> "time";
            case 0xc02 -> "instret";
            case 0xc80 -> "cycleh";
            case 0xc81 -> "timeh";
            case 0xc82 -> "instreth";
            case 0xf11 -> "mvendorid";
            case 0xf12 -> "marchid";
            case 0xf13 -> "mimpid";
            case 0xf14 -> "mhartid";
            default ->
                csr >= 0x3a0 && csr < 0x3b0
                        ? "pmpcfg" + (csr - 0x3a0)
                        : csr >= 0x3b0 && csr < 0x3f0 ? "pmpaddr" + (csr - 0x3b0) : "csr 0x" + Integer.toHexString(csr);
        };
    }
}
