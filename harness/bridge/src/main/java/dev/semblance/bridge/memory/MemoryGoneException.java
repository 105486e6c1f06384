package dev.semblance.bridge.memory;

/**
 * Memory that another process shares is no longer there: it made the file shorter after this process had mapped it. What was
 * being copied is lost, and nothing that depends on it may go on.
 */
public final class MemoryGoneException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MemoryGoneException(InternalError cause) {
        super("shared memory was taken away: its file is shorter than it was", cause);
    }
}
