package dev.semblance.harness.trace.diff;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.text.EventHistory;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How two traces differ.
 *
 * @param scope what was compared
 * @param manifest the keys of the manifests that differ
 * @param first the first event that differs, if one does
 * @param ofFirst how the first trace ended
 * @param ofSecond how the second trace ended
 * @param kinds how many events of each kind there are, in the range that was compared, as all that follows
 * @param snapshots the snapshots by their labels
 * @param moreSnapshots whether there were more than are listed
 * @param flushes what was shown
 */
public record TraceDiff(
        ComparisonScope scope,
        List<TraceDifference> manifest,
        Optional<First> first,
        TraceStatus ofFirst,
        TraceStatus ofSecond,
        Map<String, Counts> kinds,
        List<SnapshotPair> snapshots,
        boolean moreSnapshots,
        Flushes flushes) {

    /** The key of the manifest that is for people only: traces that differ in it alone count as the same. */
    public static final String FOR_PEOPLE = "toolVersion";

    /**
     * The first event that differs.
     *
     * @param inFirst the event in the first trace; empty if that had ended
     * @param inSecond the event in the second trace; empty if that had ended
     * @param fields in which they differ
     * @param before the last commands that are the same, and what is between them
     */
    public record First(
            Optional<Stamped> inFirst,
            Optional<Stamped> inSecond,
            List<TraceDifference> fields,
            List<EventHistory.Earlier> before) {}

    /** How often something is in each. */
    public record Counts(long first, long second) {}

    /**
     * A snapshot in both, or in one.
     *
     * @param label with its number behind it, such as {@code end (2)}, where a trace has it more than once
     */
    public record SnapshotPair(String label, Optional<Stamped> first, Optional<Stamped> second) {

        /** {@return in a word how they compare} */
        public State state() {
            if (first.isEmpty() || second.isEmpty()) {
                return first.isPresent() ? State.ONLY_FIRST : State.ONLY_SECOND;
            }
            return first.get().event().equals(second.get().event()) ? State.SAME : State.DIFFERENT;
        }
    }

    /** How two snapshots compare. */
    public enum State {
        /** The same picture. */
        SAME,
        /** Another picture, of another size perhaps. */
        DIFFERENT,
        /** The second trace has none of this label. */
        ONLY_FIRST,
        /** The first trace has none of this label. */
        ONLY_SECOND
    }

    /**
     * What the traces showed, flush by flush, whatever else happened in between.
     *
     * @param counts how many flushes
     * @param same how many flushes at the start are the same
     * @param first the next one in the first trace, if there is one
     * @param second the next one in the second trace, if there is one
     */
    public record Flushes(Counts counts, long same, Optional<Stamped> first, Optional<Stamped> second) {}

    /** {@return whether everything that matters is the same} */
    public boolean isSame() {
        return first.isEmpty()
                && manifest.stream().allMatch(difference -> difference.field().equals(FOR_PEOPLE));
    }
}
