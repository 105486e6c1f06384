package dev.semblance.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BisectRunTests {

    @ParameterizedTest
    @EnumSource(ExitCode.class)
    void gitGetsTheCodeThatFits(ExitCode code) {
        int expected = switch (code) {
            case PASS -> 0;
            case MISMATCH, GOLDEN_MISSING -> 1;
            case INCOMPATIBLE, CORRUPT, TORN, INTERNAL, SCENARIO_FAILED -> 125;
            case USAGE -> 200;
        };
        assertThat(BisectRunCommand.ofReplay(code.code())).isEqualTo(expected);
    }

    @Test
    void aCodeThatNobodyKnowsSaysNothing() {
        assertThat(BisectRunCommand.ofReplay(99)).isEqualTo(125);
        assertThat(BisectRunCommand.ofReplay(137)).isEqualTo(125);
    }

    @Test
    void allWordsGoToReplay() {
        List<List<String>> asked = new ArrayList<>();
        java.util.function.ToIntFunction<List<String>> replay = words -> {
            asked.add(words);
            return 1;
        };
        picocli.CommandLine line =
                new picocli.CommandLine(new BisectRunCommand(new HarnessActions(Terminal.ofSystem()), replay));
        line.setUnmatchedOptionsArePositionalParams(true);
        assertThat(line.execute("--device", "--golden", "g", "t.trace")).isEqualTo(1);
        assertThat(line.execute("--", "--device", "t.trace")).isEqualTo(1);
        assertThat(asked)
                .containsExactly(List.of("--device", "--golden", "g", "t.trace"), List.of("--device", "t.trace"));
    }
}
