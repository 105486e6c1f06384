package dev.semblance.harness.trace;

/** How a trace that was read to its end had ended. */
public sealed interface TraceStatus {

    /** {@return what was read} */
    TraceTotals totals();

    /**
     * The recording was finished, and everything in the file is as it was written.
     *
     * @param totals what was read
     */
    record Complete(TraceTotals totals) implements TraceStatus {}

    /**
     * The file stops early: the recording was killed, or the file was cut. All events before that are good.
     *
     * @param totals what was read
     * @param offset where in the file the good part ends
     * @param reason what is missing
     */
    record Torn(TraceTotals totals, long offset, String reason) implements TraceStatus {}
}
