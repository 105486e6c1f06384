package dev.semblance.machine.cpu;

/** Addresses of the control and status registers that the hart has (privileged architecture, table 3). */
final class Csr {
    static final int SSTATUS = 0x100;
    static final int SIE = 0x104;
    static final int STVEC = 0x105;
    static final int SCOUNTEREN = 0x106;
    static final int SSCRATCH = 0x140;
    static final int SEPC = 0x141;
    static final int SCAUSE = 0x142;
    static final int STVAL = 0x143;
    static final int SIP = 0x144;
    static final int SATP = 0x180;
    static final int CYCLE = 0xc00;
    static final int TIME = 0xc01;
    static final int INSTRET = 0xc02;
    static final int CYCLEH = 0xc80;
    static final int TIMEH = 0xc81;
    static final int INSTRETH = 0xc82;

    private Csr() {}

    /** {@return whether an address lies where registers are read-only: its top two bits are set} */
    static boolean isReadOnly(int csr) {
        return csr >>> 10 == 3;
    }

    /** {@return whether an address is open to a mode: bits 9:8 name the lowest privilege that may touch it} */
    static boolean isAccessible(int csr, Privilege privilege) {
        return (csr >>> 8 & 3) <= privilege.level();
    }

    /** {@return whether an address is a counter's, whose low five bits number its bit in scounteren} */
    static boolean isCounter(int csr) {
        return (csr & 0xf60) == 0xc00;
    }
}
