package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.util.Printable;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of the two streams that people and programs read: the only place in the program that prints. Whatever a line is made
 * of, it comes out as one line, with nothing in it that a terminal obeys or that a CI system takes as a command, and without
 * characters that the stream's encoding lacks ({@link Printable}). For several threads.
 */
final class Printer {

    /** Colours and boldness, in the usage text that picocli makes. */
    private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");

    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String PLAIN = "\u001b[0m";

    private final PrintWriter out;
    private final IntPredicate shown;
    private final Optional<StatusLine> status;
    private final boolean colours;

    /** Makes a printer for what can hold every character. */
    Printer(PrintWriter out) {
        this(out, point -> true, Optional.empty(), false);
    }

    /** Makes a printer for a stream in an encoding. */
    Printer(PrintWriter out, Charset charset) {
        this(out, encodable(charset), Optional.empty(), false);
    }

    private Printer(PrintWriter out, IntPredicate shown, Optional<StatusLine> status, boolean colours) {
        this.out = out;
        this.shown = shown;
        this.status = status;
        this.colours = colours;
    }

    /** Returns one that prints above a line of the same terminal. */
    Printer above(StatusLine line) {
        return new Printer(out, shown, Optional.of(line), colours);
    }

    /** Returns one that prints verdicts in colours. */
    Printer coloured() {
        return new Printer(out, shown, status, true);
    }

    private void print(String line) {
        if (status.isPresent()) {
            status.get().above(out, () -> out.println(line));
        } else {
            out.println(line);
        }
    }

    private static IntPredicate encodable(Charset charset) {
        CharsetEncoder encoder = charset.newEncoder();
        return point -> {
            synchronized (encoder) {
                return point < 0x80 || encoder.canEncode(Character.toString(point));
            }
        };
    }

    /** Prints a line. */
    void println(Object line) {
        print(Printable.noCommand(Printable.line(String.valueOf(line), shown)));
    }

    /** Prints a line that may begin with a verdict, which has a colour of its own on a terminal. */
    void verdict(String line) {
        String safe = Printable.noCommand(Printable.line(line, shown));
        print(
                !colours
                        ? safe
                        : safe.startsWith("FAIL ")
                                ? RED + "FAIL" + PLAIN + safe.substring(4)
                                : safe.startsWith("TORN ") ? YELLOW + "TORN" + PLAIN + safe.substring(4) : safe);
    }

    /** Ends a line. */
    void println() {
        print("");
    }

    /** Prints a line of JSON, which means the same as the one given. */
    void json(String line) {
        print(Printable.json(line, shown));
    }

    /** Prints a line that is a command for the CI system: made by us, of text escaped for it. */
    void command(String line) {
        print(Printable.noCommandInside(Printable.line(line, shown)));
    }

    /** Prints what went wrong, after the program's name. */
    void problem(SemblanceException error) {
        problem("", error);
    }

    /** Prints what went wrong, after the program's name and what it went wrong with. */
    void problem(String with, SemblanceException error) {
        boolean first = true;
        for (String line : error.lines()) {
            println(first ? "semblance: " + with + line : line);
            first = false;
        }
    }

    /** Prints where an exception comes from. */
    void stacktrace(Throwable problem) {
        StringWriter trace = new StringWriter();
        problem.printStackTrace(new PrintWriter(trace));
        trace.toString().lines().map(line -> line.replace("\t", "    ")).forEach(this::println);
    }

    /** Prints lines of our own making, tabs included: a script for a shell. */
    void script(String text) {
        text.lines().forEach(out::println);
    }

    /** Prints a line on a terminal that does not return the carriage by itself. */
    void printlnRaw(String line) {
        out.print(Printable.noCommand(Printable.line(line, shown)) + "\r\n");
        out.flush();
    }

    void flush() {
        out.flush();
    }

    /** Tells whether whoever reads this has gone; flushes. */
    boolean checkError() {
        return out.checkError();
    }

    /** Returns where picocli prints its texts about the program, which have several lines, and colours on a terminal. */
    PrintWriter forUsage() {
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] characters, int offset, int length) {
                        out.write(styled(new String(characters, offset, length)));
                    }

                    @Override
                    public void flush() {
                        out.flush();
                    }

                    @Override
                    public void close() throws IOException {
                        flush();
                    }
                },
                true);
    }

    private String styled(String text) {
        StringBuilder safe = new StringBuilder();
        Matcher style = STYLE.matcher(text);
        int from = 0;
        while (style.find()) {
            lines(text.substring(from, style.start()), safe);
            safe.append(style.group());
            from = style.end();
        }
        lines(text.substring(from), safe);
        return safe.toString();
    }

    private void lines(String text, StringBuilder safe) {
        int from = 0;
        for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
            int before = end > from && text.charAt(end - 1) == '\r' ? end - 1 : end;
            safe.append(Printable.line(text.substring(from, before), shown)).append(text, before, end + 1);
            from = end + 1;
        }
        safe.append(Printable.line(text.substring(from), shown));
    }
}
