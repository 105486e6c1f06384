package dev.semblance.harness.record.session;

import dev.semblance.machine.state.SavedState;
import java.util.Optional;

/** Keeps states that took long to come to, for who needs them again. What it has lost is made again. Any thread may ask it. */
public interface StateStore {

    /** Keeps nothing. */
    StateStore NONE = new StateStore() {
        @Override
        public Optional<Kept> find(Key key) {
            return Optional.empty();
        }

        @Override
        public void keep(Key key, Kept kept) {}
    };

    /**
     * What a state is of. All of it together says what the state is.
     *
     * @param machine the SHA-256 of what the manifest of the trace says of the machine and of where that begins
     * @param trace the identity of the trace that was played
     * @param cycle the cycle of the machine's next instruction
     * @param passed how many events of the trace have happened
     */
    record Key(String machine, String trace, long cycle, long passed) {}

    /**
     * A state that is kept.
     *
     * @param state of a session, saved without anything beside it
     * @param stateDigest the SHA-256 of the machine's state in it: 64 lower-case hexadecimal digits
     */
    record Kept(SavedState state, String stateDigest) {}

    /**
     * {@return a state that is kept}
     *
     * @param key what it is of
     */
    Optional<Kept> find(Key key);

    /**
     * Keeps a state, if there is room.
     *
     * @param key what it is of
     * @param kept the state
     */
    void keep(Key key, Kept kept);
}
