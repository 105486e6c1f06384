package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.edit.lint.LintRule;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.trace.TraceStatus;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What lint finds, as one JSON object (docs/JSON.md). */
final class LintJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ArrayNode traces = JsonNodeFactory.instance.arrayNode();

    /**
     * Adds a trace that was read to its end.
     *
     * @param code how a command over this trace alone ends
     */
    void add(TraceFile trace, ExitCode code, TraceStatus status, TraceLint lint) {
        ObjectNode node = start(trace, code).put("complete", status instanceof TraceStatus.Complete);
        if (status instanceof TraceStatus.Torn torn) {
            node.putObject("torn").put("offset", torn.offset()).put("reason", torn.reason());
        }
        ObjectNode counts = node.putObject("counts");
        lint.counts().forEach((rule, count) -> counts.put(rule.id(), (long) count));
        ArrayNode findings = node.putArray("findings");
        for (LintFinding finding : lint.findings()) {
            LintRule rule = finding.rule();
            findings.addObject()
                    .put("rule", rule.id())
                    .put("severity", rule.severity().word())
                    .put("section", rule.section())
                    .put("sequence", finding.sequence())
                    .put("cycle", finding.cycle())
                    .put("message", finding.message());
        }
    }

    /** Adds a trace that could not be read. */
    void add(TraceFile trace, ExitCode code, List<String> problem) {
        start(trace, code).put("problem", String.join("\n", problem));
    }

    private ObjectNode start(TraceFile trace, ExitCode code) {
        return traces.addObject().put("trace", trace.shownAs()).put("exitCode", code.code());
    }

    /** {@return all of it} */
    String text(ExitCode code) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("exitCode", code.code());
        node.set("traces", traces);
        return MAPPER.writeValueAsString(node);
    }

    /** {@return the rules that there are} */
    static String rules() {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        ArrayNode rules = node.putArray("rules");
        for (LintRule rule : LintRule.values()) {
            rules.addObject()
                    .put("id", rule.id())
                    .put("severity", rule.severity().word())
                    .put("section", rule.section())
                    .put("summary", rule.summary());
        }
        return MAPPER.writeValueAsString(node);
    }
}
