package dev.semblance.machine.fp;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/**
 * The control and status register fcsr (RISC-V unprivileged ISA, 20.2): the accrued exception flags, which stay set until
 * the guest clears them, and the dynamic rounding mode.
 */
public final class FloatStatus implements Stateful {
    /** Inexact. */
    public static final int NX = 1;
    /** Underflow. */
    public static final int UF = 2;
    /** Overflow. */
    public static final int OF = 4;
    /** Divide by zero. */
    public static final int DZ = 8;
    /** Invalid operation. */
    public static final int NV = 16;

    /** The number of the CSR fflags. */
    public static final int CSR_FFLAGS = 1;
    /** The number of the CSR frm. */
    public static final int CSR_FRM = 2;
    /** The number of the CSR fcsr. */
    public static final int CSR_FCSR = 3;

    private static final int ALL_FLAGS = 0x1f;
    private static final int FRM = 7;
    private static final int FRM_SHIFT = 5;

    /** Any of {@link #NX} to {@link #NV}. */
    int flags;

    private int frm;

    /** {@return fflags, any of {@link #NX} to {@link #NV}} */
    public int flags() {
        return flags;
    }

    /**
     * Writes fflags.
     *
     * @param value of which the low 5 bits count
     */
    public void setFlags(int value) {
        flags = value & ALL_FLAGS;
    }

    /** {@return frm, 0 to 7: a guest may write reserved modes too} */
    public int frm() {
        return frm;
    }

    /**
     * Writes frm.
     *
     * @param value of which the low 3 bits count
     */
    public void setFrm(int value) {
        frm = value & FRM;
    }

    /** {@return fcsr: frm in the bits 7 to 5, fflags below} */
    public int fcsr() {
        return frm << FRM_SHIFT | flags;
    }

    /**
     * Writes fcsr.
     *
     * @param value of which the low 8 bits count
     */
    public void setFcsr(int value) {
        setFlags(value);
        setFrm(value >>> FRM_SHIFT);
    }

    /**
     * {@return what one of the three CSRs holds}
     *
     * @param csr {@link #CSR_FFLAGS}, {@link #CSR_FRM} or {@link #CSR_FCSR}
     */
    public int get(int csr) {
        return switch (csr) {
            case CSR_FFLAGS -> flags;
            case CSR_FRM -> frm;
            default -> fcsr();
        };
    }

    /**
     * Writes one of the three CSRs.
     *
     * @param csr {@link #CSR_FFLAGS}, {@link #CSR_FRM} or {@link #CSR_FCSR}
     * @param value of which as many low bits count as it has
     */
    public void set(int csr, int value) {
        switch (csr) {
            case CSR_FFLAGS -> setFlags(value);
            case CSR_FRM -> setFrm(value);
            default -> setFcsr(value);
        }
    }

    @Override
    public void state(StateExchange s) {
        flags = s.digested(flags, 0, ALL_FLAGS);
        frm = s.digested(frm, 0, FRM);
    }
}
