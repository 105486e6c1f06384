package dev.semblance.harness.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.json.JsonMapper;

/** RFC 8259, section 8.2: a text with half a surrogate pair is JSON by its grammar, and no text. */
class JsonTextProperties {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Pieces of a JSON string: characters, escapes, halves of pairs, as they stand and escaped. */
    @Provide
    Arbitrary<String> strings() {
        return Arbitraries.of(
                        "a",
                        "\\\\",
                        "\\\"",
                        "\\n",
                        "\\u0041",
                        "\\ud83d",
                        "\\ude00",
                        "\\uD83D\\uDE00",
                        "\ud83d\ude00",
                        "\u00e9",
                        "u")
                .list()
                .ofMaxSize(6)
                .map(pieces -> "\"" + String.join("", pieces) + "\"");
    }

    private static boolean isText(String value) {
        return StandardCharsets.UTF_8.newEncoder().canEncode(value);
    }

    @Property
    void aStringIsRefusedExactlyWhereItsValueCannotBeWrittenInUtf8(@ForAll("strings") String json) {
        boolean text = isText(MAPPER.readTree(json).asString());
        assertThat(JsonText.problem(json).isEmpty()).as(json).isEqualTo(text);
        assertThat(JsonText.problem(json.getBytes(StandardCharsets.UTF_8)).isEmpty())
                .as(json)
                .isEqualTo(text);
    }

    @Example
    void halvesThatAreNotEscapedAreFoundToo() {
        assertThat(JsonText.problem("\"\ud800\""))
                .hasValueSatisfying(problem -> assertThat(problem).contains("\\ud800"));
        assertThat(JsonText.problem("\"\ude00\ud83d\"")).isPresent();
        byte[] raw = {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'};
        assertThat(JsonText.problem(raw)).isPresent();
        assertThat(JsonText.problem("\"\ud7ff\ue000\"".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }
}
