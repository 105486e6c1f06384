package dev.semblance.harness.trace;

/** A sound trace that this version, or this computer, cannot read: made by a later one, or with an unknown codec. */
public final class IncompatibleTraceException extends TraceFormatException {

    private static final long serialVersionUID = 1L;

    /** Makes the exception; as {@link TraceFormatException#TraceFormatException}. */
    public IncompatibleTraceException(long offset, String reason) {
        super(offset, reason);
    }
}
