package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import java.util.function.LongSupplier;

/**
 * CSRs, traps, and the instructions that concern them (privileged architecture, chapter 12; unprivileged ISA, chapter 6).
 * The time CSR is the machine's mtime. There is no M-mode, no misa, no cycle CSR, no ASID, as on semu.
 */
@SuppressWarnings({"IntLongMath", "NarrowCalculation"}) // RV32 computes modulo 2^32.
final class SystemInstructions {

    private static final int SSTATUS_WRITABLE =
            HartState.SIE | HartState.SPIE | HartState.SPP | HartState.SUM | HartState.MXR;
    private static final int INTERRUPTS =
            1 << Cause.SUPERVISOR_SOFTWARE | 1 << Cause.SUPERVISOR_TIMER | 1 << Cause.SUPERVISOR_EXTERNAL;
    private static final int SSIP = 1 << Cause.SUPERVISOR_SOFTWARE;
    private static final int SATP_WRITABLE = 0x803f_ffff;

    private final HartState state;
    private final Mmu mmu;
    private final Trap trap;
    private final Hart hart;
    private final EnvironmentCall environment;
    private final LongSupplier mtime;
    private final TrapLoop trapLoop;

    SystemInstructions(
            HartState state, Mmu mmu, Trap trap, Hart hart, EnvironmentCall environment, LongSupplier mtime) {
        this.state = state;
        this.mmu = mmu;
        this.trap = trap;
        this.hart = hart;
        this.environment = environment;
        this.mtime = mtime;
        this.trapLoop = new TrapLoop(state);
    }

    TrapLoop trapLoop() {
        return trapLoop;
    }

    /** Executes a system instruction at {@code state.pc} and moves the program counter. */
    void execute(long word) throws Trap {
        hart.syncTime();
        switch (Decoded.op(word)) {
            case Op.CSRRW -> accessCsr(word, state.x[Decoded.rs1(word)], true);
            case Op.CSRRS, Op.CSRRC -> accessCsr(word, state.x[Decoded.rs1(word)], Decoded.rs1(word) != 0);
            case Op.CSRRWI -> accessCsr(word, Decoded.rs1(word), true);
            case Op.CSRRSI, Op.CSRRCI -> accessCsr(word, Decoded.rs1(word), Decoded.rs1(word) != 0);
            case Op.ECALL -> {
                if (state.privilege == Privilege.USER) {
                    throw trap.with(Cause.ECALL_FROM_USER, 0);
                }
                environment.call(hart);
            }
            case Op.EBREAK -> throw trap.with(Cause.BREAKPOINT, state.pc);
            case Op.SRET -> {
                requireSupervisor(word);
                returnFromTrap();
                return;
            }
            case Op.WFI -> {
                requireSupervisor(word);
                state.waiting = true;
            }
            case Op.SFENCE_VMA -> {
                requireSupervisor(word);
                if (Decoded.rs1(word) == 0) {
                    mmu.flush();
                } else {
                    mmu.flush(state.x[Decoded.rs1(word)]);
                }
            }
            case Op.FENCE_I -> {
                // Written code pages drop their blocks at once; there is nothing left to do.
            }
            default -> throw trap.with(Cause.ILLEGAL_INSTRUCTION, Decoded.immediate(word));
        }
        state.pc = (int) state.pc + 4;
    }

    private void requireSupervisor(long word) throws Trap {
        if (state.privilege != Privilege.SUPERVISOR) {
            throw illegal(word);
        }
    }

    /** {@return the illegal-instruction exception of a legal encoding, with its bits rebuilt for stval} */
    private Trap illegal(long word) {
        int rd = Decoded.rd(word) & 31;
        int fields = rd << 7 | Decoded.rs1(word) << 15;
        int encoding = switch (Decoded.op(word)) {
            case Op.SRET -> 0x1020_0073;
            case Op.WFI -> 0x1050_0073;
            case Op.SFENCE_VMA -> 0x1200_0073 | Decoded.rs1(word) << 15 | Decoded.rs2(word) << 20;
            case Op.CSRRW -> 0x1073 | fields | Decoded.immediate(word) << 20;
            case Op.CSRRS -> 0x2073 | fields | Decoded.immediate(word) << 20;
            case Op.CSRRC -> 0x3073 | fields | Decoded.immediate(word) << 20;
            case Op.CSRRWI -> 0x5073 | fields | Decoded.immediate(word) << 20;
            case Op.CSRRSI -> 0x6073 | fields | Decoded.immediate(word) << 20;
            case Op.CSRRCI -> 0x7073 | fields | Decoded.immediate(word) << 20;
            default -> 0;
        };
        return trap.with(Cause.ILLEGAL_INSTRUCTION, encoding);
    }

    // ---- CSRs ---------------------------------------------------------------------------------------------------

