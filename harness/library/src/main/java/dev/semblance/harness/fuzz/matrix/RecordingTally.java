package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.replay.AnswerWatcher;
import dev.semblance.harness.target.dialect.Deviation.Aspect;
import dev.semblance.harness.target.dialect.StepRule;

/** Counts what a target answers in a recording, up to where it is in another state than the recorded device. */
final class RecordingTally implements AnswerWatcher {

    private final TraceFile trace;
    private final Tally tally;
    private boolean inStep = true;

    RecordingTally(TraceFile trace, Tally tally) {
        this.trace = trace;
        this.tally = tally;
    }

    @Override
    public void compared(Answer answer) {
        CellTally cell = tally.of(RowKey.answer(answer.command(), answer.expected()));
        if (!inStep) {
            cell.omit(Omission.Reason.OUT_OF_STEP, "", 1);
            return;
        }
        cell.see(new Seen(
                answer.actual(),
                answer.aspect(),
                answer.allowedBy(),
                1,
                new Place.InRecording(trace, answer.sequence()),
                ""));
        inStep = answer.aspect().filter(aspect -> aspect == Aspect.ANSWER).isEmpty()
                || StepRule.after(
                                answer.command(),
                                answer.expected(),
                                answer.actual(),
                                answer.allowedBy().isPresent())
                        != StepRule.Step.DIFFERENT;
    }
}
