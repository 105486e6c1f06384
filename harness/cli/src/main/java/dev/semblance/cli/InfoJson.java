package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.util.Text;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What traces are, as one JSON object. */
final class InfoJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final TracesJson traces = new TracesJson();

    /**
     * Adds a trace that was read to its end.
     *
     * @param code how a command over this trace alone ends
     * @param summary what is in it
     * @param fileBytes size of the file
     * @param eventBytes size of its events before compression
     */
    void add(
            TraceFile trace,
            ExitCode code,
            TraceSummary summary,
            int formatVersion,
            TraceStatus status,
            long fileBytes,
            long eventBytes) {
        ObjectNode node = traces.start(trace, code).put("formatVersion", formatVersion);
        TracesJson.ending(node, status);
        node.put("identity", status.totals().identity())
                .put("fileBytes", fileBytes)
                .put("eventBytes", eventBytes)
                .put("chunks", status.totals().chunks())
                .put("lastCycle", status.totals().lastCycle());
        summary.end()
                .ifPresent(end ->
                        node.putObject("end").put("reason", end.reason().name()).put("instret", end.instret()));
        node.put("events", status.totals().events());
        ObjectNode kinds = node.putObject("eventsByKind");
        summary.events().forEach(kinds::put);
        ArrayNode commands = node.putArray("commands");
        summary.commands()
                .forEach((kind, count) -> commands.addObject()
                        .put("deviceName", kind.device())
                        .put("name", kind.name())
                        .put("refused", kind.refused())
                        .put("count", count));
        ArrayNode snapshots = node.putArray("snapshots");
        summary.snapshots().forEach(snapshot -> snapshot(snapshots.addObject(), snapshot));
        node.put("moreSnapshots", summary.moreSnapshots());
        node.set("manifest", MAPPER.readTree(summary.manifest().toJson()));
    }

    private static void snapshot(ObjectNode node, Stamped stamped) {
        node.put("sequence", stamped.sequence()).put("cycle", stamped.cycle());
        if (stamped.event() instanceof TraceEvent.Snapshot snapshot) {
            node.put("label", snapshot.label())
                    .put("scanout", snapshot.scanout())
                    .put("width", snapshot.width())
                    .put("height", snapshot.height())
                    .put("digest", Text.format("0x%016x", snapshot.digest()));
        }
    }

    /** Adds a file that cannot be read as a trace. */
    void add(TraceFile trace, ExitCode code, List<String> problem) {
        traces.problem(trace, code, problem);
    }

    /**
     * Returns the object.
     *
     * @param code how the command ends
     */
    String text(ExitCode code) {
        return traces.text(code);
    }
}
