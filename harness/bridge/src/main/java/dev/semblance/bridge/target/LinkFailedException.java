package dev.semblance.bridge.target;

import dev.semblance.harness.target.TargetFailure.Cause;

/** The program at the other end did what no device may do. */
public final class LinkFailedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Cause failure;

    /**
     * Makes an exception.
     *
     * @param failure what it did
     */
    public LinkFailedException(Cause failure) {
        super(failure.toString());
        this.failure = failure;
    }

    /** {@return what it did} */
    public Cause failure() {
        return failure;
    }
}
