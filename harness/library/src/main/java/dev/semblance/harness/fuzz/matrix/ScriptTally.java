package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.fuzz.differential.Comparison;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DisplayEvent;
import dev.semblance.harness.fuzz.differential.ScriptCheck.Watcher;
import dev.semblance.harness.fuzz.matrix.ScriptCases.At;
import dev.semblance.harness.rig.CommandAnswer;
import dev.semblance.harness.rig.ScriptLine;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Counts what a target does in a script. */
final class ScriptTally implements Watcher {

    private final long number;
    private final ScriptCases cases;
    private final Tally tally;
    private final BiConsumer<DeviceDifference, Place> others;
    private final SortedMap<At, RowKey> untold;

    /**
     * Makes a count.
     *
     * @param number of the script
     * @param tally to which it is added
     * @param others told of what is neither an answer nor a picture
     */
    ScriptTally(long number, ScriptCases cases, Tally tally, BiConsumer<DeviceDifference, Place> others) {
        this.number = number;
        this.cases = cases;
        this.tally = tally;
        this.others = others;
        this.untold = new TreeMap<>(cases.all());
    }

    /** Says why the cases of a line say nothing that were not compared. */
    void omitLine(int line, Omission.Reason reason, String detail) {
        omit(untold.subMap(new At(line, At.PICTURE), new At(line + 1, At.PICTURE)), reason, detail);
    }

    /** Says why the cases say nothing that were not compared. */
    void omitRest(Omission.Reason reason, String detail) {
        omit(untold, reason, detail);
    }

    private void omit(SortedMap<At, RowKey> cases, Omission.Reason reason, String detail) {
        cases.values().forEach(key -> tally.of(key).omit(reason, detail, 1));
        cases.clear();
    }

    @Override
    public void passed(DeviceDifference difference) {
        others.accept(difference, Place.InScript.at(number, difference.line()));
    }

    @Override
    public void answered(int line, ScriptLine.Command command, CommandAnswer answer, List<DisplayEvent> shown) {
        // What it is beside the reference's is told too.
    }

    @Override
    public void compared(Comparison comparison) {
        switch (comparison) {
            case Comparison.Answer answer ->
                count(
                        new At(answer.line(), answer.place()),
                        RowKey.answer(answer.command(), answer.expected()),
                        answer.actual(),
                        answer.relation());
            case Comparison.Picture picture ->
                cases.at(new At(picture.line(), At.PICTURE))
                        .ifPresent(key ->
                                count(new At(picture.line(), At.PICTURE), key, RowKey.PICTURE, picture.relation()));
        }
    }

    private void count(At at, RowKey asked, String outcome, Comparison.Relation relation) {
        Optional<RowKey> key = cases.at(at);
        if (key.isEmpty()) {
            return;
        }
        untold.remove(at);
        CellTally cell = tally.of(key.get());
        Place place = Place.InScript.at(number, at.line());
        if (!key.get().equals(asked)) {
            cell.omit(Omission.Reason.DISPLAYS_STAY, "", 1);
            return;
        }
        switch (relation) {
            case Comparison.Same same -> cell.see(new Seen(outcome, Optional.empty(), Optional.empty(), 1, place, ""));
            case Comparison.Differs differs ->
                cell.see(new Seen(
                        outcome, Optional.of(differs.aspect()), differs.allowedBy(), 1, place, differs.detail()));
            case Comparison.NotCompared not -> cell.omit(reason(not.reason()), "", 1);
        }
    }

    private static Omission.Reason reason(Comparison.Reason reason) {
        return switch (reason) {
            case OUT_OF_STEP -> Omission.Reason.OUT_OF_STEP;
            case NOT_ITS_OWN -> Omission.Reason.NOT_ITS_OWN;
            case SHOWN_DIFFERS -> Omission.Reason.SHOWN_DIFFERS;
            case NOT_SHOWN -> Omission.Reason.NOT_SHOWN;
        };
    }
}
