package dev.semblance.machine;

import dev.semblance.machine.cpu.Pause;
import dev.semblance.machine.cpu.StuckTrap;

/** Why {@link Machine#run} came back. */
public sealed interface RunResult {

    /** The cycle limit was reached, or {@link Machine#stop} was called. */
    record BudgetSpent() implements RunResult {}

    /**
     * The guest asked to be switched off or restarted (SBI SRST). The machine runs no further.
     *
     * @param reboot whether the guest asked for a restart, not only to be turned off
     */
    record Halted(boolean reboot) implements RunResult {}

    /** The hart waits for an interrupt, and nothing is scheduled that could bring one. New input may. */
    record Idle() implements RunResult {}

    /**
     * The guest does nothing any more but trap, a thousand times in a row: see {@link StuckTrap}. The machine runs no
     * further.
     *
     * @param trap what trapped, where, and to which vector
     */
    record Stuck(StuckTrap trap) implements RunResult {}

    /**
     * Something came that the run is {@linkplain Machine#watch watched} for. The next run goes on from there.
     *
     * @param reason what came
     */
    record Paused(Pause reason) implements RunResult {}
}
