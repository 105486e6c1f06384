package dev.semblance.harness.trace;

import java.io.IOException;

/** The bytes are no trace, or a damaged one. */
public class TraceFormatException extends IOException {

    private static final long serialVersionUID = 1L;

    /** Where in the file, in bytes. */
    private final long offset;
    /** What is wrong, without the place. */
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

    /** {@return where in the file it went wrong} */
    public long offset() {
        return offset;
    }

    /** {@return what is wrong there} */
    public String reason() {
        return reason;
    }
}
