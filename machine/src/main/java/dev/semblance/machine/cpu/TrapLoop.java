package dev.semblance.machine.cpu;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Arrays;

/**
 * Notices a guest that does nothing any more but trap: at the thousandth trap in a row that brought it nowhere.
 *
 * <p>A trap belongs to the row of the one before if no instruction has retired between the two: the trap vector itself
 * traps. It also belongs to it if at most {@link #NEAR} cycles lie between them, interrupts are off, and registers and CSRs are
 * what they were at the one before: a vector from which the guest comes back to the same trap, as from the first
 * instruction of a kernel that is loaded at 0 and has not set a vector yet.
 *
 * <p>What is kept here follows from the instructions executed alone, so it is the same however a run is cut. A guest
 * cannot see it, so it is in no digest of state; a run that is to go on elsewhere from where it was takes it along.
 */
final class TrapLoop implements Stateful {

    /** So many traps in a row are a guest that is stuck. */
    static final int LIMIT = 1_000;

    /** So many cycles after a trap, another one may still belong to the same row. */
    static final int NEAR = 16;

    private static final int REGISTERS = 32;
    private static final int CSRS = 8;

    private final HartState state;
    private long[] now = new long[REGISTERS + CSRS];
    private long[] before = new long[REGISTERS + CSRS];
    private long lastCycle;
    private int length;
    private StuckTrap first;

    TrapLoop(HartState state) {
        this.state = state;
        this.first = new StuckTrap(state.isa, 0, 0, 0, 0);
    }

    /** Takes notice of an exception that the hart has just entered. Its cycle is counted already. */
    void entered() {
        look();
        long between = state.cycle - 1 - lastCycle;
        boolean nowhere = between == 0 || between <= NEAR && !isInterruptible() && Arrays.equals(now, before);
        if (length == 0 || !nowhere) {
            length = 0;
            first = new StuckTrap(state.isa, (int) state.scause, state.sepc, state.stval, state.stvec);
        }
        length = Math.min(length + 1, LIMIT);
        lastCycle = state.cycle;
        long[] old = before;
        before = now;
        now = old;
    }

    private void look() {
        System.arraycopy(state.x, 0, now, 0, REGISTERS);
        int at = REGISTERS;
        now[at++] = state.sepc;
        now[at++] = state.scause;
        now[at++] = state.stval;
        now[at++] = state.sstatus;
        now[at++] = state.stvec;
        now[at++] = state.sscratch;
        now[at++] = state.satp;
        now[at] = state.sie;
    }

    /** {@return whether an interrupt could have come instead of the exception} */
    private boolean isInterruptible() {
        return (state.sstatus & HartState.SPP) == 0 || (state.sstatus & HartState.SPIE) != 0;
    }

    @Override
    public void state(StateExchange s) {
        s.part("LOOP", 1);
        for (int i = 0; i < before.length; i++) {
            before[i] = s.saved(before[i]);
        }
        lastCycle = s.saved(lastCycle);
        s.require(lastCycle >= 0 && lastCycle <= state.cycle, "a trap of it is yet to come");
        length = s.saved(length, 0, LIMIT);
        first = new StuckTrap(
                first.isa(),
                s.saved(first.cause()),
                s.saved(first.pc()),
                s.saved(first.value()),
                s.saved(first.vector()));
    }

    /** {@return whether the guest is stuck} */
    boolean isStuck() {
        return length == LIMIT;
    }

    /** {@return the trap with which the row began} */
    StuckTrap first() {
        return first;
    }
}
