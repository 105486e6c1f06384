package dev.semblance.harness.fuzz.matrix;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableTargetException;
import dev.semblance.harness.fuzz.FuzzScript;
import dev.semblance.harness.fuzz.differential.DeviceDifference;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.TargetJudgement;
import dev.semblance.harness.replay.TargetOutcome;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.target.Capability;
import dev.semblance.harness.target.DeviceUnderTest;
import dev.semblance.harness.target.TargetFailure;
import dev.semblance.harness.target.dialect.CommandName;
import dev.semblance.harness.util.Text;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongConsumer;

/** A target on its way through recordings and scripts. */
final class Column {

    /** A target that hangs takes its time each time. */
    private static final int MOST_HANGS = 3;

    /** How many kinds of findings are told apart: what a target says is in them. */
    private static final int MOST_FINDINGS = 40;

    /** How many of them may be what its program says: it can say anything. */
    private static final int MOST_COMPLAINTS = 20;

    private static final String OTHERS = "of any other kind";

    private final ComparedTarget target;
    private final Allowance allowance;
    private final Complaints complaints;
    private final DeviceUnderTest.Factory device;
    private final Tally tally = new Tally();
    private final Map<String, TargetFinding> findings = new LinkedHashMap<>();
    private String unusable = "";
    private int hangs;

    Column(ComparedTarget target, Allowance allowance) {
        this.target = target;
        this.allowance = allowance;
        this.complaints = new Complaints(target.dialect());
        this.device = target.maker().hearing(complaints::hear);
    }

    /** {@return why nothing more is run on the target; empty if something is} */
    private Optional<String> over() {
        if (!unusable.isEmpty()) {
            return Optional.of(unusable);
        }
        if (hangs >= MOST_HANGS) {
            return Optional.of(Text.format("it hung %d times", hangs));
        }
        return allowance.isUsedUp() ? Optional.of("its time was up") : Optional.empty();
    }

    /** Runs a script of the battery. */
    void run(long number, FuzzScript script, ScriptCases cases) {
        ScriptTally own = new ScriptTally(number, cases, tally, this::note);
        Optional<String> over = over();
        if (over.isPresent()) {
            own.omitRest(Omission.Reason.NOT_RUN, over.get());
            return;
        }
        allowance.begin();
        try {
            run(script, own).ifPresent(end -> ended(number, script, end, own));
        } catch (UnusableTargetException e) {
            unusable = String.valueOf(e.getMessage());
            own.omitRest(Omission.Reason.NOT_RUN, unusable);
        } finally {
            allowance.end();
        }
        hear(new Place.InScript(number, OptionalInt.empty()));
        own.omitRest(Omission.Reason.NOT_REACHED, "");
    }

    private Optional<DeviceDifference> run(FuzzScript script, ScriptTally own) {
        return new DifferentialRun(script.settings(), device)
                .ofWhatADriverSees()
                .in(target.dialect())
                .goingOn()
                .run(script.lines(), own);
    }

    private void ended(long number, FuzzScript script, DeviceDifference end, ScriptTally own) {
        int line = Math.min(end.line(), script.lines().size() - 1);
        int finding = note(end.signature(), end.text(), Place.InScript.at(number, line));
        end.failure().ifPresent(this::failed);
        String cause = Text.format(
                "%s (finding %d)", end.failure().map(TargetFailure::kind).orElse("failed"), finding);
        own.omitLine(end.line(), Omission.Reason.ENDED_HERE, cause);
        own.omitRest(Omission.Reason.NOT_REACHED, cause);
    }

    private void failed(TargetFailure failure) {
        hangs += failure.cause() instanceof TargetFailure.Cause.Hung ? 1 : 0;
        if (failure.cause() instanceof TargetFailure.Cause.Died) {
            // Its last words belong to its death, and are told with that.
            complaints.take();
        }
    }

    /** Notes what the program said; returns the numbers of the findings. */
    private List<Integer> hear(Place place) {
        return complaints.take().stream()
                .map(line -> new TargetFailure(new TargetFailure.Cause.Complained(), List.of(line)))
                .map(said -> note(said.signature(), MOST_COMPLAINTS, said.text(), place))
                .distinct()
                .toList();
    }

    private void note(DeviceDifference passed, Place place) {
        note(passed.signature(), passed.text(), place);
    }

    /** Notes a finding; returns its number, from 1. */
    private int note(String signature, String text, Place place) {
        return note(signature, MOST_FINDINGS, text, place);
    }

    private int note(String signature, int most, String text, Place place) {
        String kind = findings.containsKey(signature) || findings.size() < most ? signature : OTHERS;
        findings.merge(kind, new TargetFinding(kind, text, place, 1), (known, unused) -> known.again());
        return List.copyOf(findings.keySet()).indexOf(kind) + 1;
    }

    /**
     * Replays a recording.
     *
     * @param counts how many cases it has, row by row
     */
    RecordingCell replay(
            TraceFile trace,
            TraceReplay replay,
            Goldens goldens,
            SortedMap<RowKey, Long> counts,
            LongConsumer progress) {
        Optional<String> over = over();
        Tally own = new Tally();
        if (over.isPresent()) {
            own.omitRest(counts, Omission.Reason.NOT_RUN, over.get());
            tally.add(own);
            return RecordingCell.notRun(over.get());
        }
        allowance.begin();
        TraceVerdict verdict = replay.into(
                        device, new TargetJudgement(target.dialect(), false), new RecordingTally(trace, own))
                .replay(trace, goldens, progress);
        allowance.end();
        Optional<TargetOutcome> outcome = verdict instanceof TraceVerdict.Replayed replayed
                ? replayed.device().flatMap(ReplayOutcome::target)
                : Optional.empty();
        String cause = outcome.flatMap(TargetOutcome::failure)
                .map(failure -> Text.format("%s (finding %d)", failure.kind(), failed(trace, verdict, failure)))
                .orElse("");
        List<Integer> heard = hear(new Place.InRecording(trace, OptionalLong.empty()));
        RecordingCell cell = RecordingCell.of(verdict, heard);
        if (counts.isEmpty()) {
            return cell; // It cannot be read, as the cell says.
        }
        if (outcome.isEmpty()) {
            own.omitRest(counts, Omission.Reason.NOT_RUN, cell.text());
        } else {
            if (outcome.get().notCompared().contains(Capability.DISPLAY_ANSWERS.words())) {
                own.omitRest(aboutDisplays(counts), Omission.Reason.NOT_ITS_OWN, "");
            }
            own.omitRest(counts, Omission.Reason.NOT_REACHED, cause);
        }
        tally.add(own);
        return cell;
    }

    private int failed(TraceFile trace, TraceVerdict verdict, TargetFailure failure) {
        long sequence = verdict instanceof TraceVerdict.Replayed replayed
                ? replayed.device().map(ReplayOutcome::agreeing).orElse(0L)
                : 0;
        failed(failure);
        return note("FAILURE " + failure.signature(), failure.text(), new Place.InRecording(trace, sequence));
    }

    private static SortedMap<RowKey, Long> aboutDisplays(SortedMap<RowKey, Long> counts) {
        SortedMap<RowKey, Long> about = new TreeMap<>(counts);
        about.keySet().removeIf(key -> !CommandName.asksForDisplays(key.command()));
        return about;
    }

    Tally tally() {
        return tally;
    }

    TargetMatrix.Column result() {
        return new TargetMatrix.Column(target, List.copyOf(findings.values()), unusable);
    }
}
