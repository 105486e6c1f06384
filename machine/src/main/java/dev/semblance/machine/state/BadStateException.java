package dev.semblance.machine.state;

/** A saved state is damaged, or of another machine. The message is a sentence for people. */
public final class BadStateException extends Exception {

    private static final long serialVersionUID = 1;

    /**
     * Makes an exception.
     *
     * @param message a sentence for people
     */
    public BadStateException(String message) {
        super(message);
    }
}
