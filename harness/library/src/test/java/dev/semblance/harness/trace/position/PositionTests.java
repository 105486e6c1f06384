package dev.semblance.harness.trace.position;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UnusableInputException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TOOLS.md, "Positions": how a moment of a trace is written. */
class PositionTests {

    @ParameterizedTest
    @CsvSource({
        "17, event:17",
        "sequence:17, event:17",
        "event:17, event:17",
        "cycle:0, cycle:0",
        "Flush:3, flush:3",
        "'1,301', event:1301",
        "'cycle:1,000,000', cycle:1000000",
        "cycle:85_736_705, cycle:85736705",
        "999999999999999999, event:999999999999999999",
        "cycle:9223372036854775807, cycle:9223372036854775807",
        "start, start",
        "END, end",
        "snapshot:end, snapshot:end",
        "snapshot:end@1, snapshot:end@1",
        "snapshot:a-B.c:2, snapshot:a-B.c:2",
        "snapshot:a:0, snapshot:a",
        "command:RESOURCE_FLUSH:3, command:RESOURCE_FLUSH:3",
        "command:resource_flush, command:RESOURCE_FLUSH:0",
        "command:GET_ID:1, command:GET_ID:1",
    })
    void aPositionIsAWordAndWhatIsCounted(String text, String means) {
        assertThat(Position.parse(text)).hasToString(means);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ":",
                "flush",
                "flush:",
                "flush:-1",
                "event:+1",
                "flush:1.5",
                "frame:1",
                "flush:1:2",
                " 1",
                "1e3",
                "0x10",
                ",",
                "1,",
                "_1",
                "1,_1",
                "9223372036854775808",
                "cycle:99999999999999999999",
                "flush:\u0661",
                "snapshot:",
                "snapshot::1",
                "snapshot:end@0",
                "snapshot:end@16",
                "snapshot:.a",
                "snapshot:a\u001b[2J",
                "snapshot:a\nb",
                "snapshot:a:b",
                "command:",
                "command::1",
                "command:unknown:0",
                "command:FLUSH:-1",
                "start:1",
                "end:",
                "\u0130:1",
            })
    void anythingElseIsOneSentenceOnOneLine(String text) {
        assertThatExceptionOfType(UnusableInputException.class)
                .isThrownBy(() -> Position.parse(text))
                .satisfies(e -> assertThat(ExitCode.of(e)).isEqualTo(ExitCode.USAGE))
                .satisfies(e -> assertThat(e.lines()).hasSize(1))
                .withMessageMatching("\"[ -~\u0661\u0130]*\" is no position: [ -~]+");
    }

    @ParameterizedTest
    @CsvSource({
        "command:RESOURCE_FLUHS:1, did you mean RESOURCE_FLUSH?",
        "command:whatever:1, the commands are GET_DISPLAY_INFO",
        "cycle:99999999999999999999, the number is larger than 9223372036854775807",
        "snapshot:.a, a snapshot's label has 1 to 64 letters",
        "frame:1, 'write event:N (or N alone), cycle:N'",
    })
    void theMessageSaysWhatIsWrong(String text, String said) {
        assertThatExceptionOfType(UnusableInputException.class)
                .isThrownBy(() -> Position.parse(text))
                .withMessageContaining(said);
    }
}
