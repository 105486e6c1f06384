package dev.semblance.machine.cpu;

import dev.semblance.machine.profile.Isa;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Which control and status registers a hart has beside those of floating point, and what they read as. */
final class ControlRegisters {

    /** sstatus.UXL: U-mode has 64 bits too. */
    private static final long UXL_64 = 2L << 32;

    private static final int FFLAGS = 1;
    private static final int FCSR = 3;

    private final HartState state;
    private final Isa isa;
    private final LongSupplier mtime;

    ControlRegisters(HartState state, LongSupplier mtime) {
        this.state = state;
        this.isa = state.isa;
        this.mtime = mtime;
    }

    /** {@return the numbers of all of a hart, those of floating point among them, in order} */
    static IntStream all(Isa isa) {
        return IntStream.range(0, 1 << 12).filter(csr -> exists(isa, csr) || isOfFloat(isa, csr));
    }

    /** {@return whether a register is one of floating point, which a hart has} */
    static boolean isOfFloat(Isa isa, int csr) {
        return isa.hasFloat() && csr >= FFLAGS && csr <= FCSR;
    }

    /** {@return whether a hart has a register, which is none of floating point} */
    static boolean exists(Isa isa, int csr) {
        return switch (csr) {
            case Csr.SSTATUS,
                    Csr.SIE,
                    Csr.STVEC,
                    Csr.SCOUNTEREN,
                    Csr.SSCRATCH,
                    Csr.SEPC,
                    Csr.SCAUSE,
                    Csr.STVAL,
                    Csr.SIP,
                    Csr.SATP,
                    Csr.TIME,
                    Csr.INSTRET -> true;
            case Csr.CYCLE -> isa.hasCycleCounter();
            // The upper halves of counters, which only a hart of 32 bits has to be asked for.
            case Csr.CYCLEH -> isa.hasCycleCounter() && !isa.is64();
            case Csr.TIMEH, Csr.INSTRETH -> !isa.is64();
            default -> false;
        };
    }

    /** {@return what a register reads as that {@link #exists}} */
    long read(int csr) {
        return switch (csr) {
            case Csr.SSTATUS -> status();
            case Csr.SIE -> state.sie;
            case Csr.STVEC -> state.stvec;
            case Csr.SCOUNTEREN -> isa.is64() ? state.scounteren & 0xffff_ffffL : state.scounteren;
            case Csr.SSCRATCH -> state.sscratch;
            case Csr.SEPC -> state.sepc;
            case Csr.SCAUSE -> state.scause;
            case Csr.STVAL -> state.stval;
            case Csr.SIP -> state.sip;
            case Csr.SATP -> state.satp;
            case Csr.CYCLE -> isa.canonical(state.cycle);
            case Csr.TIME -> isa.canonical(mtime.getAsLong());
            case Csr.INSTRET -> isa.canonical(state.instret());
            case Csr.CYCLEH -> state.cycle >> 32;
            case Csr.TIMEH -> mtime.getAsLong() >> 32;
            case Csr.INSTRETH -> state.instret() >> 32;
            default -> throw new IllegalStateException("CSR 0x" + Integer.toHexString(csr) + " is not there");
        };
    }

    /** {@return sstatus with what follows from other fields: UXL, and SD, which says that FS is Dirty} */
    private long status() {
        long status = state.sstatus;
        if (isa.is64()) {
            status |= UXL_64;
        }
        boolean dirty = (status & HartState.FS) == HartState.FS;
        return dirty ? status | (isa.is64() ? Long.MIN_VALUE : Integer.MIN_VALUE) : status;
    }
}