    private void accessCsr(long word, long operand, boolean write) throws Trap {
        int csr = Decoded.immediate(word) & 0xfff;
        boolean closed =
                state.privilege == Privilege.USER && Csr.isCounter(csr) && (state.scounteren >>> (csr & 31) & 1) == 0;
        if (closed || !Csr.isAccessible(csr, state.privilege) || write && Csr.isReadOnly(csr)) {
            throw illegal(word);
        }
        long old = read(csr, word);
        if (write) {
            write(
                    csr,
                    switch (Decoded.op(word)) {
                        case Op.CSRRS, Op.CSRRSI -> old | operand;
                        case Op.CSRRC, Op.CSRRCI -> old & ~operand;
                        default -> operand;
                    });
        }
        state.x[Decoded.rd(word)] = old;
    }

    private long read(int csr, long word) throws Trap {
        return switch (csr) {
            case Csr.SSTATUS -> state.sstatus;
            case Csr.SIE -> state.sie;
            case Csr.STVEC -> state.stvec;
            case Csr.SCOUNTEREN -> state.scounteren;
            case Csr.SSCRATCH -> state.sscratch;
            case Csr.SEPC -> state.sepc;
            case Csr.SCAUSE -> state.scause;
            case Csr.STVAL -> state.stval;
            case Csr.SIP -> state.sip;
            case Csr.SATP -> state.satp;
            case Csr.TIME -> (int) mtime.getAsLong();
            case Csr.TIMEH -> (int) (mtime.getAsLong() >>> 32);
            case Csr.INSTRET -> (int) state.instret();
            case Csr.INSTRETH -> (int) (state.instret() >>> 32);
            default -> throw illegal(word);
        };
    }

    private void write(int csr, long wide) {
        int value = (int) wide;
        switch (csr) {
            case Csr.SSTATUS -> setStatus(value & SSTATUS_WRITABLE);
            case Csr.SIE -> state.sie = value & INTERRUPTS;
            case Csr.STVEC -> state.stvec = value & ~2;
            case Csr.SCOUNTEREN -> state.scounteren = value;
            case Csr.SSCRATCH -> state.sscratch = value;
            case Csr.SEPC -> state.sepc = value & ~3;
            case Csr.SCAUSE -> state.scause = value;
            case Csr.STVAL -> state.stval = value;
            case Csr.SIP -> state.sip = state.sip & ~SSIP | value & SSIP;
            case Csr.SATP -> {
                state.satp = value & SATP_WRITABLE;
                mmu.flush();
            }
            default ->
                throw new IllegalStateException("CSR 0x" + Integer.toHexString(csr) + " can be read but not written");
        }
    }

    private void setStatus(int value) {
        int changed = state.sstatus ^ value;
        state.sstatus = value;
        if ((changed & HartState.MXR) != 0) {
            mmu.flush();
        }
        if ((changed & HartState.SUM) != 0) {
            mmu.modeChanged();
        }
    }

    // ---- traps --------------------------------------------------------------------------------------------------

    /** {@return whether an interrupt is pending that the hart has enabled one by one; WFI ends then (12.1.3, 3.3.3)} */
    boolean interruptPending() {
        return (state.sip & state.sie) != 0;
    }

    /** Takes the interrupt of highest priority, if one is pending and the mode lets it through. */
    void takeInterrupt() {
        int pending = state.sip & state.sie;
        if (pending == 0 || state.privilege == Privilege.SUPERVISOR && (state.sstatus & HartState.SIE) == 0) {
            return;
        }
        int cause;
        if ((pending & 1 << Cause.SUPERVISOR_EXTERNAL) != 0) {
            cause = Cause.SUPERVISOR_EXTERNAL;
        } else if ((pending & 1 << Cause.SUPERVISOR_SOFTWARE) != 0) {
            cause = Cause.SUPERVISOR_SOFTWARE;
        } else {
            cause = Cause.SUPERVISOR_TIMER;
        }
        boolean vectored = (state.stvec & 1) != 0;
        enter(Integer.MIN_VALUE | cause, 0, vectored ? 4 * cause : 0);
    }

    /** Takes an exception at {@code state.pc}. */
    void enterTrap(int cause, long value) {
        enter(cause, value, 0);
        trapLoop.entered();
    }

    private void enter(int scause, long value, int vector) {
        state.scause = scause;
        state.sepc = state.pc;
        state.stval = (int) value;
        int status = state.sstatus & ~(HartState.SIE | HartState.SPIE | HartState.SPP);
        if ((state.sstatus & HartState.SIE) != 0) {
            status |= HartState.SPIE;
        }
        if (state.privilege == Privilege.SUPERVISOR) {
            status |= HartState.SPP;
        }
        state.sstatus = status;
        state.privilege = Privilege.SUPERVISOR;
        state.reservation = -1;
        state.pc = (int) (state.stvec & ~3) + vector;
        mmu.modeChanged();
    }

    private void returnFromTrap() {
        int status = state.sstatus & ~(HartState.SIE | HartState.SPP) | HartState.SPIE;
        if ((state.sstatus & HartState.SPIE) != 0) {
            status |= HartState.SIE;
        }
        state.privilege = (state.sstatus & HartState.SPP) != 0 ? Privilege.SUPERVISOR : Privilege.USER;
        state.sstatus = status;
        state.reservation = -1;
        state.pc = state.sepc;
        mmu.modeChanged();
    }
}
