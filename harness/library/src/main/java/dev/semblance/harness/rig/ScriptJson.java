package dev.semblance.harness.rig;

import dev.semblance.harness.json.Json;
import dev.semblance.harness.json.JsonSyntaxException;
import dev.semblance.harness.json.JsonText;
import java.util.Optional;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** JSON as scripts have it: strict, with every number as it stands, and bounded before anything is kept. */
final class ScriptJson {

    /** The longest line, in characters. */
    static final int MAX_LINE = 32 << 20;

    private static final int MAX_DEPTH = 16;

    /** Each is an object in memory. */
    private static final long MAX_TOKENS = 1 << 20;

    private static final int MAX_DIGITS = 100;

    static final JsonMapper MAPPER = JsonMapper.builder(Json.strict(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxStringLength(MAX_LINE)
                    .maxTokenCount(MAX_TOKENS)
                    .maxNumberLength(MAX_DIGITS)
                    .build()))
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private ScriptJson() {}

    /**
     * {@return what a text says}
     *
     * @throws ScriptException if it is no JSON
     */
    static JsonNode parse(String text) {
        Optional<String> problem = JsonText.problem(text);
        if (problem.isPresent()) {
            throw new ScriptException("this JSON cannot be kept: " + problem.get());
        }
        try {
            return Json.reading(() -> MAPPER.readTree(text));
        } catch (JsonSyntaxException e) {
            throw new ScriptException("this is no JSON: " + e.getMessage(), e);
        }
    }
}
