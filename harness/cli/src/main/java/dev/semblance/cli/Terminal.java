package dev.semblance.cli;

import java.io.Console;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * Where a command writes.
 *
 * @param out results; flushed when the command ends
 * @param err messages, and progress if there is any
 * @param shows how it is shown how far long work is
 * @param status the line on which that is, where it is a bar
 * @param standard what is below {@code out}, for bytes that are no text
 */
record Terminal(Printer out, Printer err, Shows shows, StatusLine status, StandardOutput standard) {

    /** How it is shown how far long work is. */
    enum Shows {
        /** Not at all. */
        NOTHING,
        /** What is to be done, where that is much, before it begins. */
        BEGINNING,
        /** A line now and then. */
        LINES,
        /** One line, written over. */
        BAR
    }

    /**
     * Say, as {@code true} or {@code false}, whether standard error and output are terminals: launchers know where they are
     * shell scripts. Java knows of standard input and output together, which is what there is to go by without them.
     */
    private static final String STDERR_IS_TERMINAL = "semblance.stderr.terminal";

    private static final String STDOUT_IS_TERMINAL = "semblance.stdout.terminal";

    /** A terminal whose results go to a writer, so that there is no place for bytes. */
    Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
        this(
                new StandardOutput(OutputStream.nullOutputStream()),
                new Printer(out),
                new Printer(err),
                interactive ? Shows.BAR : Shows.BEGINNING,
                new StatusLine(err));
    }

    private Terminal(StandardOutput standard, Printer out, Printer err, Shows shows, StatusLine status) {
        this(out.above(status), err.above(status), shows, status, standard);
    }

    /** Returns the process's own output. */
    static Terminal ofSystem(Map<String, String> variables) {
        StandardOutput standard = StandardOutput.ofProcess();
        PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
        boolean dumb = variables.getOrDefault("TERM", "").equals("dumb");
        boolean interactive = isTerminal(STDERR_IS_TERMINAL) && !dumb;
        // https://no-color.org: set and not empty, whatever its value is.
        boolean colours = isTerminal(STDOUT_IS_TERMINAL)
                && !dumb
                && variables.getOrDefault("NO_COLOR", "").isEmpty();
        Printer out = new Printer(text(standard, System.out.charset()), System.out.charset());
        return new Terminal(
                standard,
                colours ? out.coloured() : out,
                new Printer(err, System.err.charset()),
                interactive ? Shows.BAR : Shows.BEGINNING,
                new StatusLine(err));
    }

    private static boolean isTerminal(String property) {
        String said = System.getProperty(property);
        return said == null
                ? Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)
                : Boolean.parseBoolean(said);
    }

    /** Returns a terminal whose results go to a stream. */
    static Terminal of(OutputStream out, Charset charset, PrintWriter err, boolean interactive) {
        StandardOutput standard = new StandardOutput(out);
        return new Terminal(
                standard,
                new Printer(text(standard, charset), charset),
                new Printer(err),
                interactive ? Shows.BAR : Shows.BEGINNING,
                new StatusLine(err));
    }

    private static PrintWriter text(StandardOutput standard, Charset charset) {
        // System.out would flush at every line, which a dump of a million lines feels.
        return new PrintWriter(new OutputStreamWriter(standard, charset), false);
    }

    /** Tells whether it is shown again and again how far it is. */
    boolean showsProgress() {
        return shows == Shows.LINES || shows == Shows.BAR;
    }

    /** Tells whether standard error is a terminal, and the user has not asked for quiet. */
    boolean interactive() {
        return shows == Shows.BAR;
    }

    /** Returns the same with results among the messages. */
    Terminal quiet() {
        return new Terminal(err, err, shows, status, standard);
    }

    /** Returns the same that shows progress in another way. */
    Terminal showing(Shows other) {
        return new Terminal(out, err, other, status, standard);
    }
}
