package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableOutputException;
import dev.semblance.harness.files.Interruption;
import dev.semblance.harness.rig.ScriptRunner;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends the recording of a script once: at the script's end, or as the process is told to end, which happens mostly while the
 * next line is waited for, so that the thread that runs the script cannot do it.
 */
final class InterruptedExec implements AutoCloseable {

    /** How long a line may still take. */
    private static final long PATIENCE_SECONDS = 20;

    private final ReentrantLock running;
    private final ScriptRunner runner;
    private final TraceWriter writer;
    private final Terminal terminal;
    private final Path output;
    private final Interruption interruption;
    private boolean ended;

    /**
     * Listens from now on.
     *
     * @param running held while a line is run
     */
    InterruptedExec(ReentrantLock running, ScriptRunner runner, TraceWriter writer, Terminal terminal, Path output) {
        this.running = running;
        this.runner = runner;
        this.writer = writer;
        this.terminal = terminal;
        this.output = output;
        this.interruption = Interruption.listen(this::interrupt);
    }

    /** Ends the recording, unless that is done. */
    void end(TraceEvent.End.Reason reason) throws IOException {
        running.lock();
        try {
            if (!ended) {
                ended = true;
                runner.end(reason);
                writer.complete();
            }
        } finally {
            running.unlock();
        }
    }

    private void interrupt() {
        boolean locked = false;
        try {
            locked = running.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (locked && !ended) {
                end(TraceEvent.End.Reason.INTERRUPTED);
                terminal.err().println("semblance: interrupted; what was recorded up to here is in " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException e) {
            tell(UnusableOutputException.of(output, e));
        } catch (UncheckedIOException e) {
            tell(UnusableOutputException.of(output, e));
        } finally {
            terminal.err().flush();
            // The lock is kept: no line is run after the end.
            interruption.close();
        }
    }

    private void tell(SemblanceException problem) {
        terminal.err().problem(problem);
    }

    @Override
    public void close() {
        interruption.close();
    }
}
