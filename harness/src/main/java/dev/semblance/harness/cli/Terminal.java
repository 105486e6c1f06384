package dev.semblance.harness.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;

/**
 * Where a command writes.
 *
 * @param out results; flushed when the command ends
 * @param err messages, and progress if there is any
 * @param interactive whether {@code err} is a terminal, so that progress is shown
 */
record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {

    /** Says, as {@code true} or {@code false}, whether standard error is a terminal: the launcher knows, Java does not. */
    private static final String STDERR_IS_TERMINAL = "semblance.stderr.terminal";

    /** Returns the process's own output. */
    static Terminal ofSystem() {
        // System.out would flush at every line, which a dump of a million lines feels.
        PrintWriter out = new PrintWriter(
                new OutputStreamWriter(new FileOutputStream(FileDescriptor.out), System.out.charset()), false);
        return new Terminal(
                out, new PrintWriter(System.err, true, System.err.charset()), Boolean.getBoolean(STDERR_IS_TERMINAL));
    }
}
