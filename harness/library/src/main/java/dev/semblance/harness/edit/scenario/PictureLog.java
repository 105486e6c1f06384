package dev.semblance.harness.edit.scenario;

import dev.semblance.harness.trace.TraceEvent;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** When the picture changed, when the guest flushed, and what was shown: a number for all planes together. */
final class PictureLog {

    private final CycleList changes = new CycleList();
    private final CycleList shown = new CycleList();
    private final CycleList flushes = new CycleList();
    private final SortedMap<Integer, Long> primaries = new TreeMap<>();
    private final SortedMap<Integer, Integer> cursors = new TreeMap<>();

    /** Takes notice of an event, if it tells of pictures. */
    void take(long cycle, TraceEvent event) {
        switch (event) {
            case TraceEvent.Flush flush -> {
                flushes.add(cycle);
                Long before = primaries.put(flush.scanout(), flush.digest());
                changed(cycle, !Objects.equals(before, flush.digest()));
            }
            case TraceEvent.ScanoutDisabled off -> changed(cycle, primaries.remove(off.scanout()) != null);
            case TraceEvent.Cursor cursor -> {
                Integer before = cursors.put(cursor.scanout(), cursor.hashCode());
                changed(cycle, !Objects.equals(before, cursor.hashCode()));
            }
            default -> {
                // Others show nothing.
            }
        }
    }

    private void changed(long cycle, boolean really) {
        if (really) {
            changes.add(cycle);
            shown.add(31L * primaries.hashCode() + cursors.hashCode());
        }
    }

    /** {@return what is shown after all that was taken notice of} */
    long now() {
        return shown.size() == 0 ? 0 : shown.at(shown.size() - 1);
    }

    /** {@return what was shown just before a cycle} */
    long shownBefore(long cycle) {
        int changed = changes.before(cycle);
        return changed == 0 ? 0 : shown.at(changed - 1);
    }

    /** {@return how often the guest flushed from one cycle on and before another} */
    int flushes(long from, long to) {
        return Math.max(0, flushes.before(to) - flushes.before(from));
    }

    /** {@return the last change before a cycle, or {@code from} if there was none from there on} */
    long lastChange(long from, long to) {
        int changed = changes.before(to);
        return changed == 0 ? from : Math.max(from, changes.at(changed - 1));
    }

    /** {@return for how long the picture was still at most between two cycles, and changed then} */
    long longestStill(long from, long to) {
        long longest = 0;
        long since = from;
        int end = changes.before(to);
        for (int i = changes.before(from); i < end; i++) {
            longest = Math.max(longest, changes.at(i) - since);
            since = changes.at(i);
        }
        return longest;
    }
}
