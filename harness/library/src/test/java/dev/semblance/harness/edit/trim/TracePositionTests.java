package dev.semblance.harness.edit.trim;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.edit.trim.TracePosition.Unit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/MINIMIZING.md: how the ends of a range are written. */
class TracePositionTests {

    @ParameterizedTest
    @CsvSource({
        "17, SEQUENCE, 17",
        "sequence:17, SEQUENCE, 17",
        "cycle:0, CYCLE, 0",
        "Flush:3, FLUSH, 3",
        "'1,301', SEQUENCE, 1301",
        "'cycle:1,000,000', CYCLE, 1000000",
        "999999999999999999, SEQUENCE, 999999999999999999",
    })
    void aPositionIsANumberWithOrWithoutItsUnit(String text, Unit unit, long number) {
        assertThat(TracePosition.parse(text)).contains(new TracePosition(unit, number));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "flush",
                "flush:",
                "flush:-1",
                "flush:1.5",
                "frame:1",
                "flush:1:2",
                " 1",
                "1e3",
                "0x10",
                ",",
                "9999999999999999999",
                "1000000000000000000",
                "flush:\u0661"
            })
    void anythingElseIsNoPosition(String text) {
        assertThat(TracePosition.parse(text)).isEmpty();
    }

    @Test
    void whatIsPrintedIsReadAgain() {
        for (Unit unit : Unit.values()) {
            TracePosition position = new TracePosition(unit, 42);
            assertThat(TracePosition.parse(position.toString())).contains(position);
        }
        assertThat(new TracePosition(Unit.FLUSH, 42)).hasToString("flush:42");
    }
}
