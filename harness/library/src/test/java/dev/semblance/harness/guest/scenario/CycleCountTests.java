package dev.semblance.harness.guest.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/SCENARIOS.md: how numbers of cycles are written. */
class CycleCountTests {

    @ParameterizedTest
    @CsvSource({
        "1, 1",
        "5000000, 5000000",
        "5_000_000, 5000000",
        "5e6, 5000000",
        "5E6, 5000000",
        "2.5e6, 2500000",
        "0.5e1, 5",
        "10.0, 10",
        "80ms, 5200000",
        "1s, 65000000",
        "1.5s, 97500000",
        "0.001ms, 65",
        "1e15, 1000000000000000",
        "1000000000000000, 1000000000000000"
    })
    void aNumberOfCyclesIsWholeHoweverItIsWritten(String text, long cycles) {
        assertThat(CycleCount.parse(text, CycleCount.SEMU_CLOCK)).hasValue(cycles);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "0s",
                "0.0",
                "-1",
                "+1",
                "1.5",
                "0.0001ms",
                "1e16",
                "1000000000000001",
                "9e99",
                "1e100",
                "_1",
                "1_",
                "1__",
                "1 s",
                "1us",
                "1m",
                "s",
                "ms",
                "e6",
                "1e",
                "0x10",
                ".5",
                "5.",
                "\u0661",
                "1e-1",
                "NaN"
            })
    void whatIsNotWholeOrOutsideOfOneToTenToTheFifteenIsNone(String text) {
        assertThat(CycleCount.parse(text, CycleCount.SEMU_CLOCK)).isEmpty();
    }
}
