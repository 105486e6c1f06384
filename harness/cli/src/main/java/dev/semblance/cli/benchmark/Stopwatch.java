package dev.semblance.cli.benchmark;

import java.util.Arrays;

/** Durations on the host's monotonic clock, and what to make of several. */
final class Stopwatch {

    private final double processorStart = processorTime();
    private final long start = System.nanoTime();

    /** Returns the seconds since this was made. */
    double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    /**
     * Returns the seconds of processor time that this process has used since this was made, all threads together, compiling
     * and collecting included, to about a hundredth. Other programs change it little. NaN where the system does not tell.
     */
    double processorSeconds() {
        return processorTime() - processorStart;
    }

    private static double processorTime() {
        return ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(used -> used.toNanos() / 1e9)
                .orElse(Double.NaN);
    }

    /** Returns the median, for an even count the mean of the two in the middle. */
    static double median(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
