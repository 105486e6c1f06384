package dev.semblance.harness.edit.scenario;

import dev.semblance.gpu.display.Display;
import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.harness.trace.TraceEvent;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** When the picture changed, when the guest flushed, and what was shown: a number for all planes together. */
final class PictureLog {

    /** As far as a step can point. */
    private static final int FAR = Display.MAX_SIZE - 1;

    private static final long NOWHERE = -1;

    private final CycleList changes = new CycleList();
    private final CycleList shown = new CycleList();
    private final CycleList flushes = new CycleList();
    private final CycleList cursorChanges = new CycleList();
    private final CycleList cursorPlaces = new CycleList();
    private final SortedMap<Integer, Long> primaries = new TreeMap<>();
    private final SortedMap<Integer, TraceEvent.Cursor> cursors = new TreeMap<>();

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
                TraceEvent.Cursor before = cursors.put(cursor.scanout(), cursor);
                changed(cycle, !cursor.equals(before));
                long place = place();
                if (cursorPlaces.size() == 0 || cursorPlaces.at(cursorPlaces.size() - 1) != place) {
                    cursorChanges.add(cycle);
                    cursorPlaces.add(place);
                }
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

    /** The place of the cursor of the first scanout that shows one, as one number. */
    private long place() {
        for (TraceEvent.Cursor cursor : cursors.values()) {
            if (cursor.image().isPresent()) {
                Pixel pixel = Pixel.of(cursor.scanout(), cursor.x(), cursor.y(), cursor.hotX(), cursor.hotY());
                boolean near = Math.abs((long) pixel.x()) <= FAR && Math.abs((long) pixel.y()) <= FAR;
                return near
                        ? ((long) pixel.display() << 40) + ((long) (pixel.x() + FAR) << 20) + pixel.y() + FAR
                        : NOWHERE;
            }
        }
        return NOWHERE;
    }

    /** {@return where the cursor is after all that was taken notice of; empty if none is shown} */
    Optional<Pixel> cursor() {
        return cursorAt(cursorPlaces.size());
    }

    /** {@return where the cursor was just before a cycle; empty if none was shown} */
    Optional<Pixel> cursorBefore(long cycle) {
        return cursorAt(cursorChanges.before(cycle));
    }

    /** {@return whether the cursor moved from one cycle on and before another} */
    boolean cursorMoves(long from, long to) {
        return cursorChanges.before(to) > cursorChanges.before(from);
    }

    private Optional<Pixel> cursorAt(int count) {
        long place = count == 0 ? NOWHERE : cursorPlaces.at(count - 1);
        return place == NOWHERE
                ? Optional.empty()
                : Optional.of(new Pixel(
                        (int) (place >> 40), (int) (place >> 20 & 0xfffff) - FAR, (int) (place & 0xfffff) - FAR));
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
