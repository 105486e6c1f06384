package dev.semblance.harness.record.session;

import dev.semblance.machine.state.SavedState;
import java.util.Optional;

/** Keeps states that took long to come to, for who needs them again. What it has lost is made again. Any thread may ask it. */
public interface StateStore {

    /** Keeps nothing. */
    StateStore NONE = new StateStore() {
        @Override
        public Optional<SavedState> find(Key key) {
            return Optional.empty();
        }

        @Override
        public void keep(Key key, SavedState state) {}
    };

    /**
     * What a state is of. All of it together says what the state is, so that one that was kept never has to be played again to
     * be believed.
     *
     * @param machine the SHA-256 of the manifest's part that says what the machine is
     * @param trace the identity of the trace that was played
     * @param cycle the cycle of the machine's next instruction
     * @param passed how many events of the trace have happened
     * @param stateDigest the SHA-256 of the machine's state
     */
    record Key(String machine, String trace, long cycle, long passed, String stateDigest) {}

    /**
     * {@return a state that is kept}
     *
     * @param key what it is of
     */
    Optional<SavedState> find(Key key);

    /**
     * Keeps a state, if there is room.
     *
     * @param key what it is of
     * @param state the state of a session, without anything beside it
     */
    void keep(Key key, SavedState state);
}
