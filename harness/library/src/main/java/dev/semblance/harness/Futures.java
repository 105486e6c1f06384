package dev.semblance.harness;

import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Takes results from other threads as if the work had been done on this one. */
public final class Futures {

    private Futures() {}

    /**
     * Waits for a result of work that throws nothing that is checked.
     *
     * @param <T> what the task computes
     * @param task what is waited for
     * @return what the task computed
     * @throws SemblanceException with {@link ExitCode#INTERRUPTED} if this thread is interrupted meanwhile; it stays interrupted
     */
    public static <T> T get(Future<T> task) {
        return get(task, NoChecked.class, NoChecked.class);
    }

    /**
     * Waits for a result; what the work threw is thrown here.
     *
     * @param <T> what the task computes
     * @param <X> an exception that the task may throw
     * @param task what is waited for
     * @param checked the checked exception that the work may throw
     * @return what the task computed
     * @throws SemblanceException with {@link ExitCode#INTERRUPTED} if this thread is interrupted meanwhile; it stays interrupted
     * @throws X if the task threw it
     */
    public static <T, X extends Exception> T get(Future<T> task, Class<X> checked) throws X {
        return get(task, checked, NoChecked.class);
    }

    /**
     * Waits for a result; what the work threw is thrown here.
     *
     * @param <T> what the task computes
     * @param <X> an exception that the task may throw
     * @param <Y> another one
     * @param task what is waited for
     * @param one a checked exception that the work may throw
     * @param other another
     * @return what the task computed
     * @throws SemblanceException with {@link ExitCode#INTERRUPTED} if this thread is interrupted meanwhile; it stays interrupted
     * @throws X if the task threw it
     * @throws Y if the task threw it
     */
    public static <T, X extends Exception, Y extends Exception> T get(Future<T> task, Class<X> one, Class<Y> other)
            throws X, Y {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkInterruptedException("interrupted", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (one.isInstance(cause)) {
                throw one.cast(cause);
            }
            if (other.isInstance(cause)) {
                throw other.cast(cause);
            }
            if (cause instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            if (cause instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("work on another thread failed: " + cause, e);
        }
    }

    /**
     * Waits for whichever task ends next.
     *
     * @param <T> what the tasks compute
     * @param tasks what is waited for
     * @return the task that has ended
     * @throws SemblanceException with {@link ExitCode#INTERRUPTED} if this thread is interrupted meanwhile; it stays interrupted
     */
    public static <T> Future<T> next(CompletionService<T> tasks) {
        try {
            return tasks.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WorkInterruptedException("interrupted", e);
        }
    }

    /** Never made: stands for no checked exception. */
    private static final class NoChecked extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }
}
