package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.target.dialect.Dialect;
import java.util.ArrayList;
import java.util.List;

/**
 * What a program says on standard error. Here a word there does not end the test, as it does elsewhere: many programs log what a driver
 * did wrong, and nothing would be known of their answers to that. It is a finding all the same. Two threads use it.
 */
final class Complaints {

    private static final int MOST_LINES = 20;

    private final Dialect dialect;
    private final List<String> lines = new ArrayList<>();

    Complaints(Dialect dialect) {
        this.dialect = dialect;
    }

    /** Takes a line; returns that it does not end the test. */
    synchronized boolean hear(String line) {
        if (!dialect.allowsLine(line) && lines.size() < MOST_LINES) {
            lines.add(line.strip());
        }
        return true;
    }

    /** {@return the first lines since the last call} */
    synchronized List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
