package dev.semblance.harness.rig;

import dev.semblance.harness.trace.TraceEvent;
import java.util.List;

/**
 * A line of a script made from a trace, and what the trace has of its outcome.
 *
 * @param line what the driver did
 * @param sequence the number of the first event that it stands for
 * @param answers to its commands, in order; none where it has no commands
 * @param shown what the device published meanwhile: Flush, ScanoutDisabled, Cursor; or the Snapshot that the line stands for
 * @param notes what of the trace could not be said in a line, and is left out before or in this one
 */
public record TraceStep(
        ScriptLine line, long sequence, List<RecordedAnswer> answers, List<TraceEvent> shown, List<String> notes) {

    /** Copies the lists. */
    public TraceStep {
        answers = List.copyOf(answers);
        shown = List.copyOf(shown);
        notes = List.copyOf(notes);
    }
}
