package dev.semblance.bridge.qtest;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.harness.json.Json;
import dev.semblance.harness.target.TargetFailure.Cause;
import dev.semblance.harness.util.Printable;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Commands to a QEMU by its machine protocol (QMP): one object of JSON a line. */
final class QmpPort {

    /** The longest line that is read: a greeting or an event is far shorter. */
    static final int LONGEST_LINE = 1 << 16;

    /** How many lines may come that answer nothing; events are few, and none of them is waited for. */
    private static final int MOST_EVENTS = 10_000;

    private static final JsonMapper MAPPER = Json.ofRecords(16, LONGEST_LINE);

    private final TimedChannel lines;

    /** Takes the greeting, and begins. */
    QmpPort(TimedChannel lines) throws LinkFailedException {
        this.lines = lines;
        if (!read("its greeting over QMP").path("QMP").isObject()) {
            throw new LinkFailedException(new Cause.BrokeProtocol("did not greet as QEMU does over QMP"));
        }
        execute("qmp_capabilities", Map.of());
    }

    /**
     * Has a command executed.
     *
     * @param command its name
     * @param arguments strings, numbers and truth values by name
     */
    void execute(String command, Map<String, Object> arguments) throws LinkFailedException {
        lines.send(MAPPER.writer()
                .without(SerializationFeature.INDENT_OUTPUT)
                .writeValueAsString(new TreeMap<>(Map.of("execute", command, "arguments", new TreeMap<>(arguments)))));
        for (int events = 0; events < MOST_EVENTS; events++) {
            JsonNode answer = read("the answer to " + command + " over QMP");
            if (answer.has("return")) {
                return;
            }
            if (answer.has("error")) {
                throw new LinkFailedException(new Cause.BrokeProtocol("refused " + command + ": "
                        + Printable.line(answer.path("error").path("desc").asString("it does not say why"))));
            }
        }
        throw new LinkFailedException(new Cause.BrokeProtocol("sent events without end over QMP"));
    }

    private JsonNode read(String what) throws LinkFailedException {
        String line = lines.receive(what);
        try {
            return Json.reading(() -> MAPPER.readTree(line));
        } catch (IllegalArgumentException e) {
            throw new LinkFailedException(new Cause.BrokeProtocol("sent a line over QMP that is no JSON"));
        }
    }
}
