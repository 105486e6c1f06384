package dev.semblance.harness;

/** What is there but does not go together: a trace and this version, a device and a recording, images that are not to be had. */
public final class IncompatibleException extends SemblanceException {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception.
     *
     * @param message one sentence
     */
    public IncompatibleException(String message) {
        super(message);
    }

    /**
     * Makes an exception with what led to it.
     *
     * @param message one sentence
     * @param cause what was thrown
     */
    public IncompatibleException(String message, Throwable cause) {
        super(message, cause);
    }
}
