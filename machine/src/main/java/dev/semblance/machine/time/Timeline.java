package dev.semblance.machine.time;

import dev.semblance.machine.state.StateExchange;
import java.util.Optional;

/**
 * Simulated time as devices see it: a cycle counter, and actions to run when it reaches a given value.
 *
 * <p>There is no other clock. A cycle is one instruction attempted, or one cycle skipped while the hart waits for an
 * interrupt. An action scheduled for cycle {@code c} runs before the instruction at cycle {@code c}. Actions due at the
 * same cycle run in the order of their {@link Lane}, then in the order in which they were scheduled.
 */
public interface Timeline {

    /** What goes first within one cycle. */
    enum Lane {
        /** Input from the host: delivered before anything else that happens at its cycle. */
        HOST,
        /** Deadlines of the machine's own devices. */
        DEVICE,
        /** Onlookers that must see the cycle's events done. They never change guest-visible state. */
        OBSERVER
    }

    /** A scheduled action; it can be cancelled until it has run. */
    interface Deadline {
        /** {@return the cycle at which the action runs} */
        long cycle();

        /** Takes the action off the timeline; without effect once it has run or was cancelled. */
        void cancel();
    }

    /** {@return the current cycle: instructions attempted plus cycles skipped by WFI, since power-on} */
    long now();

    /**
     * Schedules an action.
     *
     * @param cycle when to run it; a cycle not after {@link #now()} means as soon as the current instruction is done
     * @param lane what is due at the same cycle is done in the order of lanes
     * @param action what is done then
     * @return what takes it back
     */
    Deadline schedule(long cycle, Lane lane, Runnable action);

    /**
     * Exchanges a deadline of a device, which is not digested: its cycle, and its place among those of the same cycle.
     *
     * @param s what the state of the deadline's owner is exchanged with
     * @param deadline what is scheduled in {@link Lane#DEVICE}, if anything is; one that has run is nothing. It is cancelled
     *     when a state is loaded
     * @param action what is done then
     * @return what is scheduled from now on
     */
    Optional<Deadline> exchange(StateExchange s, Optional<Deadline> deadline, Runnable action);

    /**
     * Schedules an action of a device: {@link #schedule(long, Lane, Runnable)} in {@link Lane#DEVICE}.
     *
     * @param cycle when it is done
     * @param action what is done then
     * @return what takes it back
     */
    default Deadline schedule(long cycle, Runnable action) {
        return schedule(cycle, Lane.DEVICE, action);
    }
}
