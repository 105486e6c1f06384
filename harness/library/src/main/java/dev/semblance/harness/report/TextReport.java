package dev.semblance.harness.report;

import dev.semblance.harness.FileNames;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.ReplayScope;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.replay.TraceVerdict.Standing;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.util.Printable;
import dev.semblance.harness.util.Text;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Verdicts as text: one line for what passed, everything needed to understand it for what did not. */
public final class TextReport {

    private static final String INDENT = "    ";

    /** Of a replay that stopped where it began. */
    static final String NOTHING_COMPARED = "Nothing was compared: the replay stopped before the first event.";

    private TextReport() {}

    /** {@return the lines for one trace, with nothing hidden in them} */
    public static List<String> lines(TraceVerdict verdict) {
        List<String> lines = new ArrayList<>();
        switch (verdict) {
            case TraceVerdict.Refused refused -> refused(refused, lines);
            case TraceVerdict.TimedOut timedOut ->
                lines.add(Text.format("FAIL  %s: %s", timedOut.trace(), timedOut(timedOut)));
            case TraceVerdict.Crashed crashed -> {
                lines.add(Text.format("FAIL  %s: %s", crashed.trace(), crashed(crashed)));
                crashed.places().forEach(place -> lines.add(INDENT + place));
            }
            case TraceVerdict.Replayed replayed -> replayed(replayed, lines);
        }
        return lines.stream().map(Printable::line).toList();
    }

    private static void refused(TraceVerdict.Refused refused, List<String> lines) {
        List<String> reason = refused.reason().lines().toList();
        lines.add(Text.format("FAIL  %s: %s", refused.trace(), reason.isEmpty() ? "" : reason.getFirst()));
        reason.stream().skip(1).forEach(place -> lines.add(INDENT + place));
    }

    static String timedOut(TraceVerdict.TimedOut verdict) {
        return Text.format(
                "the replay was ended after %s seconds, the most that it may take",
                BigDecimal.valueOf(verdict.limit().toMillis(), 3)
                        .stripTrailingZeros()
                        .toPlainString());
    }

    static String crashed(TraceVerdict.Crashed verdict) {
        return "internal error, please report it with the trace: " + verdict.problem();
    }

    /** {@return the line that sums up several traces} */
    public static String summary(List<Standing> traces) {
        return summary(traces, 0);
    }

    /**
     * {@return the line that sums up several traces}
     *
     * @param traces what came of those that were replayed
     * @param notRun how many more there were, which were not replayed after one that did not pass
     */
    public static String summary(List<Standing> traces, long notRun) {
        String replayed = replayed(traces);
        return notRun == 0
                ? replayed
                : Text.format("%s; %s not run", replayed, Text.count(notRun, "more was", "more were"));
    }

    private static String replayed(List<Standing> traces) {
        long passed = count(traces, Standing.PASS);
        long unchecked = count(traces, Standing.UNCHECKED);
        return Text.format(
                "%s: %d passed, %d failed%s",
                Text.count(traces.size(), "trace"),
                passed,
                traces.size() - passed - unchecked,
                unchecked == 0
                        ? ""
                        : Text.format(
                                ", %d unchecked (not all of %s was compared with goldens)",
                                unchecked, unchecked == 1 ? "it" : "them"));
    }

    static long count(List<Standing> traces, Standing standing) {
        return traces.stream().filter(each -> each == standing).count();
    }

    /** {@return the sentence for a golden that no snapshot was compared with} */
    static String unused(Path golden, FileNames names) {
        return Text.format(
                "No snapshot of the trace is named as its golden %s is: nothing was compared with that.",
                names.of(golden));
    }

    private static void replayed(TraceVerdict.Replayed verdict, List<String> lines) {
        List<String> parts = new ArrayList<>();
        verdict.machine().ifPresent(outcome -> parts.add("machine " + outcome(outcome)));
        verdict.device()
                .ifPresent(outcome -> parts.add(outcome.target()
                        .map(target -> "target: " + TargetText.answers(target))
                        .orElseGet(() -> "device " + outcome(outcome))));
        parts.add(snapshots(verdict));
        lines.add(Text.format(
                "%s  %s: %s%s",
                verdict.standing().word(),
                verdict.trace(),
                verdict.scope().until().map(until -> "up to " + until + ", ").orElse(""),
                String.join("; ", parts)));
        if (verdict.comparedNothing()) {
            lines.add(INDENT + NOTHING_COMPARED);
        }
        verdict.notDone().ifPresent(reason -> lines.add(INDENT + reason));
        verdict.torn()
                .ifPresent(torn -> lines.add(INDENT
                        + Text.format(
                                "The trace is torn at byte %d: %s. What comes before that was replayed.",
                                torn.offset(), torn.reason())));
        verdict.cause().ifPresent(line -> lines.add(INDENT + line));
        divergences(verdict, lines);
        TargetText.of(verdict.device()).forEach(line -> lines.add(INDENT + line));
        for (SnapshotVerdict snapshot : verdict.snapshots()) {
            SnapshotText.sentences(snapshot, verdict.trace().names()).forEach(line -> lines.add(INDENT + line));
        }
        verdict.unusedGoldens()
                .forEach(golden -> lines.add(
                        INDENT + "warning: " + unused(golden, verdict.trace().names())));
    }

