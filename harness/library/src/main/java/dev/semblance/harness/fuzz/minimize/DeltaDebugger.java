package dev.semblance.harness.fuzz.minimize;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Leaves out as much of a list as can be: large stretches first, from the back, since what comes later needs what came
 * before; then ever smaller ones (Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002,
 * without its tries at subsets alone). In the end no single element can go.
 */
final class DeltaDebugger {

    private DeltaDebugger() {}

    /**
     * Returns what has to stay.
     *
     * @param attempt tells whether the list will do, and takes it if so
     */
    static <T> List<T> reduce(List<T> items, Predicate<List<T>> attempt) {
        return reduce(items, items.size(), 1, attempt);
    }

    /**
     * Returns what has to stay.
     *
     * @param largest how many to leave out at once at first
     * @param smallest with how many at once to stop
     */
    static <T> List<T> reduce(List<T> items, int largest, int smallest, Predicate<List<T>> attempt) {
        List<T> kept = List.copyOf(items);
        int size = Math.min(largest, kept.size());
        while (size >= smallest && size > 0) {
            boolean removed = false;
            int end = kept.size();
            while (end > 0) {
                int start = Math.max(0, end - size);
                List<T> rest = new ArrayList<>(kept.subList(0, start));
                rest.addAll(kept.subList(end, kept.size()));
                if (attempt.test(rest)) {
                    kept = rest;
                    removed = true;
                }
                end = start;
            }
            // At the smallest size once more for as long as it helps: what went may have needed what came before it.
            if (!removed || size > smallest) {
                size = size > smallest ? Math.max(smallest, Math.min(size / 2, kept.size())) : 0;
            }
        }
        return kept;
    }
}
