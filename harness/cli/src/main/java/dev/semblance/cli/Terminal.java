package dev.semblance.cli;

import java.io.Console;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Optional;

/**
 * Where a command writes.
 *
 * @param out results; flushed when the command ends
 * @param err messages, and progress if there is any
 * @param interactive whether {@code err} is a terminal, so that progress is shown
 * @param standard what is below {@code out}, for bytes that are no text
 */
record Terminal(Printer out, Printer err, boolean interactive, StandardOutput standard) {

    /**
     * Says, as {@code true} or {@code false}, whether standard error is a terminal: launchers know where they are shell
     * scripts. Java knows of standard input and output together, which is what there is to go by without it.
     */
    private static final String STDERR_IS_TERMINAL = "semblance.stderr.terminal";

    /** A terminal whose results go to a writer, so that there is no place for bytes. */
    Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
        this(
                new Printer(out),
                new Printer(err),
                interactive,
                new StandardOutput(OutputStream.nullOutputStream()));
    }

    /** Returns the process's own output. */
    static Terminal ofSystem() {
        return of(
                StandardOutput.ofProcess(),
                System.out.charset(),
                new Printer(new PrintWriter(System.err, true, System.err.charset()), System.err.charset()),
                isInteractive());
    }

    private static boolean isInteractive() {
        String said = System.getProperty(STDERR_IS_TERMINAL);
        return said == null
                ? Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                : Boolean.parseBoolean(said);
    }

    /** Returns a terminal whose results go to a stream. */
    static Terminal of(OutputStream out, Charset charset, PrintWriter err, boolean interactive) {
        return of(new StandardOutput(out), charset, new Printer(err), interactive);
    }

    private static Terminal of(StandardOutput standard, Charset charset, Printer err, boolean interactive) {
        // System.out would flush at every line, which a dump of a million lines feels.
        return new Terminal(
                new Printer(new PrintWriter(new OutputStreamWriter(standard, charset), false), charset),
                err,
                interactive,
                standard);
    }

    /** Returns the same with results among the messages. */
    Terminal quiet() {
        return new Terminal(err, err, interactive, standard);
    }
}
