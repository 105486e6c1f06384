package dev.semblance.machine.cpu;

/** Why a run ended that is watched: see {@link Watch}. */
public sealed interface Pause {

    /**
     * The instruction at pc is the next to be executed, and has a breakpoint.
     *
     * @param pc where it stands
     * @param afterDeadlines whether what was due at the present cycle has happened already, since it woke the hart or had it take an
     *     interrupt. If not, the machine is exactly as after an unwatched run to this cycle
     */
    record BeforeInstruction(long pc, boolean afterDeadlines) implements Pause {}

    /**
     * A watchpoint was touched. The instruction that did it has been executed, or has trapped; so has what is due at the present
     * cycle, if it was a write of that.
     *
     * @param event the first access to a watchpoint that stops
     */
    record AfterAccess(MemoryEvent event) implements Pause {}
}
