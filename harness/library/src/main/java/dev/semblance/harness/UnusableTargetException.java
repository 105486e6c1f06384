package dev.semblance.harness;

import java.util.List;

/**
 * A device to be tested is there and cannot be used: its program does not start, or does not speak as it should before the test
 * begins. What a device does wrong while it is tested is a finding, and no exception.
 */
public final class UnusableTargetException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    public UnusableTargetException(String message) {
        super(message);
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    public UnusableTargetException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Makes an exception with what the program said last.
     *
     * @param message one sentence
     * @param lastLines the last lines of its standard error
     */
    public UnusableTargetException(String message, List<String> lastLines) {
        super(message, lastLines.stream().map(line -> "    " + line).toList());
    }
}
