package dev.semblance.machine.cpu;

import java.util.Arrays;
import java.util.List;

/**
 * What a run is watched for. It is no part of a machine's state, and changes nothing of what a machine does: the cycles, the
 * state and all that devices see are those of a run that nobody watches, whichever core executes it and wherever it is cut. What
 * is not watched goes at its usual speed; pages with breakpoints are interpreted, and accesses to pages with watchpoints take the
 * slow way.
 *
 * <p><b>Breakpoints.</b> A run ends before an instruction whose virtual address is a breakpoint, in every mode and address space:
 * between two instructions, as a run ends that has come to its limit, and before what is due at that cycle. If that brings an
 * interrupt, the instruction is not the next one after all; the run ends again when the hart returns to it. The instruction at
 * which a run begins does not count, so that a run goes on from where the last one ended. After WFI the hart is at no instruction
 * while it waits; it is at the next one, or at the first of the handler, as soon as it wakes. The first instruction of a handler
 * counts also where an interrupt comes between two instructions: the run ends in the middle of a cycle then, and
 * {@link Pause.BeforeInstruction#afterDeadlines} says so. A run that comes to its limit at a breakpoint tells of the breakpoint.
 *
 * <p><b>Watchpoints</b> end a run after the instruction that touched them, or tell a listener, or both.
 *
 * @param eachInstruction whether every instruction has a breakpoint: a run is a single step then. Unlike a run of one cycle, it waits
 *     with WFI till the hart wakes, and stops at the first instruction of a handler instead of executing it
 * @param breakpoints virtual addresses of instructions
 * @param watchpoints ranges of memory; made for a few, since each access to a page of one is compared with all
 * @param listener told of accesses to watchpoints
 */
public record Watch(
        boolean eachInstruction, List<Long> breakpoints, List<Watchpoint> watchpoints, MemoryEvent.Listener listener) {

    /** Nobody watches. */
    public static final Watch NOTHING = new Watch(false, List.of(), List.of(), MemoryEvent.Listener.NOBODY);

    /** Watches for each instruction: single steps. */
    public static final Watch STEP = new Watch(true, List.of(), List.of(), MemoryEvent.Listener.NOBODY);

    /** Copies the lists. */
    public Watch {
        breakpoints = List.copyOf(breakpoints);
        watchpoints = List.copyOf(watchpoints);
    }

    /**
     * {@return a watch for instructions}
     *
     * @param breakpoints virtual addresses of instructions
     */
    public static Watch at(long... breakpoints) {
        return new Watch(false, Arrays.stream(breakpoints).boxed().toList(), List.of(), MemoryEvent.Listener.NOBODY);
    }

    /**
     * {@return a watch over memory}
     *
     * @param watchpoints ranges of memory
     * @param listener told of accesses to them
     */
    public static Watch over(List<Watchpoint> watchpoints, MemoryEvent.Listener listener) {
        return new Watch(false, List.of(), watchpoints, listener);
    }

    /** {@return whether there is nothing to watch for} */
    public boolean isNothing() {
        return !eachInstruction && breakpoints.isEmpty() && watchpoints.isEmpty();
    }
}
