package dev.semblance.machine.cpu;

import dev.semblance.machine.fp.FloatStatus;
import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.profile.Isa;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/**
 * What a guest can read of a hart, and nothing else: registers, program counter, supervisor CSRs, counters. Decoded code is
 * rebuilt from it. The translations that the hart keeps are not: they belong to {@link Mmu}, which saves them, and are left out of
 * digests since they follow from the instructions executed since the last flush.
 *
 * <p>Registers and CSRs are 64 bits wide; on RV32 they hold their value sign-extended, so that comparisons need no masking.
 */
public final class HartState implements Stateful {

    /** sstatus.SIE, SPIE, SPP, SUM, MXR. */
    static final int SIE = 1 << 1;

    static final int SPIE = 1 << 5;
    static final int SPP = 1 << 8;
    static final int SUM = 1 << 18;
    static final int MXR = 1 << 19;

    /** Both bits of sstatus.FS: Dirty. */
    static final int FS = 3 << 13;

    private static final long STATUS = SIE | SPIE | SPP | SUM | MXR;

    /** What the hart has. */
    final Isa isa;

    /** x0 to x31, then the slot that takes writes to x0, then unused slots that keep 6-bit indexes inside. */
    final long[] x = new long[Decoded.SLOTS];

    /** f0 to f31, singles NaN-boxed, and unused slots that keep 6-bit indexes inside. All 0 where there is no floating point. */
    final long[] f = new long[Decoded.SLOTS];

    final FloatStatus fcsr = new FloatStatus();

    long pc;
    Privilege privilege = Privilege.SUPERVISOR;

    /** Instructions attempted plus cycles skipped. */
    long cycle;

    /** How many of those cycles retired no instruction: traps and WFI. */
    long unretired;

    /** The hart has executed WFI and no interrupt has become pending since. */
    boolean waiting;

    /** sstatus without the fields that follow from others or never change: SD and UXL. */
    long sstatus;

    long sie;
    long sip;
    long stvec;

    /** Which counters U-mode may read. All are open at the start, as firmware leaves them on a real machine. */
    int scounteren = 7;

    long sscratch;
    long sepc;
    long scause;
    long stval;
    long satp;

    /** Physical address of the word reserved by LR, or -1. Traps, returns from them, any SC and device writes end it. */
    long reservation = -1;

    HartState(Isa isa) {
        this.isa = isa;
    }

    /** {@return what the hart has} */
    public Isa isa() {
        return isa;
    }

    /**
     * {@return register {@code index}, sign-extended}
     *
     * @param index the number of the register, 0 to 31
     */
    public long x(int index) {
        return x[index & 31];
    }

    /**
     * Sets register {@code index}; x0 stays 0.
     *
     * @param index the number of the register, 0 to 31
     * @param value its new value
     */
    public void setX(int index, long value) {
        if ((index & 31) != 0) {
            x[index & 31] = isa.canonical(value);
        }
    }

    /**
     * {@return floating-point register {@code index}, a single in a box of ones; 0 where the hart has none}
     *
     * @param index the number of the register, 0 to 31
     */
    public long f(int index) {
        return f[index & 31];
    }

    /** {@return the program counter} */
    public long pc() {
        return pc;
    }

    /** {@return the privilege mode} */
    public Privilege privilege() {
        return privilege;
    }

    /** {@return whether the hart has executed WFI and waits for an interrupt} */
    public boolean isWaiting() {
        return waiting;
    }

    /** {@return instructions attempted plus cycles skipped by WFI} */
    public long cycle() {
        return cycle;
    }

    /** {@return instructions retired} */
    public long instret() {
        return cycle - unretired;
    }

    /** {@return the physical addresses that a page table can name: 34 bits of Sv32, 56 of Sv39 (privileged architecture, 12.3, 12.4)} */
    private int physicalBits() {
        return isa.is64() ? 56 : 34;
    }

    /**
     * The slots of {@link #x} behind x31 are left out: what is written there is never read. CSRs are as wide as those of the hart.
     */
    @Override
    public void state(StateExchange s) {
        s.part("HART", 1);
        for (int i = 1; i < 32; i++) {
            x[i] = register(s, x[i]);
        }
        pc = aligned(s, register(s, pc));
        privilege = s.digested(privilege, Privilege.ALL, Privilege::level);
        cycle = s.digested(cycle);
        unretired = s.digested(unretired);
        s.require(unretired >= 0 && unretired <= cycle, "its counters contradict each other");
        waiting = s.digested(waiting);
        sstatus = csr(s, sstatus);
        s.require((sstatus & ~(isa.hasFloat() ? STATUS | FS : STATUS)) == 0, "its status has bits that do not exist");
        sie = csr(s, sie);
        sip = csr(s, sip);
        s.require(
                ((sie | sip) & ~SystemInstructions.INTERRUPTS) == 0,
                "its interrupts are of a kind that does not exist");
        stvec = register(s, stvec);
        s.require((stvec & 2) == 0, "its trap vector is of no mode that exists");
        scounteren = s.digested(scounteren);
        sscratch = register(s, sscratch);
        sepc = aligned(s, register(s, sepc));
        scause = register(s, scause);
        stval = register(s, stval);
        satp = csr(s, satp);
        s.require(TranslationScheme.of(isa).canBe(satp), "its address translation is of a mode that does not exist");
        reservation = s.digested(reservation);
        boolean reserved = reservation >= 0 && reservation < 1L << physicalBits() && (reservation & 3) == 0;
        s.require(reserved || reservation == -1, "its reservation is nowhere");
        if (isa.hasFloat()) {
            for (int i = 0; i < 32; i++) {
                f[i] = s.digested(f[i]);
            }
            fcsr.state(s);
        }
    }

    private long register(StateExchange s, long value) {
        long exchanged = s.digested(value);
        s.require(isa.canonical(exchanged) == exchanged, "a register of it has more than 32 bits");
        return exchanged;
    }

    /** A CSR that a hart of 32 bits digests as 32 bits. */
    private long csr(StateExchange s, long value) {
        return isa.is64() ? s.digested(value) : s.digested((int) value);
    }

    private long aligned(StateExchange s, long address) {
        int alignment = isa.hasCompressed() ? 2 : 4;
        s.require((address & alignment - 1) == 0, "an address of code in it is no multiple of " + alignment);
        return address;
    }
}
