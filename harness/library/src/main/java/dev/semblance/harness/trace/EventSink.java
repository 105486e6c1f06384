package dev.semblance.harness.trace;

/** Takes events in the order in which they happen: a file being written, or a comparison with one. */
@FunctionalInterface
public interface EventSink {

    /**
     * Takes the next event.
     *
     * @param cycle when it happened; never less than that of the event before
     * @param event what happened
     */
    void accept(long cycle, TraceEvent event);
}
