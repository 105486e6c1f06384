package dev.semblance.harness.files;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Lets work that is told to end by Ctrl-C or SIGTERM come to a proper end: the process waits for it, up to a limit, and
 * then ends by the signal (exit code 130 or 143). Listen while the work lasts, and close when all is done.
 */
public final class Interruption implements AutoCloseable {

    /** How long the process waits. Minimizing a counterexample is the longest that anything does after it was told to end. */
    private static final long GRACE_SECONDS = 40;

    private final Runnable action;
    private final AtomicBoolean requested = new AtomicBoolean();
    private final CountDownLatch done = new CountDownLatch(1);

    private Interruption(Runnable action) {
        this.action = action;
    }

    /** Listens for somebody who looks at {@link #isRequested} now and then. */
    public static Interruption listen() {
        return listen(() -> {});
    }

    /**
     * Listens.
     *
     * @param action run on a thread of its own as the process is told to end
     */
    public static Interruption listen(Runnable action) {
        Interruption interruption = new Interruption(action);
        AtExit.listen(interruption);
        return interruption;
    }

    /** {@return whether the process has been told to end} */
    public boolean isRequested() {
        return requested.get();
    }

    /** Does what the signal does. */
    void interrupt() {
        requested.set(true);
        action.run();
        try {
            if (!done.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says that the work has come to its end: the process need not wait for it. */
    @Override
    public void close() {
        done.countDown();
        AtExit.forget(this);
    }
}
