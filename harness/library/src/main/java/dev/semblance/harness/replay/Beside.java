package dev.semblance.harness.replay;

import dev.semblance.harness.Futures;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/**
 * Work on another thread while this one does its own. Closing it before its result was taken has it stop, and waits for that:
 * it may read files that the caller removes next.
 */
final class Beside<T> implements AutoCloseable {

    /** How long a stop may take. What does not look at the countdown that long is a fault, which must not hold the others up. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** The work, and who does it. */
    private record Running<T>(FutureTask<T> task, Thread thread) {}

    private final TimeLimit.Countdown countdown;
    private final Optional<Running<T>> running;

    /**
     * Starts the work, if there is any.
     *
     * @param countdown what the work checks now and then
     */
    Beside(TimeLimit.Countdown countdown, Optional<Callable<T>> work) {
        this.countdown = countdown;
        this.running = work.map(FutureTask::new)
                .map(task -> new Running<>(
                        task,
                        Thread.ofPlatform().daemon().name("machine-replay").start(task)));
    }

    /** Waits for the result; empty if there was no work. */
    Optional<T> result() throws IOException, BadImageException {
        return running.isPresent()
                ? Optional.of(Futures.get(running.get().task(), IOException.class, BadImageException.class))
                : Optional.empty();
    }

    @Override
    public void close() {
        if (running.isPresent() && !running.get().task().isDone()) {
            countdown.cancel();
            try {
                running.get().thread().join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
