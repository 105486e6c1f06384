package dev.semblance.machine.state;

/**
 * Has state that the guest can see. Caches and counters for tests are not state: two machines that behave alike from here
 * on write the same values.
 */
@FunctionalInterface
public interface Stateful {

    /**
     * Writes the whole state, always the same fields in the same order; lists are preceded by their length.
     *
     * @param sink what takes the state
     */
    void writeState(StateSink sink);
}
