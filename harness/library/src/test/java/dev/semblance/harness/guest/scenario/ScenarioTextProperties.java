package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.trace.text.ByteText;
import dev.semblance.harness.util.Text;
import java.nio.file.Path;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

class ScenarioTextProperties {

    /** What {@link ByteText#toString} writes is what the parser reads: any bytes survive. */
    @Property(tries = 300)
    void anyBytesCanBeWrittenInAScenario(@ForAll @Size(min = 1, max = 40) byte[] bytes) {
        ByteText text = ByteText.of(bytes);
        Scenario scenario = ScenarioParser.parse("p", Path.of("."), "type " + text);
        assertThat(scenario.steps()).containsExactly(new Step.Type(1, text));
    }

    /** Whatever stands in a file, it is understood or refused with a place inside it. */
    @Property(tries = 1000)
    void anyTextIsParsedOrRefusedAtAPlaceInIt(@ForAll @From("lines") String text) {
        try {
            ScenarioParser.parse("p", Path.of("."), text);
        } catch (ScenarioException e) {
            List<String> lines = text.lines().toList();
            assertThat(e.line()).isBetween(1, lines.size());
            assertThat(e.column()).isBetween(1, lines.get(e.line() - 1).length() + 1);
        }
    }

    @Provide
    Arbitrary<String> lines() {
        Arbitrary<String> words = Arbitraries.of(
                "wait",
                "type",
                "key",
                "keys",
                "move",
                "click",
                "sleep",
                "flush",
                "settle",
                "snapshot",
                "poweroff",
                "kernel",
                "seed",
                "mode",
                "append",
                "within",
                "\"a\"",
                "\"",
                "\\",
                "\"\\x4\"",
                "5",
                "1e9",
                "1e99",
                "-3",
                "KEY_A",
                "KEY_A+KEY_B",
                "+",
                "BTN_LEFT",
                "#",
                "\n",
                "\t",
                " ",
                "\u00e4",
                "shipped:x",
                "99999999999999999999");
        return words.list().ofMaxSize(12).map(list -> String.join(" ", list));
    }

    @Property
    void cyclesAreReadWithUnderscoresAndExponents(@ForAll @LongRange(min = 1, max = CycleCount.MAX) long cycles) {
        assertThat(CycleCount.parse(Long.toString(cycles), CycleCount.SEMU_CLOCK))
                .hasValue(cycles);
        assertThat(CycleCount.parse(Text.format("%,d", cycles).replace(',', '_'), CycleCount.SEMU_CLOCK))
                .hasValue(cycles);
        assertThat(CycleCount.parse(cycles + "e0", CycleCount.SEMU_CLOCK)).hasValue(cycles);
    }

    /** Numbers with a fraction must come out whole, in units too: 65 cycles are a microsecond. */
    @Property
    void guestTimeIsCyclesAt65Megahertz(@ForAll @LongRange(min = 1, max = 1_000_000) long milliseconds) {
        assertThat(CycleCount.parse(milliseconds + "ms", CycleCount.SEMU_CLOCK)).hasValue(milliseconds * 65_000);
        assertThat(CycleCount.parse(milliseconds + ".001ms", CycleCount.SEMU_CLOCK))
                .hasValue(milliseconds * 65_000 + 65);
        assertThat(CycleCount.parse(milliseconds + ".5", CycleCount.SEMU_CLOCK)).isEmpty();
    }

    /** Every printable ASCII character can be typed, and no two with the same stroke. */
    @Property
    void aUsKeyboardTypesAllOfAscii(
            @ForAll @CharRange(from = ' ', to = '~') char one, @ForAll @CharRange(from = ' ', to = '~') char other) {
        assertThat(UsKeyboard.stroke(one)).isPresent();
        assertThat(UsKeyboard.stroke(one).equals(UsKeyboard.stroke(other))).isEqualTo(one == other);
    }
}
