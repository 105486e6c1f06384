package dev.semblance.cli;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.trace.TraceStatus;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One JSON object about several traces, as verbs print that look at each of them (docs/JSON.md). */
final class TracesJson {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final ArrayNode traces = JsonNodeFactory.instance.arrayNode();

    /**
     * Begins the next trace.
     *
     * @param code how a command over this trace alone ends
     */
    ObjectNode start(TraceFile trace, ExitCode code) {
        return traces.addObject().put("trace", trace.shownAs()).put("exitCode", code.code());
    }

    /** Adds a file that cannot be read as a trace. */
    void problem(TraceFile trace, ExitCode code, List<String> lines) {
        start(trace, code).put("problem", String.join("\n", lines));
    }

    /** Puts how far a trace could be read. */
    static void ending(ObjectNode trace, TraceStatus status) {
        trace.put("complete", status instanceof TraceStatus.Complete);
        if (status instanceof TraceStatus.Torn torn) {
            trace.putObject("torn").put("offset", torn.offset()).put("reason", torn.reason());
        }
    }

    /**
     * Returns the object.
     *
     * @param code how the command ends
     */
    String text(ExitCode code) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("exitCode", code.code());
        node.set("traces", traces);
        return text(node);
    }

    /** Returns an object in a line. */
    static String text(ObjectNode node) {
        return MAPPER.writeValueAsString(node);
    }
}
