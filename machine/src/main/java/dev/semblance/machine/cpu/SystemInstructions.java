package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.isa.Op;
import dev.semblance.machine.profile.Isa;

/**
 * CSRs, traps, and the instructions that concern them (privileged architecture, chapter 12; unprivileged ISA, chapter 6).
 * The time CSR is the machine's mtime. There is no M-mode, no misa, no ASID; whether there is a cycle CSR is the hart's
 * ({@link Isa#hasCycleCounter}).
 */
final class SystemInstructions {

    private static final long STATUS_WRITABLE =
            HartState.SIE | HartState.SPIE | HartState.SPP | HartState.SUM | HartState.MXR;
    static final long INTERRUPTS =
            1 << Cause.SUPERVISOR_SOFTWARE | 1 << Cause.SUPERVISOR_TIMER | 1 << Cause.SUPERVISOR_EXTERNAL;
    private static final long SSIP = 1 << Cause.SUPERVISOR_SOFTWARE;

    /** On 32 bits, MODE and a page number of 22 bits; ASID has no bits. */
    private static final int SATP_WRITABLE_32 = 0x803f_ffff;

    /** On 64 bits, a page number of 44 bits. */
    private static final long SATP_PPN_64 = 0xfff_ffff_ffffL;

    private static final int SATP_MODE_SHIFT = 60;

    private final HartState state;
    private final Isa isa;
    private final long statusWritable;
    private final InstructionFetch fetch;
    private final Mmu mmu;
    private final Trap trap;
    private final Hart hart;
    private final EnvironmentCall environment;
    private final ControlRegisters registers;
    private final TrapLoop trapLoop;
    private final IllegalInstructions illegal;

    SystemInstructions(
            HartState state,
            InstructionFetch fetch,
            Mmu mmu,
            Trap trap,
            Hart hart,
            EnvironmentCall environment,
            ControlRegisters registers) {
        this.state = state;
        this.isa = state.isa;
        this.statusWritable = isa.hasFloat() ? STATUS_WRITABLE | HartState.FS : STATUS_WRITABLE;
        this.fetch = fetch;
        this.mmu = mmu;
        this.trap = trap;
        this.hart = hart;
        this.environment = environment;
        this.registers = registers;
        this.trapLoop = new TrapLoop(state);
        this.illegal = new IllegalInstructions(isa);
    }

    TrapLoop trapLoop() {
        return trapLoop;
    }

    IllegalInstructions illegalInstructions() {
        return illegal;
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
                requireSupervisor();
                returnFromTrap();
                return;
            }
            case Op.WFI -> {
                requireSupervisor();
                state.waiting = true;
            }
            case Op.SFENCE_VMA -> {
                requireSupervisor();
                if (Decoded.rs1(word) == 0) {
                    mmu.flush();
                } else {
                    mmu.flush(state.x[Decoded.rs1(word)]);
                }
            }
            case Op.FENCE_I -> {
                // Written code pages drop their blocks at once; there is nothing left to do.
            }
            default -> throw illegal();
        }
        state.pc = isa.canonical(state.pc + 4);
    }

    private void requireSupervisor() throws Trap {
        if (state.privilege != Privilege.SUPERVISOR) {
            throw illegal();
        }
    }

    /** {@return the illegal-instruction exception} Its value is found when the trap is entered. */
    private Trap illegal() {
        return trap.with(Cause.ILLEGAL_INSTRUCTION, 0);
    }

    // ---- CSRs ---------------------------------------------------------------------------------------------------

    private void accessCsr(long word, long operand, boolean write) throws Trap {
        int csr = Decoded.immediate(word) & 0xfff;
        boolean closed =
                state.privilege == Privilege.USER && Csr.isCounter(csr) && (state.scounteren >>> (csr & 31) & 1) == 0;
        if (closed
                || !ControlRegisters.exists(isa, csr)
                || !Csr.isAccessible(csr, state.privilege)
                || write && Csr.isReadOnly(csr)) {
            throw illegal();
        }
        long old = registers.read(csr);
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

    private void write(int csr, long written) {
        long value = isa.canonical(written);
        switch (csr) {
            case Csr.SSTATUS -> setStatus(value & statusWritable);
            case Csr.SIE -> state.sie = value & INTERRUPTS;
            case Csr.STVEC -> state.stvec = value & ~2L;
            case Csr.SCOUNTEREN -> state.scounteren = (int) value;
            case Csr.SSCRATCH -> state.sscratch = value;
            case Csr.SEPC -> state.sepc = value & (isa.hasCompressed() ? ~1L : ~3L);
            case Csr.SCAUSE -> state.scause = value;
            case Csr.STVAL -> state.stval = value;
            case Csr.SIP -> state.sip = state.sip & ~SSIP | value & SSIP;
            case Csr.SATP -> setTranslation(value);
            default ->
                throw new IllegalStateException("CSR 0x" + Integer.toHexString(csr) + " can be read but not written");
        }
    }

    /** Writes satp. On 64 bits, a write of a mode that is not there has no effect (privileged architecture, 12.1.11). */
    private void setTranslation(long value) {
        if (!isa.is64()) {
            state.satp = (int) value & SATP_WRITABLE_32;
            mmu.flush();
            return;
        }
        int mode = (int) (value >>> SATP_MODE_SHIFT);
        if (mode == 0 || mode == TranslationScheme.MODE_SV39) {
            state.satp = mode == 0 ? 0 : value & (SATP_PPN_64 | 0xfL << SATP_MODE_SHIFT);
            mmu.flush();
        }
    }

    private void setStatus(long value) {
        long changed = state.sstatus ^ value;
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

    /** Takes the interrupt of highest priority, if one is pending and the mode lets it through. Returns whether it did. */
    boolean takeInterrupt() {
        long pending = state.sip & state.sie;
        if (pending == 0 || state.privilege == Privilege.SUPERVISOR && (state.sstatus & HartState.SIE) == 0) {
            return false;
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
        enter((isa.is64() ? Long.MIN_VALUE : Integer.MIN_VALUE) | cause, 0, vectored ? 4L * cause : 0);
        return true;
    }

    /** Takes an exception at {@code state.pc}, whose cycle is counted already. Of an illegal instruction, stval is its bits. */
    void enterTrap(int cause, long value) {
        if (cause == Cause.ILLEGAL_INSTRUCTION) {
            long bits = fetch.codeAt(state.pc) & 0xffff_ffffL;
            illegal.raised(state.privilege, state.pc, bits, state.cycle - 1);
            enter(cause, bits, 0);
        } else {
            enter(cause, value, 0);
        }
        trapLoop.entered();
    }

    private void enter(long scause, long value, long vector) {
        state.scause = scause;
        state.sepc = state.pc;
        state.stval = isa.canonical(value);
        long status = state.sstatus & ~(HartState.SIE | HartState.SPIE | HartState.SPP);
        if ((state.sstatus & HartState.SIE) != 0) {
            status |= HartState.SPIE;
        }
        if (state.privilege == Privilege.SUPERVISOR) {
            status |= HartState.SPP;
        }
        state.sstatus = status;
        state.privilege = Privilege.SUPERVISOR;
        state.reservation = -1;
        state.pc = isa.canonical((state.stvec & ~3L) + vector);
        mmu.modeChanged();
    }

    private void returnFromTrap() {
        long status = state.sstatus & ~(HartState.SIE | HartState.SPP) | HartState.SPIE;
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
