package dev.semblance.harness.playback;

import dev.semblance.machine.state.SavedState;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * States of a machine, or of a part of it, at moments of its past, within a budget of memory. What several of them share counts once. When there are too
 * many, those go that leave the smallest gap, as seen from where one is: so they stay dense nearby and become rare far away. The
 * first one stays.
 *
 * @param <M> moments, in their order
 */
final class Checkpoints<M extends Comparable<M>> {

    /** What a state takes besides: its lists point to each block. */
    private static final int POINTER_BYTES = 8;

    private final long budget;
    private final ToLongFunction<M> place;
    private final NavigableMap<M, Kept> kept = new TreeMap<>();

    /** How many of the kept states have a block or row, by its identity: two of equal content take room for two. */
    private final IdentityHashMap<Object, Integer> holders = new IdentityHashMap<>();

    private long bytes;

    private record Kept(SavedState state, long ownBytes) {}

    /**
     * Makes an empty store.
     *
     * @param budget how many bytes the states may take together, the first one aside
     * @param place how far a moment is from the start, so that gaps can be compared
     */
    Checkpoints(long budget, ToLongFunction<M> place) {
        this.budget = budget;
        this.place = place;
    }

    /** A state and when it was. */
    record Checkpoint<M>(M moment, SavedState state) {}

    /** {@return the last one that is not after a moment} */
    Optional<Checkpoint<M>> before(M moment) {
        return Optional.ofNullable(kept.floorEntry(moment))
                .map(entry -> new Checkpoint<>(entry.getKey(), entry.getValue().state()));
    }

    /** {@return the last one that is before a moment} */
    Optional<M> lower(M moment) {
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

    /** Keeps a state, and drops others if there is no room for all; tells whether it did. */
    boolean add(M moment, SavedState state) {
        if (kept.containsKey(moment)) {
            return false;
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
        boolean full = false;
        while (bytes > budget && kept.size() > 2) {
            drop(dispensable(moment));
            full = true;
        }
        return full;
    }

    /** {@return the one, neither first nor now, whose absence is least felt at a moment} */
    private M dispensable(M now) {
        List<M> moments = new ArrayList<>(kept.keySet());
        double least = Double.POSITIVE_INFINITY;
        M found = moments.get(1);
        for (int i = 1; i < moments.size(); i++) {
            M moment = moments.get(i);
            if (moment.equals(now)) {
                continue;
            }
            // After the last one there is as much to be played again as before it.
            long end = i + 1 < moments.size()
                    ? place.applyAsLong(moments.get(i + 1))
                    : 2 * place.applyAsLong(moment) - place.applyAsLong(moments.get(i - 1));
            double gap = end - place.applyAsLong(moments.get(i - 1));
            double felt = gap / (1.0 + Math.abs(place.applyAsLong(now) - place.applyAsLong(moment)));
            if (felt < least) {
                least = felt;
                found = moment;
            }
        }
        return found;
    }

    private void drop(M moment) {
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
