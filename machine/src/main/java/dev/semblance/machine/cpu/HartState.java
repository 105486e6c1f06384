package dev.semblance.machine.cpu;

import dev.semblance.machine.isa.Decoded;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;

/**
 * What a guest can read of a hart, and nothing else: registers, program counter, supervisor CSRs, counters. Decoded code is
 * rebuilt from it. The translations that the hart keeps are not: they belong to {@link Mmu}, which saves them, and are left out of
 * digests since they follow from the instructions executed since the last flush.
 *
 * <p>Registers are 64 bits wide; on RV32 they hold their value sign-extended, so that comparisons need no masking.
 */
public final class HartState implements Stateful {

    /** sstatus.SIE, SPIE, SPP, SUM, MXR. */
    static final int SIE = 1 << 1;

    static final int SPIE = 1 << 5;
    static final int SPP = 1 << 8;
    static final int SUM = 1 << 18;
    static final int MXR = 1 << 19;

    /** Physical addresses of Sv32 (privileged architecture, 12.3). */
    private static final int PHYSICAL_BITS = 34;

    /** x0 to x31, then the slot that takes writes to x0, then unused slots that keep 6-bit indexes inside. */
    final long[] x = new long[Decoded.SLOTS];

    long pc;
    Privilege privilege = Privilege.SUPERVISOR;

    /** Instructions attempted plus cycles skipped. */
    long cycle;

    /** How many of those cycles retired no instruction: traps and WFI. */
    long unretired;

    /** The hart has executed WFI and no interrupt has become pending since. */
    boolean waiting;

    int sstatus;
    int sie;
    int sip;
    long stvec;

    /** Which counters U-mode may read. All are open at the start, as firmware leaves them on a real machine. */
    int scounteren = 7;

    long sscratch;
    long sepc;
    long scause;
    long stval;
    int satp;

    /** Physical address of the word reserved by LR, or -1. Traps, returns from them, any SC and device writes end it. */
    long reservation = -1;

    HartState() {}

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
            x[index & 31] = (int) value;
        }
    }

    /** {@return the program counter} */
    public long pc() {
        return pc;
    }

    /** {@return the privilege mode} */
    public Privilege privilege() {
        return privilege;
    }

    /** {@return instructions attempted plus cycles skipped by WFI} */
    public long cycle() {
        return cycle;
    }

    /** {@return instructions retired} */
    public long instret() {
        return cycle - unretired;
    }

    /**
     * The slots of {@link #x} behind x31 are left out: what is written there is never read.
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
        sstatus = s.digested(sstatus);
        sie = s.digested(sie);
        sip = s.digested(sip);
        stvec = register(s, stvec);
        s.require((stvec & 2) == 0, "its trap vector is of no mode that exists");
        scounteren = s.digested(scounteren);
        sscratch = register(s, sscratch);
        sepc = aligned(s, register(s, sepc));
        scause = register(s, scause);
        stval = register(s, stval);
        satp = s.digested(satp);
        reservation = s.digested(reservation);
        s.require(reservation >= -1 && reservation < 1L << PHYSICAL_BITS, "its reservation is nowhere");
    }

    private static long register(StateExchange s, long value) {
        long exchanged = s.digested(value);
        s.require((int) exchanged == exchanged, "a register of it has more than 32 bits");
        return exchanged;
    }

    private static long aligned(StateExchange s, long address) {
        s.require((address & 3) == 0, "an address of code in it is no multiple of 4");
        return address;
    }
}
