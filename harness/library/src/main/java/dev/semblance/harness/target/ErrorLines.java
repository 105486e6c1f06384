package dev.semblance.harness.target;

import dev.semblance.harness.util.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The last lines of a stream that a thread of its own reads to its end. Lines and their number are bounded, and nothing in
 * them is hidden: whoever writes there is under test.
 */
final class ErrorLines {

    /** How many lines are kept. */
    static final int MOST_LINES = 20;

    /** How many bytes of each; the rest of a longer one is left out. */
    static final int MOST_BYTES = 240;

    /**
     * A line as it is shown.
     *
     * @param harmless whether it is no complaint
     */
    private record Line(String text, boolean harmless) {}

    private final ArrayDeque<Line> lines = new ArrayDeque<>();
    private final byte[] line = new byte[MOST_BYTES];
    private final Thread reader;
    private int length;
    private boolean cut;
    private long complaints;
    private final Predicate<String> harmless;

    private ErrorLines(InputStream stream, Predicate<String> harmless) {
        this.harmless = harmless;
        reader = start(() -> read(stream));
    }

    /**
     * Begins to read a stream.
     *
     * @param harmless which lines are no complaint
     */
    static ErrorLines of(InputStream stream, Predicate<String> harmless) {
        return new ErrorLines(stream, harmless);
    }

    /** Has a stream read to its end and forgotten. */
    static void drain(InputStream stream) {
        start(() -> {
            byte[] bytes = new byte[8192];
            try {
                while (stream.read(bytes) >= 0) {
                    // Nobody wants it.
                }
            } catch (IOException e) {
                // The process is gone.
            }
        });
    }

    private static Thread start(Runnable work) {
        return Thread.ofPlatform().daemon().name("target-reader").start(work);
    }

    private void read(InputStream stream) {
        byte[] bytes = new byte[8192];
        try {
            for (int read = stream.read(bytes); read >= 0; read = stream.read(bytes)) {
                take(bytes, read);
            }
        } catch (IOException e) {
            // The process is gone.
        }
        last();
    }

    /** A last line that has no end counts like any other. */
    private synchronized void last() {
        if (length > 0) {
            end();
        }
    }

    private synchronized void take(byte[] bytes, int read) {
        for (int i = 0; i < read; i++) {
            if (bytes[i] == '\n') {
                end();
            } else if (length < MOST_BYTES) {
                line[length++] = bytes[i];
            } else {
                cut = true;
            }
        }
    }

    /** Makes room for a line: what is no complaint goes first, so that many of those bury none. */
    private void makeRoom() {
        if (lines.size() == MOST_LINES) {
            lines.remove(lines.stream().filter(Line::harmless).findFirst().orElseGet(lines::getFirst));
        }
    }

    private void end() {
        makeRoom();
        String text = current();
        // Some libraries begin with an empty line.
        boolean fine = text.isBlank() || harmless.test(text);
        complaints += fine ? 0 : 1;
        lines.add(new Line(text, fine));
        length = 0;
        cut = false;
    }

    private String current() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        return Printable.noCommand(Printable.line(text)) + (cut ? " ..." : "");
    }

    /** {@return how many lines have come that are not harmless} */
    synchronized long complaints() {
        return complaints;
    }

    /** {@return the last lines, the one that is not ended among them} */
    synchronized List<String> lastLines() {
        ArrayDeque<String> all = new ArrayDeque<>();
        lines.forEach(one -> all.add(one.text()));
        if (length == 0) {
            return List.copyOf(all);
        }
        if (all.size() == MOST_LINES) {
            all.removeFirst();
        }
        all.add(current());
        return List.copyOf(all);
    }

    /** {@return of the last lines those from the first that is a complaint on, if one is among them; else all} */
    synchronized List<String> complaintLines() {
        List<String> from =
                lines.stream().dropWhile(Line::harmless).map(Line::text).toList();
        return from.isEmpty() ? lastLines() : from;
    }

    /** Waits for the end of the stream, but no longer than that. */
    void awaitEnd(Duration timeout) {
        try {
            reader.join(timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
