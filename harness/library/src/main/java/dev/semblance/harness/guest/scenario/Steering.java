package dev.semblance.harness.guest.scenario;

import dev.semblance.harness.guest.scenario.Desktop.Pixel;
import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.Optional;

/**
 * Where the guest's cursor is, and when the next report is due that brings it to a place. A person looks where the cursor went before
 * the mouse is moved again; so the guest may take the motions for as far as it likes.
 */
final class Steering implements Stateful {

    /** For how many paces the cursor is waited for that does not move: at the edge of the screen, or in a guest that is busy. */
    private static final long PATIENCE = 25;

    /** Whether a cursor is shown, and where it is or was last, if there ever was one. */
    private boolean shown;

    private boolean known;
    private int display;
    private int x;
    private int y;

    /** When the cursor was last seen to move; before the first cycle if it never was. */
    private long moved = -1;

    /** Whether the step has reported, and when last. */
    private boolean reported;

    private long report;

    /** Takes notice of where the cursor is, or that there is none. */
    void cursor(long cycle, Optional<Pixel> cursor) {
        boolean same = shown ? place().equals(cursor) : cursor.isEmpty();
        if (!same) {
            moved = cycle;
            shown = cursor.isPresent();
            cursor.ifPresent(pixel -> {
                known = true;
                display = pixel.display();
                x = pixel.x();
                y = pixel.y();
            });
        }
    }

    /** {@return where the cursor is, or was before the guest hid it, as some do while keys are typed; empty if there never was one} */
    Optional<Pixel> place() {
        return known ? Optional.of(new Pixel(display, x, y)) : Optional.empty();
    }

    /** A step begins. */
    void begin() {
        reported = false;
        report = 0;
    }

    /** The step reports. */
    void report(long cycle) {
        reported = true;
        report = cycle;
    }

    boolean isAt(Step.Point step) {
        return shown && place().equals(Optional.of(new Pixel(step.display(), step.x(), step.y())));
    }

    /** {@return when the step goes on, or is done, if nothing happens before} */
    long due(Step.Point step, long start) {
        long bound = start + step.within();
        if (isAt(step)) {
            return Math.min(bound, Math.max(Math.max(start, moved), report) + step.pace());
        }
        if (!known) {
            return bound;
        }
        if (!reported) {
            return Math.min(bound, Math.max(start, moved + 1));
        }
        return Math.min(bound, moved > report ? moved + step.pace() : report + PATIENCE * step.pace());
    }

    /** {@return the last cycle at which something was seen or done; before the first cycle if nothing was} */
    long latest() {
        return Math.max(moved, report);
    }

    @Override
    public void state(StateExchange s) {
        shown = s.saved(shown);
        known = s.saved(known);
        display = s.saved(display, 0, Integer.MAX_VALUE);
        x = s.saved(x);
        y = s.saved(y);
        moved = s.saved(moved);
        reported = s.saved(reported);
        report = s.saved(report);
        s.require(moved >= -1 && report >= 0, "a time of its cursor is before the first");
    }
}
