package dev.semblance.machine.state;

/**
 * Has state from which its future follows. One method says what that is, for digests, for saving and for loading (docs/ARCHITECTURE.md,
 * "State"), so that nothing can be saved and not loaded.
 */
@FunctionalInterface
public interface Stateful {

    /**
     * Exchanges the whole state, always the same fields in the same order; lists are preceded by their length. What a guest can
     * see is {@link StateExchange#digested(int) digested}; what decides its future besides is {@link StateExchange#saved(int)
     * saved}. Caches and counters for tests are neither.
     *
     * @param s takes each field as it is, and returns it as it is to be: another value only when a state is loaded
     */
    void state(StateExchange s);
}
