package dev.semblance.harness.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.semblance.harness.json.JsonFields.Hex;
import dev.semblance.harness.json.JsonFields.Objects;
import dev.semblance.harness.json.JsonFields.Range;
import dev.semblance.harness.json.JsonFields.Shape;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.databind.json.JsonMapper;

/** An object's fields are the same, and what is wrong with them has the same words, in a tree and in a stream of tokens. */
class JsonFieldsTests {

    private static final JsonMapper MAPPER = JsonMapper.builder(Json.strict(
                    StreamReadConstraints.builder().maxNestingDepth(16).build()))
            .build();

    private static final Objects<String> ITEMS =
            new Objects<>("items", 3, item -> item.text("name").orElseThrow(() -> JsonFields.missing("name")));

    private static final Shape SHAPE = new Shape(Set.of("note"), List.of(ITEMS));

    private static <T> T streamed(String json, Function<JsonFields, T> reader) {
        try (JsonParser parser = MAPPER.tokenStreamFactory().createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            JsonFields fields = JsonFields.read(parser, SHAPE);
            T read = reader.apply(fields);
            fields.end();
            return read;
        }
    }

    private static <T> T ofTree(String json, Function<JsonFields, T> reader) {
        JsonFields fields = JsonFields.of(MAPPER.readTree(json));
        T read = reader.apply(fields);
        fields.end();
        return read;
    }

    /** Everything that there can be. */
    private static List<Object> all(JsonFields fields) {
        return List.of(
                fields.text("text"),
                fields.flag("flag"),
                fields.number("s64", Range.S64),
                fields.number("u8", Range.upTo(255)),
                fields.numberOrHex("u64", Range.U64),
                fields.bytes("hex", Hex.LOWER_CASE).map(BigInteger::new),
                fields.bytes("Hex", Hex.ANY_CASE).map(BigInteger::new),
                fields.oneOf(
                        "unit",
                        List.of(TimeUnit.DAYS, TimeUnit.HOURS),
                        unit -> unit.name().toLowerCase(Locale.ROOT)),
                fields.list(ITEMS));
    }

    @Test
    void whatIsThereIsReadTheSameFromBoth() {
        String json = """
                {"items":[{"name":"a"},{"name":"b"}],"unit":"hours","Hex":"aB","hex":"0a0b","u64":"0xffffffffffffffff",
                "u8":255,"s64":-9223372036854775808,"flag":true,"text":"x"}""";
        List<Object> read = ofTree(json, JsonFieldsTests::all);
        assertThat(read.toString())
                .isEqualTo("[Optional[x], Optional[true], Optional[-9223372036854775808], Optional[255], Optional[-1],"
                        + " Optional[2571], Optional[-85], Optional[HOURS], [a, b]]");
        assertThat(streamed(json, JsonFieldsTests::all)).isEqualTo(read);
        assertThat(ofTree("{}", JsonFieldsTests::all)).isEqualTo(streamed("{}", JsonFieldsTests::all));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[]                          | a JSON object {…} was expected",
                "7                           | a JSON object {…} was expected",
                "{\"x\":1}                   | there is no \"x\" here; possible are Hex, flag, hex, items, s64, text, u64, u8, unit",
                "{\"\\u001b[2J\":1}          | there is no \"\\u{1b}[2J\" here; possible are Hex, flag, hex, items, s64, text, u64, u8, unit",
                "{\"text\":7}                | \"text\" is a string, not 7",
                "{\"text\":null}             | \"text\" is a string, not null",
                "{\"flag\":1}                | \"flag\" is true or false, not 1",
                "{\"flag\":\"true\"}         | \"flag\" is true or false, not \"true\"",
                "{\"u8\":256}                | \"u8\" is a whole number from 0 to 255, not 256",
                "{\"u8\":-1}                 | \"u8\" is a whole number from 0 to 255, not -1",
                "{\"u8\":1.0}                | \"u8\" is a whole number from 0 to 255, not 1.0",
                "{\"u8\":\"0x1\"}            | \"u8\" is a whole number from 0 to 255, not \"0x1\"",
                "{\"u64\":18446744073709551616} | \"u64\" is a whole number from 0 to 18446744073709551615, not 18446744073709551616",
                "{\"u64\":\"0x\"}            | \"u64\" is a whole number from 0 to 18446744073709551615, not \"0x\"",
                "{\"hex\":\"0A\"}            | \"hex\" is pairs of lower-case hexadecimal digits, not \"0A\"",
                "{\"Hex\":\"0\"}             | \"Hex\" is pairs of hexadecimal digits, not \"0\"",
                "{\"unit\":\"weeks\"}        | \"unit\" is one of days, hours, not \"weeks\"",
                "{\"items\":7}               | \"items\" is a list […], not 7",
                "{\"items\":[{}]}            | \"name\" is missing",
                "{\"items\":[7]}             | a JSON object {…} was expected",
                "{\"items\":[{\"name\":\"a\",\"b\":1}]} | there is no \"b\" here; possible are name",
                "{\"items\":[{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"a\"},{\"name\":\"a\"}]} | \"items\" has more than 3 elements",
            })
    void whatIsWrongHasTheSameWordsInBoth(String json, String words) {
        assertThatThrownBy(() -> ofTree(json, JsonFieldsTests::all))
                .isInstanceOf(JsonFieldException.class)
                .hasMessage(words);
        assertThat(catchThrowable(() -> streamed(json, JsonFieldsTests::all)))
                .isInstanceOf(JsonFieldException.class)
                .hasMessage(words);
    }

    @Test
    void aStreamKeepsNothingOfAListOrAnObjectThatItsShapeDoesNotName() {
        Optional<String> text = streamed("{\"note\":[[[{\"a\":[1]}]]],\"text\":\"x\"}", fields -> fields.text("text"));
        assertThat(text).contains("x");
        // Refused where it begins, before its end is looked for.
        assertThatThrownBy(() -> streamed("{\"text\":[[[[", fields -> fields.text("text")))
                .hasMessage("\"text\" is no list");
        assertThatThrownBy(() -> streamed("{\"text\":{\"a\":{\"a\":", fields -> fields.text("text")))
                .hasMessage("\"text\" is no object");
    }

    @Test
    void aLongValueIsShownByItsBeginning() {
        String json = "{\"flag\":\"" + "x".repeat(1000) + "\"}";
        assertThatThrownBy(() -> streamed(json, JsonFieldsTests::all))
                .hasMessage("\"flag\" is true or false, not \"" + "x".repeat(39) + "…");
    }
}
