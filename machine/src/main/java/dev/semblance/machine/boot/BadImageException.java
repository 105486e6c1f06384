package dev.semblance.machine.boot;

/** An image that cannot be booted. The message is one or two sentences for the person who chose it. */
public final class BadImageException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * Makes an exception: what is wrong, and what to do.
     *
     * @param message one sentence: what is wrong with the image
     */
    public BadImageException(String message) {
        super(message);
    }
}
