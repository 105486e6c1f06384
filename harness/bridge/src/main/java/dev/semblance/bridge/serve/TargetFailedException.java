package dev.semblance.bridge.serve;

import dev.semblance.harness.target.TargetFailure;

/** The target did what no device may do, in the middle of a command: of that nothing is in the trace. */
final class TargetFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient TargetFailure failure;

    TargetFailedException(TargetFailure failure) {
        super(failure.text());
        this.failure = failure;
    }

    TargetFailure failure() {
        return failure;
    }
}
