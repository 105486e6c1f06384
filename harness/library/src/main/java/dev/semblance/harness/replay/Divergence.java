package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.text.EventHistory.Earlier;
import java.util.List;

/** The first place where a replay did not do what the trace says. A value, not an error. */
public sealed interface Divergence {

    /** {@return the event of the trace at which the difference showed} */
    Stamped expected();

    /** {@return what stands in the trace right before it, oldest first: the last commands, and what is between them} */
    List<Earlier> before();

    /**
     * Something else happened.
     *
     * @param expected what the trace has
     * @param cycle when, in the replay
     * @param actual what
     * @param before what came right before in the trace
     */
    record Different(Stamped expected, long cycle, TraceEvent actual, List<Earlier> before) implements Divergence {}

    /**
     * Nothing happened.
     *
     * @param expected what the trace has
     * @param circumstances what the replay was doing instead, as the end of a sentence
     * @param before what came right before in the trace
     */
    record Missing(Stamped expected, String circumstances, List<Earlier> before) implements Divergence {}

    /**
     * The device read guest memory that the trace does not have.
     *
     * @param expected what the trace has
     * @param address guest-physical address of the read
     * @param length in bytes
     * @param before what came right before in the trace
     */
    record UnknownMemory(Stamped expected, long address, long length, List<Earlier> before) implements Divergence {}
}