    private static String outcome(ReplayOutcome outcome) {
        String text = agreement(outcome);
        return outcome.excused() == 0 ? text : Text.format("%s (%s, as the policy allows)", text, differing(outcome));
    }

    /** {@return how many pictures a policy lets be other than recorded} */
    static String differing(ReplayOutcome outcome) {
        return Text.count(outcome.excused(), "picture differs", "pictures differ");
    }

    /** {@return how far a replay agrees} */
    static String agreement(ReplayOutcome outcome) {
        return outcome.divergence().isPresent()
                ? Text.format("differs after %s", Text.count(outcome.agreeing(), "event"))
                : Text.format(
                        "agrees in %s, %s",
                        Text.count(outcome.events(), "event"), Text.count(outcome.flushes(), "flush", "flushes"));
    }

    /** {@return what of a trace was not tested, as sentences; none where all was} */
    static List<String> untested(ReplayScope scope) {
        List<String> sentences = new ArrayList<>();
        scope.until()
                .ifPresent(until -> sentences.add(
                        Text.format("It was replayed up to %s; what comes behind that was not tested.", until)));
        if (scope.unjudged() > 0) {
            sentences.add(Text.format(
                    "%s, for only others were asked for.",
                    Text.count(
                            scope.unjudged(),
                            "snapshot was not compared with its golden",
                            "snapshots were not compared with their goldens")));
        }
        return sentences;
    }

    private static String snapshots(TraceVerdict.Replayed verdict) {
        boolean blind = verdict.device()
                .flatMap(ReplayOutcome::target)
                .filter(target -> !target.comparedPictures())
                .isPresent();
        if (blind) {
            return "no picture compared, for the target shows none";
        }
        long unjudged = verdict.scope().unjudged();
        String judged = snapshots(verdict.snapshots(), verdict.scope());
        return unjudged == 0 ? judged : Text.format("%s, %d not judged", judged, unjudged);
    }

    private static String snapshots(List<SnapshotVerdict> snapshots, ReplayScope scope) {
        long without = snapshots.stream()
                .filter(s -> s instanceof SnapshotVerdict.NoGoldens)
                .count();
        if (snapshots.isEmpty()) {
            return scope.equals(ReplayScope.ALL)
                    ? "no snapshots, compared by its events alone"
                    : scope.until().isPresent() ? "no snapshot judged up to there" : "no snapshot judged";
        }
        if (without == snapshots.size()) {
            return Text.count(snapshots.size(), "snapshot") + " compared with nothing, for there are no goldens";
        }
        long matching = snapshots.stream()
                .filter(s -> s instanceof SnapshotVerdict.Match)
                .count();
        String text = Text.format(
                "%d of %s",
                matching, Text.count(snapshots.size(), "snapshot matches its golden", "snapshots match their goldens"));
        long byRule = snapshots.stream()
                .filter(s -> s.passes() && s.decision().rule().isPresent() && !(s instanceof SnapshotVerdict.Match))
                .count();
        return byRule == 0
                ? text
                : Text.format("%s, %s by the policy", text, Text.count(byRule, "more passes", "more pass"));
    }

    private static void divergences(TraceVerdict.Replayed verdict, List<String> lines) {
        List<String> device = divergence(verdict.manifest(), verdict.device());
        List<String> machine = divergence(verdict.manifest(), verdict.machine());
        if (!device.isEmpty() && device.equals(machine)) {
            block("Both replays", device, lines);
        } else {
            block("Device replay", device, lines);
            block("Machine replay", machine, lines);
        }
    }

    private static List<String> divergence(TraceManifest manifest, Optional<ReplayOutcome> outcome) {
        return outcome.flatMap(ReplayOutcome::divergence)
                .map(divergence -> DivergenceText.lines(manifest, divergence))
                .orElse(List.of());
    }

    private static void block(String replay, List<String> divergence, List<String> lines) {
        if (!divergence.isEmpty()) {
            lines.add(INDENT + replay + ", first difference:");
            divergence.forEach(line -> lines.add(INDENT + line));
        }
    }
}
