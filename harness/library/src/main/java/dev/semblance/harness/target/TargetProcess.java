package dev.semblance.harness.target;

import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.files.AtExit;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.util.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The program of a device under test: {@code /bin/sh -c COMMAND} in a process of its own, which inherits environment and
 * working folder, and ignores SIGINT. What it writes to standard error is read as it comes, so that it never waits for that, and the last lines
 * of it are kept. Nothing here waits longer than it was told to.
 *
 * <p>One thread uses it; another, of its own, reads standard error.
 */
public final class TargetProcess implements AutoCloseable {

    /** How long a program that was killed is waited for, and its standard error read: both are there by then. */
    private static final Duration KILLED = Duration.ofSeconds(2);

    /** One that is dying has closed its connection, and is gone a moment later. */
    private static final Duration MOMENT = Duration.ofMillis(500);

    /** A program that says nothing for so long has said all for now. */
    private static final Duration QUIET = Duration.ofMillis(250);

    /** How often that is waited for: a sanitizer can take its time between its first line and the end. */
    private static final int ROUNDS = 40;

    /** Ctrl-C is for this process, which ends the program in its own time: dying of it would look like a finding. */
    private static final String KEEP_ON = "trap '' INT\n";

    private final Process process;
    private final ErrorLines errors;
    private Optional<TargetFailure> failure = Optional.empty();
    private boolean ended;

    private TargetProcess(Process process, Predicate<String> harmless) {
        AtExit.kill(process.toHandle());
        this.process = process;
        this.errors = ErrorLines.of(process.getErrorStream(), harmless);
    }

    /**
     * Starts a program.
     *
     * @param launch what is started, and which of its words are no complaint
     * @return the program, which the caller closes
     * @throws UnusableTargetException if there is no shell, or no process to be had; what the shell cannot start, it says, and
     *     ends with 126 or 127
     */
    public static TargetProcess start(TargetLaunch launch) {
        try {
            return new TargetProcess(
                    new ProcessBuilder("/bin/sh", "-c", KEEP_ON + launch.command()).start(), launch.harmless());
        } catch (IOException e) {
            throw new UnusableTargetException(
                    "the target \"" + launch.command() + "\" cannot be started: " + e.getMessage(), e);
        }
    }

    /** {@return its standard input} A write fails once it has ended. */
    public OutputStream input() {
        return process.getOutputStream();
    }

    /** {@return its standard output; a read waits, for ever if need be} */
    public InputStream output() {
        return process.getInputStream();
    }

    /** Has what it writes to standard output read and forgotten, for whoever has no use for it. */
    public void discardOutput() {
        ErrorLines.drain(process.getInputStream());
    }

    /** {@return its number in the system} */
    public long pid() {
        return process.pid();
    }

    /** {@return whether it is there} */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** {@return the last lines of its standard error so far: no more than a screen, each printable and of bounded length} */
    public List<String> lastLines() {
        return errors.lastLines();
    }

    /**
     * {@return what it has done wrong so far} The first failure stays. What it writes to standard error while it goes on is
     * known a moment after it was written; {@link #finish} misses none.
     */
    public Optional<TargetFailure> failure() {
        if (failure.isEmpty() && !ended) {
            if (!process.isAlive()) {
                fail(new Cause.Died(process.exitValue()));
            } else if (errors.complaints() > 0) {
                fail(complaint());
            }
        }
        return failure;
    }

    /** Hears it out: what it says can be its last words. */
    private Cause complaint() {
        long heard = -1;
        for (int round = 0; round < ROUNDS && heard != errors.complaints(); round++) {
            heard = errors.complaints();
            OptionalInt status = awaitExit(QUIET);
            if (status.isPresent()) {
                return new Cause.Died(status.getAsInt());
            }
        }
        return new Cause.Complained();
    }

    /**
     * Notes what it did wrong, as whoever speaks to it finds out. That it died comes before whatever followed from it: one
     * that closed its connection is given a moment to be gone.
     *
     * @param cause what it did
     * @return the failure that counts: the first
     */
    public TargetFailure fail(Cause cause) {
        if (failure.isPresent()) {
            return failure.get();
        }
        Cause counts = cause;
        if (cause instanceof Cause.BrokeProtocol && !ended) {
            OptionalInt status = awaitExit(MOMENT);
            counts = status.isPresent() ? new Cause.Died(status.getAsInt()) : cause;
        }
        if (counts instanceof Cause.Died) {
            // Its last words are what tells why.
            errors.awaitEnd(KILLED);
        }
        TargetFailure found = new TargetFailure(counts, errors.complaintLines());
        failure = Optional.of(found);
        return found;
    }

    /**
     * Waits for its end.
     *
     * @param timeout how long at most
     * @return its exit status, 128 and a signal's number if that killed it; empty if it is still there
     */
    public OptionalInt awaitExit(Duration timeout) {
        try {
            return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    ? OptionalInt.of(process.exitValue())
                    : OptionalInt.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return OptionalInt.empty();
        }
    }

    /**
     * Closes its standard input, at which it is to end, and waits for that. One that does not end hung; one that ends with
     * another status than 0 died; and all that it wrote to standard error is known now.
     *
     * @param timeout how long at most
     * @return how it failed until now
     */
    public Optional<TargetFailure> finish(Duration timeout) {
        return finish(timeout, () -> {});
    }

    /**
     * The same for a program that is told to end in another way besides, such as by a message or the end of a connection.
     *
     * @param timeout how long its end may take at most
     * @param tell tells it; what it does wrong then may be noted by {@link #fail}
     * @return how it failed until now
     */
    public Optional<TargetFailure> finish(Duration timeout, Runnable tell) {
        if (failure().isEmpty() && !ended) {
            tell.run();
            ended = true;
            closeInput();
            OptionalInt status = awaitExit(timeout);
            if (status.isEmpty()) {
                fail(new Cause.Hung("its end, after the end of its input,", timeout));
            } else if (status.getAsInt() != 0) {
                fail(new Cause.Died(status.getAsInt()));
            } else {
                errors.awaitEnd(KILLED);
                if (errors.complaints() > 0) {
                    fail(new Cause.Complained());
                }
            }
        }
        return failure;
    }

    private void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // It is gone, or does not read: which of them, its end tells.
        }
    }

    /** Ends it with all its children, whatever they do. What was found until then stays; nothing is found by this. */
    @Override
    public void close() {
        ended = true;
        ProcessTree.kill(process.toHandle());
        AtExit.forget(process.toHandle());
        boolean gone = awaitExit(KILLED).isPresent();
        // A child that made itself a daemon may still hold it; nobody reads on then.
        errors.awaitEnd(gone ? KILLED : Duration.ZERO);
        closeInput();
    }
}
