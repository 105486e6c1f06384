package dev.semblance.cli;

import dev.semblance.harness.util.Printable;
import java.io.PrintWriter;

/** The last line of a terminal, written over again and again. What else is printed goes above it. For several threads. */
final class StatusLine {

    private static final int WIDTH = 78;

    private final PrintWriter err;
    private int shown;

    StatusLine(PrintWriter err) {
        this.err = err;
    }

    /** Shows a text, cut to the width of a terminal. */
    synchronized void show(String text) {
        String line = Printable.line(text);
        String cut = line.length() > WIDTH ? line.substring(0, WIDTH - 3) + "..." : line;
        err.print("\r" + cut + " ".repeat(Math.max(0, shown - cut.length())));
        err.flush();
        shown = cut.length();
    }

    /** Takes the text away. */
    synchronized void clear() {
        if (shown > 0) {
            err.print("\r" + " ".repeat(shown) + "\r");
            err.flush();
            shown = 0;
        }
    }

    /** Prints something above it, at once. */
    synchronized void above(PrintWriter out, Runnable print) {
        boolean underway = shown > 0;
        clear();
        print.run();
        if (underway) {
            out.flush();
        }
    }
}
