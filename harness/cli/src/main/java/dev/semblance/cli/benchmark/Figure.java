package dev.semblance.cli.benchmark;

/**
 * Something measured.
 *
 * @param what it is
 * @param value with its unit
 * @param promise what the project promises, with whether it is kept; empty where nothing is
 */
public record Figure(String what, String value, String promise) {

    static Figure of(String what, String value) {
        return new Figure(what, value, "");
    }

    /** Returns this figure with the promise that {@code value} is at most {@code limit}. */
    Figure atMost(double value, double limit, String limitInWords) {
        return new Figure(what, this.value, "at most " + limitInWords + kept(value <= limit));
    }

    /** Returns this figure with the promise that {@code value} is at least {@code limit}. */
    Figure atLeast(double value, double limit, String limitInWords) {
        return new Figure(what, this.value, "at least " + limitInWords + kept(value >= limit));
    }

    private static String kept(boolean kept) {
        return kept ? ": kept" : ": NOT KEPT";
    }
}
