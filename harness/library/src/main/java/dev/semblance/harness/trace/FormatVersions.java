package dev.semblance.harness.trace;

import dev.semblance.harness.trace.TraceEvent.End;

/** What came into the format with which version (docs/TRACE_FORMAT.md, "Versions"). */
final class FormatVersions {

    /** The version that everything belongs to that is not named here. */
    static final int FIRST = 1;

    private static final int STUCK = 2;

    private FormatVersions() {}

    /** {@return the lowest version that has an event} A trace has the version of the newest thing in it. */
    static int of(TraceEvent event) {
        return event instanceof End end && end.reason() == End.Reason.STUCK ? STUCK : FIRST;
    }
}
