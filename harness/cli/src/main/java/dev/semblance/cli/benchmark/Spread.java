package dev.semblance.cli.benchmark;

import dev.semblance.harness.util.Text;
import java.util.Arrays;

/**
 * What was measured several times: the median, with the least and the most, so that a reader sees how far a figure can be trusted.
 *
 * @param values one or more, in the order of the runs
 */
record Spread(double... values) {

    Spread {
        if (values.length == 0) {
            throw new IllegalArgumentException("no values");
        }
        values = values.clone();
    }

    /** Returns, run by run, how many times the other this is: each pair ran one after the other. */
    Spread over(Spread other) {
        double[] ratios = new double[values.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = values[i] / other.values[i];
        }
        return new Spread(ratios);
    }

    double median() {
        return Stopwatch.median(values);
    }

    private double least() {
        return Arrays.stream(values).min().orElseThrow();
    }

    private double most() {
        return Arrays.stream(values).max().orElseThrow();
    }

    String ratio() {
        return Text.format("%.3f (%.3f to %.3f)", median(), least(), most());
    }

    String mips() {
        return Text.format("%.0f MIPS (%.0f to %.0f)", median(), least(), most());
    }

    String seconds() {
        return Text.format("%.2f s (%.2f to %.2f)", median(), least(), most());
    }
}
