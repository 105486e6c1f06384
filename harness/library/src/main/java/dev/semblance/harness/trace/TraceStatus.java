package dev.semblance.harness.trace;

/** How a trace that was read to its end had ended. */
public sealed interface TraceStatus {

    /** Returns what was read. */
    TraceTotals totals();

    /** The recording was finished, and everything in the file is as it was written. */
    record Complete(TraceTotals totals) implements TraceStatus {}

    /**
     * The file stops early: the recording was killed, or the file was cut. All events before that are good.
     *
     * @param offset where in the file the good part ends
     * @param reason what is missing
     */
    record Torn(TraceTotals totals, long offset, String reason) implements TraceStatus {}
}
