package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.util.List;

/** The first place where a replay did not do what the trace says. A value, not an error. */
public sealed interface Divergence {

    /** Returns the event of the trace at which the difference showed. */
    Stamped expected();

    /** Returns the events of the trace right before it, oldest first. */
    List<Stamped> before();

    /**
     * Something else happened.
     *
     * @param cycle when, in the replay
     * @param actual what
     */
    record Different(Stamped expected, long cycle, TraceEvent actual, List<Stamped> before) implements Divergence {}

    /**
     * Nothing happened.
     *
     * @param circumstances what the replay was doing instead, as the end of a sentence
     */
    record Missing(Stamped expected, String circumstances, List<Stamped> before) implements Divergence {}

    /**
     * The device read guest memory that the trace does not have.
     *
     * @param address guest-physical address of the read
     * @param length in bytes
     */
    record UnknownMemory(Stamped expected, long address, long length, List<Stamped> before) implements Divergence {}
}
