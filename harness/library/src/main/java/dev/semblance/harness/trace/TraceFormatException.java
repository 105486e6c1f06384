package dev.semblance.harness.trace;

import java.io.IOException;

/** The bytes are no trace, or a damaged one. */
public class TraceFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String reason;

    /**
     * Makes the exception.
     *
     * @param offset where in the file (or in the bytes given to {@link EventCodec}) it went wrong
     * @param reason what is wrong there, as the end of a sentence
     */
    public TraceFormatException(long offset, String reason) {
        super("at byte " + offset + ": " + reason);
        this.offset = offset;
        this.reason = reason;
    }

    /** Returns where in the file it went wrong. */
    public long offset() {
        return offset;
    }

    /** Returns what is wrong there. */
    public String reason() {
        return reason;
    }
}
