package dev.semblance.harness;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExitCodeTests {

    @Test
    void theNumbersAreThoseThatScriptsRelyOn() {
        assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code))
                .containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 70, 130);
    }

    @Test
    void withSeveralFilesTheGravestCountsInTheOrder70Then3Then4Then5Then1Then7() {
        List<ExitCode> order = List.of(
                ExitCode.INTERNAL,
                ExitCode.CORRUPT,
                ExitCode.TORN,
                ExitCode.INCOMPATIBLE,
                ExitCode.MISMATCH,
                ExitCode.GOLDEN_MISSING,
                ExitCode.PASS);
        assertThat(order.stream().map(ExitCode::code)).containsExactly(70, 3, 4, 5, 1, 7, 0);
        for (int i = 0; i < order.size(); i++) {
            for (int j = i; j < order.size(); j++) {
                assertThat(ExitCode.gravest(List.of(order.get(j), order.get(i), ExitCode.PASS)))
                        .isEqualTo(order.get(i));
            }
        }
    }

    @Test
    void nothingToDoIsAPass() {
        assertThat(ExitCode.gravest(List.of())).isEqualTo(ExitCode.PASS);
    }
}
