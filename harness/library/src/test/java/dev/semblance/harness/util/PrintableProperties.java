package dev.semblance.harness.util;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.UnusableInputException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import tools.jackson.databind.json.JsonMapper;

class PrintableProperties {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Texts of pieces that something obeys. */
    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.frequencyOf(
                        Tuple.of(
                                3,
                                Arbitraries.of(
                                        "\u001b[2J",
                                        "\u009b31m",
                                        "\u001b]0;title\u0007",
                                        "\n",
                                        "\r",
                                        "\r\n",
                                        "\t",
                                        "\u0085",
                                        "\u2028",
                                        "\u202e",
                                        "\u2066",
                                        "\u200f",
                                        "\ud800",
                                        "\udc00",
                                        "\u007f",
                                        "::error::x",
                                        "  ::set-output name=a::b",
                                        "##[error]",
                                        "##vso[task.complete]",
                                        "#",
                                        "##",
                                        "\\",
                                        "\"")),
                        Tuple.of(1, Arbitraries.strings().ofMaxLength(4)),
                        Tuple.of(1, Arbitraries.of("name", "größe", "日本", "😀")))
                .list()
                .ofMaxSize(6)
                .map(pieces -> String.join("", pieces));
    }

    private static boolean isQuiet(String text) {
        return text.codePoints().noneMatch(Printable::isHidden);
    }

    private static boolean isCommand(String text) {
        return text.strip().startsWith("::") || text.matches("(?s).*##[a-z]*\\[.*");
    }

    @Property
    void aLineHasNothingHiddenAndStaysAsItIsWhenMadeOneAgain(@ForAll("texts") String text) {
        String line = Printable.line(text);
        assertThat(line).matches(PrintableProperties::isQuiet);
        assertThat(Printable.line(line)).isEqualTo(line);
    }

    @Property
    void noLineIsACommand(@ForAll("texts") String text) {
        assertThat(Printable.noCommand(Printable.line(text)))
                .matches(PrintableProperties::isQuiet)
                .matches(line -> !isCommand(line));
    }

    @Property
    void jsonMeansTheSameWithNothingHiddenInIt(@ForAll("texts") String text) {
        String json = MAPPER.writeValueAsString(List.of(text));
        String safe = Printable.json(json, point -> point < 0x80);
        assertThat(safe).matches(PrintableProperties::isQuiet).matches(line -> !isCommand(line));
        assertThat(safe.chars()).allMatch(c -> c < 0x80);
        assertThat(MAPPER.readTree(safe)).isEqualTo(MAPPER.readTree(json));
    }

    @Property
    void columnsStayWhereTheyAre(@ForAll("texts") String text) {
        assertThat(Printable.columns(text)).hasSameSizeAs(text).matches(PrintableProperties::isQuiet);
    }

    @Property
    void anErrorHasTheLinesThatItWasMadeOf(@ForAll("texts") String message, @ForAll("texts") String place) {
        SemblanceException error = new UnusableInputException("x" + message, List.of("y" + place));
        assertThat(error.lines()).containsExactly("x" + Printable.line(message), "y" + Printable.line(place));
        assertThat(error.lines()).allMatch(PrintableProperties::isQuiet);
    }

    @Example
    void whatIsHiddenShowsAsItsNumber() {
        assertThat(Printable.line("a\n\t\u001b[31m\u202eb\ud800")).isEqualTo("a\\n\\t\\u{1b}[31m\\u{202e}b\\u{d800}");
        assertThat(Printable.line("größe", point -> point < 0x80)).isEqualTo("gr\\u{f6}\\u{df}e");
        assertThat(Printable.noCommand("  ::error::x")).isEqualTo("  \\u{3a}:error::x");
        assertThat(Printable.noCommand("x ##[error]")).isEqualTo("x #\\u{23}[error]");
        assertThat(Printable.json("[\"\u009b##[\"]", point -> true)).isEqualTo("[\"\\u009b#\\u0023[\"]");
    }
}
