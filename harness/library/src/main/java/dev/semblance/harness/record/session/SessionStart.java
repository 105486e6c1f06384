package dev.semblance.harness.record.session;

import dev.semblance.machine.state.SavedState;

/** Where the machine of a trace begins: {@link SessionStarts} has it. */
public sealed interface SessionStart {

    /** The start of most. */
    SessionStart POWER_ON = new PowerOn();

    /** At power-on: what the config names is loaded, and nothing was executed. */
    record PowerOn() implements SessionStart {}

    /**
     * In a state that a machine of the same config was in.
     *
     * @param state of its session, saved without anything beside it
     * @param cycle the cycle of the machine's next instruction there, as the trace says
     */
    record Saved(SavedState state, long cycle) implements SessionStart {}
}
