package dev.semblance.harness.replay;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.trace.TraceEvent;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.Supplier;

/** Takes the pictures that a replay makes. */
public interface FrameObserver {

    /** Takes none. */
    FrameObserver NONE = new FrameObserver() {};

    /**
     * A snapshot was reached.
     *
     * @param recorded what the trace says of it
     * @param picture what the replay shows
     */
    default void snapshot(TraceEvent.Snapshot recorded, Frame picture) {}

    /**
     * A picture was published.
     *
     * @param sequence the place in the trace of the event that this answers, or that comes next
     * @param scanout the number of the scanout, from 0
     * @param picture makes the composed picture, when it is wanted
     */
    default void shown(long sequence, int scanout, Supplier<Frame> picture) {}

    /**
     * What a scanout shows has changed: by a flush, by its cursor, or by going dark. Of a device replay only, before
     * {@link #shown} if it was a flush.
     *
     * @param cycle the cycle at which it happened
     * @param scanout the number of the scanout, from 0
     * @param picture makes the composed picture, when it is wanted
     */
    default void changed(long cycle, int scanout, Supplier<Frame> picture) {}

    /**
     * Everything before an event of the trace has happened, and what the device shows of it is there. Of a device replay
     * only; where commands were given to the device together, it is told between them too, and not of every event.
     *
     * @param sequence the number of the event in the trace, which has not happened yet; at the end, the number of all events
     * @param scanouts how many there are
     * @param picture makes the composed picture of a scanout, when it is wanted; empty where its display is off and nothing is
     *     shown
     */
    default void reached(long sequence, int scanouts, IntFunction<Optional<Frame>> picture) {}
}
