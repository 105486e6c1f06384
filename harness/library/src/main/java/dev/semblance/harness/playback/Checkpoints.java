package dev.semblance.harness.playback;

import dev.semblance.machine.state.SavedState;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * States of a machine at moments of its past, within a budget of memory. What several of them share counts once. When there are too
 * many, those go that leave the smallest gap, as seen from where one is: so they stay dense nearby and become rare far away. The
 * first one stays.
 */
final class Checkpoints {

    /** What a state takes besides: its lists point to each block. */
    private static final int POINTER_BYTES = 8;

    private final long budget;
    private final NavigableMap<Moment, Kept> kept = new TreeMap<>();

    /** How many of the kept states have a block or row, by its identity: two of equal content take room for two. */
    private final IdentityHashMap<Object, Integer> holders = new IdentityHashMap<>();

    private long bytes;

    private record Kept(SavedState state, long ownBytes) {}

    /**
     * Makes an empty store.
     *
     * @param budget how many bytes the states may take together, the first one aside
     */
    Checkpoints(long budget) {
        this.budget = budget;
    }

    /** A state and when it was. */
    record Checkpoint(Moment moment, SavedState state) {}

    /** {@return the last one that is not after a moment} */
    Optional<Checkpoint> before(Moment moment) {
        return Optional.ofNullable(kept.floorEntry(moment))
                .map(entry -> new Checkpoint(entry.getKey(), entry.getValue().state()));
    }

    /** {@return the last one that is before a moment} */
    Optional<Moment> lower(Moment moment) {
        return Optional.ofNullable(kept.lowerKey(moment));
    }

    /** {@return how many there are} */
    int size() {
        return kept.size();
    }

    /** {@return how many bytes they take together} */
    long bytes() {
        return bytes;
    }

    /** Keeps a state, and drops others if there is no room for all. */
    void add(Moment moment, SavedState state) {
        if (kept.containsKey(moment)) {
            return;
        }
        long[] pointers = {0};
        state.visitShared((array, size) -> {
            pointers[0] += POINTER_BYTES;
            if (holders.merge(array, 1, Integer::sum) == 1) {
                bytes += size;
            }
        });
        long own = state.fieldBytes() + pointers[0];
        bytes += own;
        kept.put(moment, new Kept(state, own));
        while (bytes > budget && kept.size() > 2) {
            drop(dispensable(moment));
        }
    }

    /** {@return the one, neither first nor now, whose absence is least felt at a moment} */
    private Moment dispensable(Moment now) {
        List<Moment> moments = new ArrayList<>(kept.keySet());
        double least = Double.POSITIVE_INFINITY;
        Moment found = moments.get(1);
        for (int i = 1; i < moments.size(); i++) {
            Moment moment = moments.get(i);
            if (moment.equals(now)) {
                continue;
            }
            // After the last one there is as much to be played again as before it.
            long end = i + 1 < moments.size()
                    ? moments.get(i + 1).cycle()
                    : 2 * moment.cycle() - moments.get(i - 1).cycle();
            double gap = end - moments.get(i - 1).cycle();
            double felt = gap / (1.0 + Math.abs(now.cycle() - moment.cycle()));
            if (felt < least) {
                least = felt;
                found = moment;
            }
        }
        return found;
    }

    private void drop(Moment moment) {
        Optional<Kept> found = Optional.ofNullable(kept.remove(moment));
        found.ifPresent(this::release);
    }

    private void release(Kept dropped) {
        bytes -= dropped.ownBytes();
        dropped.state().visitShared((array, size) -> {
            int left = holders.merge(array, -1, Integer::sum);
            if (left == 0) {
                holders.remove(array);
                bytes -= size;
            }
        });
    }
}
