package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.lint.LintFinding;
import dev.semblance.harness.edit.lint.LintRule;
import dev.semblance.harness.edit.lint.TraceLint;
import dev.semblance.harness.trace.TraceStatus;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What lint finds, as one JSON object (docs/JSON.md). */
final class LintJson {

    private final TracesJson traces = new TracesJson();

    /**
     * Adds a trace that was read to its end.
     *
     * @param code how a command over this trace alone ends
     */
    void add(TraceFile trace, ExitCode code, TraceStatus status, TraceLint lint) {
        ObjectNode node = traces.start(trace, code);
        TracesJson.ending(node, status);
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

    /** Adds a file that cannot be read as a trace. */
    void add(TraceFile trace, ExitCode code, List<String> problem) {
        traces.problem(trace, code, problem);
    }

    /** {@return all of it} */
    String text(ExitCode code) {
        return traces.text(code);
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
        return TracesJson.text(node);
    }
}
