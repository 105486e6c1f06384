package dev.semblance.harness;

/** The thread that waited for work was interrupted; it stays interrupted. */
public final class WorkInterruptedException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    public WorkInterruptedException(String message) {
        super(message);
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    public WorkInterruptedException(String message, Throwable cause) {
        super(message, cause);
    }
}
