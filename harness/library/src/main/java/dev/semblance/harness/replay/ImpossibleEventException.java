package dev.semblance.harness.replay;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.util.Text;
import java.util.Optional;

/** A trace asks for what no machine can have done. */
final class ImpossibleEventException extends RuntimeException {

    /** Why a display cannot have changed as an event says. */
    static final String NO_DISPLAY = "there is no such scanout, or no display has that mode";

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

    /** {@return how a reader of the file hears of it} */
    static TraceFormatException asCorruption(Stamped event, String reason) {
        return new TraceFormatException(
                0,
                Text.format(
                        "event %d (%s) cannot have happened: %s",
                        event.sequence(), event.event().getClass().getSimpleName(), reason));
    }
}
