package dev.semblance.harness.record.session;

import dev.semblance.machine.state.SavedState;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The states that were asked for last, in memory. Those of one run that begin at the same place find each other's. */
public final class RecentStates implements StateStore {

    private final long budget;
    private final Map<Key, Kept> kept = new LinkedHashMap<>();
    private long bytes;

    private record Kept(SavedState state, long bytes) {}

    /**
     * Makes an empty store.
     *
     * @param budget how many bytes the states may take together
     */
    public RecentStates(long budget) {
        this.budget = budget;
    }

    /** {@return an empty store that takes an eighth of the heap at most} */
    public static RecentStates inHeap() {
        return new RecentStates(Runtime.getRuntime().maxMemory() / 8);
    }

    @Override
    public synchronized Optional<SavedState> find(Key key) {
        Optional<Kept> found = Optional.ofNullable(kept.remove(key));
        found.ifPresent(state -> kept.put(key, state));
        return found.map(Kept::state);
    }

    @Override
    public synchronized void keep(Key key, SavedState state) {
        long[] size = {state.fieldBytes()};
        state.visitShared((array, count) -> size[0] += count);
        if (size[0] > budget || kept.containsKey(key)) {
            return;
        }
        kept.put(key, new Kept(state, size[0]));
        bytes += size[0];
        Iterator<Kept> oldest = kept.values().iterator();
        while (bytes > budget) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
