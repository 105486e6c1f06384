package dev.semblance.harness;

/** An input that is damaged, or whose parts make no sense together. */
public final class CorruptInputException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    public CorruptInputException(String message) {
        super(message);
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    public CorruptInputException(String message, Throwable cause) {
        super(message, cause);
    }
}
