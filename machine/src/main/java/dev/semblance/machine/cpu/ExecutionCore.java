package dev.semblance.machine.cpu;

/**
 * What executes a hart's instructions. All cores do the same: after the same number of cycles, the state of the hart, of memory
 * and of the devices is equal, and each device was reached at the same cycle. How a core keeps code, and when it looks at
 * it, cannot be seen; {@link Mmu} says what that asks of fetches.
 *
 * <p>A core moves {@code pc} and {@code cycle} of {@link HartState}: a cycle for each instruction that it attempts. It enters traps that
 * instructions raise. It takes no interrupts: {@link Hart} does, whenever the core comes back.
 */
interface ExecutionCore {

    /**
     * Executes until the cycle counter is {@code until}, at the very cycle, or until the hart must look around: after an instruction
     * that reached a device, after one of the system instructions, and after a trap.
     *
     * @param until a later cycle than the present one
     */
    void run(long until);

    /**
     * Executes until the cycle counter is {@code until} at the latest, but no further than to the next place at which the hart looks whether somebody who watches
     * wants it to stop. The first instruction does not count; after it, it does not go past a breakpoint, nor past an instruction that touched a watchpoint.
     *
     * @param until a later cycle than the present one
     * @param watching what is watched
     */
    void runWatched(long until, Watching watching);

    /** Executes one instruction and keeps nothing of it. */
    void step();
}
