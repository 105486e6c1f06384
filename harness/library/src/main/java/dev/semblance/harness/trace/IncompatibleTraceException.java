package dev.semblance.harness.trace;

/** A sound trace that this version, or this computer, cannot read: made by a later one, or with an unknown codec. */
public final class IncompatibleTraceException extends TraceFormatException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes the exception; as {@link TraceFormatException#TraceFormatException}.
     *
     * @param offset in the file, in bytes
     * @param reason one sentence
     */
    public IncompatibleTraceException(long offset, String reason) {
        super(offset, reason);
    }
}
