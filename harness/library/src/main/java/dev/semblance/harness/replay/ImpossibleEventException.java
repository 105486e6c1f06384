package dev.semblance.harness.replay;

import dev.semblance.gpu.display.Display;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Text;
import java.util.Optional;

/** A trace asks for what no machine can have done. */
final class ImpossibleEventException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Stamped> event;

    /** Makes the exception; the message is the end of a sentence. */
    ImpossibleEventException(String message) {
        this(message, Optional.empty());
    }

    /** Makes the exception for an event other than the one that is being done. */
    ImpossibleEventException(String message, Optional<Stamped> event) {
        super(message);
        this.event = event;
    }

    /** {@return which event it is, if not the one that is being done} */
    Optional<Stamped> event() {
        return event;
    }

    /** {@return why a display cannot have changed as an event says} */
    static String noDisplay(TraceEvent.DisplayChange change, DisplayConfig displays) {
        return change.scanout() >= displays.count()
                ? Text.format("there is no scanout %d; the GPU has %d", change.scanout(), displays.count())
                : Text.format("no display has %s; the most is %d each way", change.mode(), Display.MAX_SIZE);
    }

    /** {@return how a reader of the file hears of it} */
    static TraceFormatException asCorruption(Stamped event, String reason) {
        return new TraceFormatException(
                0,
                Text.format(
                        "event %d (%s) cannot have happened: %s",
                        event.sequence(), event.event().getClass().getSimpleName(), reason));
    }
}
