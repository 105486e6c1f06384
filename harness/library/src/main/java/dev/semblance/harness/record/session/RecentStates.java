package dev.semblance.harness.record.session;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The states that were asked for last, in memory. Those of one run that begin at the same place find each other's. */
public final class RecentStates implements StateStore {

    private final long budget;
    private final Map<Key, Sized> states = new LinkedHashMap<>();
    private long bytes;

    private record Sized(Kept kept, long bytes) {}

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
    public synchronized Optional<Kept> find(Key key) {
        Optional<Sized> found = Optional.ofNullable(states.remove(key));
        found.ifPresent(state -> states.put(key, state));
        return found.map(Sized::kept);
    }

    @Override
    public synchronized void keep(Key key, Kept kept) {
        long[] size = {kept.state().fieldBytes()};
        kept.state().visitShared((array, count) -> size[0] += count);
        if (size[0] > budget || states.containsKey(key)) {
            return;
        }
        states.put(key, new Sized(kept, size[0]));
        bytes += size[0];
        Iterator<Sized> oldest = states.values().iterator();
        while (bytes > budget) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }
}
