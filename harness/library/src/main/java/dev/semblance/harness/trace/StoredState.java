package dev.semblance.harness.trace;

import dev.semblance.harness.util.Text;

/**
 * What a manifest tells of the state that is stored in its trace, and that the trace's machine begins in. Since version 5 of the format. The
 * state itself is in chunks of its own: {@link TraceReader#readStoredState}.
 *
 * @param cycle the cycle of the machine's next instruction there
 * @param layout the version of the state's layout: no other version has a use for it
 * @param preamble how many events at the start of the trace bring a GPU into the state that it has there; they did not happen in the
 *     machine
 */
public record StoredState(long cycle, long layout, long preamble) {

    /** Checks the ranges. */
    public StoredState {
        range("cycle", cycle, Long.MAX_VALUE);
        range("layout", layout, EventLimits.U32);
        range("preamble", preamble, Long.MAX_VALUE);
    }

    private static void range(String what, long value, long most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(Text.format("storedState.%s is %d, not 0 to %d", what, value, most));
        }
    }
}
