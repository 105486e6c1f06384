package dev.semblance.harness.report;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.replay.Divergence;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.replay.SnapshotVerdict;
import dev.semblance.harness.replay.TargetOutcome;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.replay.TraceVerdict.Standing;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.text.EventHistory;
import dev.semblance.harness.trace.text.EventText;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What came of replays as one JSON object (docs/JSON.md). It holds no pictures. One thread at a time. */
public final class ReplayJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final SortedMap<Integer, ObjectNode> traces = new TreeMap<>();

    /** Makes one without traces. */
    public ReplayJson() {}

    /**
     * Adds what came of a trace.
     *
     * @param place its place among the traces
     * @param verdict what came of it
     */
    public void add(int place, TraceVerdict verdict) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        traces.put(place, node);
        node.put("trace", verdict.trace().shownAs())
                .put("name", verdict.trace().name())
                .put("standing", verdict.standing().key())
                .put("exitCode", verdict.exitCode().code());
        switch (verdict) {
            case TraceVerdict.Refused refused -> node.put("problem", refused.reason());
            case TraceVerdict.TimedOut timedOut -> node.put("problem", TextReport.timedOut(timedOut));
            case TraceVerdict.Crashed crashed -> node.put("problem", TextReport.crashed(crashed));
            case TraceVerdict.Replayed replayed -> replayed(node, replayed);
        }
    }

    private static void replayed(ObjectNode node, TraceVerdict.Replayed verdict) {
        verdict.scope().until().ifPresent(until -> until(node.putObject("until"), until));
        outcome(node, "machine", verdict.manifest(), verdict.machine());
        outcome(node, "device", verdict.manifest(), verdict.device());
        verdict.notDone().ifPresent(reason -> node.put("notDone", reason));
        verdict.torn()
                .ifPresent(torn ->
                        node.putObject("torn").put("offset", torn.offset()).put("reason", torn.reason()));
        verdict.cause().ifPresent(cause -> node.put("cause", cause));
        ArrayNode snapshots = node.putArray("snapshots");
        for (SnapshotVerdict snapshot : verdict.snapshots()) {
            ObjectNode one = snapshots
                    .addObject()
                    .put("label", snapshot.label())
                    .put("status", snapshot.status().key())
                    .put("verdict", word(snapshot));
            ArrayNode text = one.putArray("text");
            SnapshotText.sentences(snapshot, verdict.trace().names()).forEach(text::add);
        }
        node.put("unjudgedSnapshots", verdict.scope().unjudged());
        ArrayNode unused = node.putArray("unusedGoldens");
        verdict.unusedGoldens()
                .forEach(golden -> unused.add(verdict.trace().names().of(golden)));
    }

    private static void until(ObjectNode node, Found.There until) {
        node.put("position", until.position().toString())
                .put("events", until.place().passed())
                .put("cycle", until.place().cycle());
    }

    private static void outcome(ObjectNode node, String key, TraceManifest manifest, Optional<ReplayOutcome> outcome) {
        outcome.ifPresent(of -> {
            ObjectNode replay = node.putObject(key)
                    .put("agrees", of.divergence().isEmpty())
                    .put("events", of.agreeing())
                    .put("flushes", of.flushes())
                    .put("excused", of.excused());
            of.target().ifPresent(target -> target(replay.putObject("target"), target));
            of.divergence().ifPresent(difference -> divergence(replay.putObject("divergence"), manifest, difference));
        });
    }

    private static void target(ObjectNode node, TargetOutcome target) {
        node.put("answers", target.answers())
                .put("differing", target.differing())
                .put("allowed", target.allowed());
        ArrayNode differences = node.putArray("differences");
        for (TargetOutcome.AnswerDifference difference : target.differences()) {
            ObjectNode one = differences
                    .addObject()
                    .put("command", difference.command())
                    .put("aspect", difference.aspect().word())
                    .put("expected", difference.expected())
                    .put("actual", difference.actual())
                    .put("sequence", difference.sequence())
                    .put("count", difference.count());
            difference
                    .allowedBy()
                    .ifPresent(by -> one.put("allowedBy", by.place()).put("reason", by.reason()));
        }
        node.put("cursorsLaidOn", target.cursorsLaidOn());
        ArrayNode lacking = node.putArray("notCompared");
        target.notCompared().forEach(lacking::add);
        target.failure().ifPresent(failure -> {
            ObjectNode failed = node.putObject("failure").put("text", failure.text());
            ArrayNode lines = failed.putArray("lastLines");
            failure.lastLines().forEach(lines::add);
            target.known().ifPresent(by -> failed.put("knownBy", by.place()).put("reason", by.reason()));
        });
    }

    private static void divergence(ObjectNode node, TraceManifest manifest, Divergence divergence) {
        Stamped expected = divergence.expected();
        node.put("position", new Position.OfEvent(expected.sequence()).toString())
                .put("sequence", expected.sequence())
                .put("cycle", expected.cycle())
                .put("expected", EventText.describe(manifest, expected))
                .put("actual", DivergenceText.actual(manifest, divergence));
        ArrayNode before = node.putArray("before");
        List<EventHistory.Line> lines =
                EventHistory.lines(divergence.before(), event -> EventText.describe(manifest, event));
        lines.forEach(line -> before.add(line.text()));
    }

    private static String word(SnapshotVerdict verdict) {
        return switch (verdict) {
            case SnapshotVerdict.Match match -> "match";
            case SnapshotVerdict.Accepted accepted -> "accepted";
            case SnapshotVerdict.FailedAsExpected failed -> "failedAsExpected";
            case SnapshotVerdict.UnexpectedPass pass -> "unexpectedPass";
            case SnapshotVerdict.Differs differs -> "differs";
            case SnapshotVerdict.Missing missing -> "missing";
            case SnapshotVerdict.Unreadable unreadable -> "unreadable";
            case SnapshotVerdict.BadRule bad -> "badRule";
            case SnapshotVerdict.NoGoldens none -> "noGoldens";
        };
    }

    /**
     * {@return the object}
     *
     * @param code how the command ends
     * @param standings what the traces count as
     * @param notRun how many more traces there were, which were not replayed after one that did not pass
     */
    public String text(ExitCode code, List<Standing> standings, long notRun) {
        long passed = TextReport.count(standings, Standing.PASS);
        long unchecked = TextReport.count(standings, Standing.UNCHECKED);
        ObjectNode node = JsonNodeFactory.instance
                .objectNode()
                .put("exitCode", code.code())
                .put("passed", passed)
                .put("failed", standings.size() - passed - unchecked)
                .put("unchecked", unchecked)
                .put("notRun", notRun);
        ArrayNode all = node.putArray("traces");
        traces.values().forEach(all::add);
        return MAPPER.writeValueAsString(node);
    }
}
