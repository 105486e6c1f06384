package dev.semblance.gpu.frame;

import dev.semblance.machine.state.StateExchange;
import dev.semblance.machine.state.Stateful;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Keeps the planes that each scanout showed last, and hands everything on to another sink. */
public final class FrameStore implements FrameSink, Stateful {

    private final List<Optional<Frame>> primaries = new ArrayList<>();
    private final List<CursorPlane> cursors = new ArrayList<>();
    private final FrameSink next;

    /**
     * Makes a store in which all scanouts are dark.
     *
     * @param scanouts how many there are
     * @param next told of everything, after it is in the store
     */
    public FrameStore(int scanouts, FrameSink next) {
        for (int i = 0; i < scanouts; i++) {
            primaries.add(Optional.empty());
            cursors.add(CursorPlane.HIDDEN);
        }
        this.next = next;
    }

    /**
     * {@return the primary plane as last flushed, empty when it is dark}
     *
     * @param scanout the number of the scanout, from 0
     */
    public Optional<Frame> primary(int scanout) {
        return primaries.get(scanout);
    }

    /**
     * {@return the cursor plane}
     *
     * @param scanout the number of the scanout, from 0
     */
    public CursorPlane cursor(int scanout) {
        return cursors.get(scanout);
    }

    /**
     * {@return both planes composed, as {@link Composition#compose(Optional, CursorPlane, int, int)} does}
     *
     * @param scanout the number of the scanout, from 0
     * @param darkWidth in pixels, of what stands for a scanout that shows nothing
     * @param darkHeight in pixels, likewise
     */
    public Frame picture(int scanout, int darkWidth, int darkHeight) {
        return Composition.compose(primary(scanout), cursor(scanout), darkWidth, darkHeight);
    }

    @Override
    public void flushed(int scanout, Frame frame) {
        primaries.set(scanout, Optional.of(frame));
        next.flushed(scanout, frame);
    }

    @Override
    public void disabled(int scanout) {
        primaries.set(scanout, Optional.empty());
        next.disabled(scanout);
    }

    @Override
    public void cursorChanged(int scanout, CursorPlane cursor) {
        cursors.set(scanout, cursor);
        next.cursorChanged(scanout, cursor);
    }

    /** What is loaded is not handed on: nobody has shown it just now. */
    @Override
    public void state(StateExchange s) {
        s.part("SHOW", 1);
        s.savedConstant(primaries.size(), "number of scanouts");
        primaries.replaceAll(primary -> Frame.exchanged(s, primary));
        cursors.replaceAll(cursor -> new CursorPlane(
                Frame.exchanged(s, cursor.image()),
                s.saved(cursor.x()),
                s.saved(cursor.y()),
                s.saved(cursor.hotX()),
                s.saved(cursor.hotY())));
    }
}
