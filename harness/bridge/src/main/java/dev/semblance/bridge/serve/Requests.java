package dev.semblance.bridge.serve;

import dev.semblance.bridge.posix.EventFd;
import dev.semblance.bridge.posix.PosixException;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * What people want while a guest is served, from any thread, for the thread that serves: it looks between two turns, and whoever asks does not
 * wait for it.
 */
final class Requests implements AutoCloseable {

    /** How many may wait. */
    private static final int MOST = 4096;

    /** Something that somebody wants. */
    sealed interface Request {

        /** What a line of standard input says. */
        record Line(String text) implements Request {}

        /** A snapshot under a label that was taken for it already. */
        record Snapshot(String label) implements Request {}

        /** The end of the recording. */
        record Finish() implements Request {}
    }

    private final BlockingQueue<Request> waiting = new ArrayBlockingQueue<>(MOST);
    private final EventFd wakeUp;

    private Requests(EventFd wakeUp) {
        this.wakeUp = wakeUp;
    }

    /**
     * Makes one with nothing in it.
     *
     * @throws PosixException if there are too many open files
     */
    static Requests create() throws PosixException {
        return new Requests(EventFd.create());
    }

    /** {@return what is readable when there is something to look at} */
    EventFd wakeUp() {
        return wakeUp;
    }

    /** Asks for something. Returns whether there was room for it. */
    boolean ask(Request request) {
        boolean taken = waiting.offer(request);
        wake();
        return taken;
    }

    /** Makes the thread that serves look. */
    void wake() {
        synchronized (wakeUp) {
            if (wakeUp.isOpen()) {
                wakeUp.signal();
            }
        }
    }

    /** {@return the next one, in the order in which they came} */
    Optional<Request> next() {
        return Optional.ofNullable(waiting.poll());
    }

    @Override
    public void close() {
        synchronized (wakeUp) {
            wakeUp.close();
        }
    }
}
