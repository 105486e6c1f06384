package dev.semblance.machine.isa;

/**
 * Names of control and status registers (privileged architecture, tables 2 to 7): of those that this machine has, and of
 * those that software for other machines asks for: of M mode, vectors, the hypervisor, timers and counters.
 */
public final class CsrNames {

    private CsrNames() {}

    /** {@return a register's name, or its number as hexadecimal digits} */
    public static String of(int csr) {
        return switch (csr) {
            case 0x001 -> "fflags";
            case 0x002 -> "frm";
            case 0x003 -> "fcsr";
            case 0x008 -> "vstart";
            case 0x009 -> "vxsat";
            case 0x00a -> "vxrm";
            case 0x00f -> "vcsr";
            case 0x011 -> "ssp";
            case 0x015 -> "seed";
            case 0x017 -> "jvt";
            case 0x100 -> "sstatus";
            case 0x104 -> "sie";
            case 0x105 -> "stvec";
            case 0x106 -> "scounteren";
            case 0x10a -> "senvcfg";
            case 0x10c -> "sstateen0";
            case 0x140 -> "sscratch";
            case 0x141 -> "sepc";
            case 0x142 -> "scause";
            case 0x143 -> "stval";
            case 0x144 -> "sip";
            case 0x14d -> "stimecmp";
            case 0x150 -> "siselect";
            case 0x151 -> "sireg";
            case 0x15c -> "stopei";
            case 0x15d -> "stimecmph";
            case 0x180 -> "satp";
            case 0x181 -> "srmcfg";
            case 0x200 -> "vsstatus";
            case 0x204 -> "vsie";
            case 0x205 -> "vstvec";
            case 0x240 -> "vsscratch";
            case 0x241 -> "vsepc";
            case 0x242 -> "vscause";
            case 0x243 -> "vstval";
            case 0x244 -> "vsip";
            case 0x280 -> "vsatp";
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
            case 0x34a -> "mtinst";
            case 0x34b -> "mtval2";
            case 0x5a8 -> "scontext";
            case 0x600 -> "hstatus";
            case 0x602 -> "hedeleg";
            case 0x603 -> "hideleg";
            case 0x604 -> "hie";
            case 0x605 -> "htimedelta";
            case 0x606 -> "hcounteren";
            case 0x607 -> "hgeie";
            case 0x60a -> "henvcfg";
            case 0x643 -> "htval";
            case 0x644 -> "hip";
            case 0x645 -> "hvip";
            case 0x64a -> "htinst";
            case 0x680 -> "hgatp";
            case 0x747 -> "mseccfg";
            case 0x7a0 -> "tselect";
            case 0x7b0 -> "dcsr";
            case 0xb00 -> "mcycle";
            case 0xb02 -> "minstret";
            case 0xc00 -> "cycle";
            case 0xc01 -> "time";
            case 0xc02 -> "instret";
            case 0xc20 -> "vl";
            case 0xc21 -> "vtype";
            case 0xc22 -> "vlenb";
            case 0xc80 -> "cycleh";
            case 0xc81 -> "timeh";
            case 0xc82 -> "instreth";
            case 0xda0 -> "scountovf";
            case 0xdb0 -> "stopi";
            case 0xe12 -> "hgeip";
            case 0xf11 -> "mvendorid";
            case 0xf12 -> "marchid";
            case 0xf13 -> "mimpid";
            case 0xf14 -> "mhartid";
            case 0xf15 -> "mconfigptr";
            default ->
                csr >= 0x3a0 && csr < 0x3b0
                        ? "pmpcfg" + (csr - 0x3a0)
                        : csr >= 0x3b0 && csr < 0x3f0 ? "pmpaddr" + (csr - 0x3b0) : counter(csr);
        };
    }

    private static String counter(int csr) {
        return switch (csr & 0xfe0) {
            case 0xb00 -> "mhpmcounter" + (csr & 31);
            case 0xc00 -> "hpmcounter" + (csr & 31);
            case 0xc80 -> "hpmcounter" + (csr & 31) + "h";
            default -> "csr 0x" + Integer.toHexString(csr);
        };
    }
}
