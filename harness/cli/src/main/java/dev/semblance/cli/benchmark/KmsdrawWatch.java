package dev.semblance.cli.benchmark;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Takes the time from the first line of {@code kmsdraw} on the console, "kmsdraw: 1024x768 ...", to its last. */
final class KmsdrawWatch {

    private static final byte[] START = "kmsdraw: 1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "kmsdraw: f".getBytes(StandardCharsets.US_ASCII);

    private final byte[] last = new byte[START.length];
    private Optional<Stopwatch> running = Optional.empty();
    private double seconds;

    void written(byte value) {
        System.arraycopy(last, 1, last, 0, last.length - 1);
        last[last.length - 1] = value;
        if (value == START[START.length - 1] && Arrays.equals(last, START)) {
            running = Optional.of(new Stopwatch());
        } else if (value == END[END.length - 1] && Arrays.equals(last, END)) {
            seconds = running.map(Stopwatch::seconds).orElse(0.0);
        }
    }

    double seconds() {
        return seconds;
    }
}
