package dev.semblance.cli;

import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceManifest;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.diff.ComparisonScope;
import dev.semblance.harness.trace.diff.TraceDiff;
import dev.semblance.harness.trace.diff.TraceDifference;
import dev.semblance.harness.trace.position.PositionRange;
import dev.semblance.harness.trace.text.EventText;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** How two traces differ, as a JSON object: {@code a} and {@code b} are the traces. */
final class DiffJson {

    private DiffJson() {}

    static String of(DiffText.Sides sides, TraceDiff diff) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("same", diff.isSame());
        side(
                node.putObject("a"),
                sides.first(),
                diff.ofFirst(),
                diff.scope(),
                diff.scope().first());
        side(
                node.putObject("b"),
                sides.second(),
                diff.ofSecond(),
                diff.scope(),
                diff.scope().second());
        node.put("ignoreTime", diff.scope().ignoringTime());
        diff.first().ifPresent(first -> {
            ObjectNode different = node.putObject("first");
            event(different, "a", sides.ofFirst(), first.inFirst());
            event(different, "b", sides.ofSecond(), first.inSecond());
            differences(different.putArray("fields"), first.fields());
        });
        differences(node.putArray("manifest"), diff.manifest());
        ObjectNode kinds = node.putObject("events");
        diff.kinds()
                .forEach((kind, counts) ->
                        kinds.putObject(kind).put("a", counts.first()).put("b", counts.second()));
        ArrayNode snapshots = node.putArray("snapshots");
        diff.snapshots()
                .forEach(pair -> snapshots
                        .addObject()
                        .put("label", pair.label())
                        .put("state", pair.state().name().toLowerCase(Locale.ROOT)));
        ObjectNode flushes = node.putObject("flushes")
                .put("a", diff.flushes().counts().first())
                .put("b", diff.flushes().counts().second())
                .put("same", diff.flushes().same());
        diff.flushes().first().ifPresent(stamped -> flushes.put("nextInA", stamped.sequence()));
        diff.flushes().second().ifPresent(stamped -> flushes.put("nextInB", stamped.sequence()));
        return JsonMapper.builder().build().writeValueAsString(node);
    }

    private static void side(
            ObjectNode node, Path trace, TraceStatus status, ComparisonScope scope, PositionRange.Events range) {
        node.put("trace", trace.toString())
                .put("complete", status instanceof TraceStatus.Complete)
                .put("events", status.totals().events())
                .put("identity", status.totals().identity());
        if (scope.isRange()) {
            node.put("first", range.first())
                    .put("last", Math.min(range.last(), status.totals().events() - 1));
        }
    }

    private static void event(ObjectNode node, String side, TraceManifest manifest, Optional<Stamped> event) {
        event.ifPresent(stamped -> node.putObject(side)
                .put("sequence", stamped.sequence())
                .put("cycle", stamped.cycle())
                .put("text", EventText.describe(manifest, stamped.event())));
    }

    private static void differences(ArrayNode array, List<TraceDifference> differences) {
        differences.forEach(difference -> array.addObject()
                .put("field", difference.field())
                .put("a", difference.first())
                .put("b", difference.second()));
    }
}
