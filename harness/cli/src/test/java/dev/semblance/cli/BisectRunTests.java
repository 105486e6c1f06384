package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.replay.SyntheticGuest;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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
            case USAGE, INTERRUPTED -> 200;
        };
        assertThat(ofReplay(code.code())).isEqualTo(expected);
    }

    /** Returns what a bisection is told when {@code replay} ends with a code. */
    private static int ofReplay(int code) {
        return new picocli.CommandLine(new BisectRunCommand(CliEnvironment.ofSystem(), words -> code)).execute();
    }

    @Test
    void aDifferenceWinsOverWhatCannotTell() {
        assertThat(bisect(ExitCode.CORRUPT, ExitCode.MISMATCH, ExitCode.PASS)).isEqualTo(1);
        assertThat(bisect(ExitCode.GOLDEN_MISSING, ExitCode.INTERNAL)).isEqualTo(1);
        assertThat(bisect(ExitCode.PASS, ExitCode.INCOMPATIBLE)).isEqualTo(125);
        assertThat(bisect(ExitCode.PASS, ExitCode.TORN)).isEqualTo(125);
        assertThat(bisect(ExitCode.MISMATCH, ExitCode.USAGE)).isEqualTo(200);
        assertThat(bisect(ExitCode.PASS, ExitCode.PASS)).isEqualTo(0);
        assertThat(bisect()).isEqualTo(0);
    }

    private static int bisect(ExitCode... codes) {
        return ofReplay(ExitCode.differencesFirst(List.of(codes)).code());
    }

    /** {@code replay} ends with the gravest code, a bisection with what is known. */
    @Test
    void aTraceThatDiffersIsNotHiddenByOneThatCannotBeRead(@TempDir Path folder) throws IOException {
        Path corrupt = Files.writeString(folder.resolve("a.trace"), "hello");
        Path trace = folder.resolve("b.trace");
        SyntheticGuest.record(trace, 9, false, 20);
        // It has another golden there, so that those of its snapshots are missing.
        Path golden = folder.resolve("golden");
        Files.createDirectories(golden.resolve("b"));
        Files.copy(Path.of("../../golden/cursor/start.png"), golden.resolve("b/another.png"));
        List<String> words = List.of(
                "--device",
                "--golden=" + golden,
                "--report=" + folder.resolve("report"),
                corrupt.toString(),
                trace.toString());
        assertThat(run("replay", words)).isEqualTo(ExitCode.CORRUPT.code());
        assertThat(run("bisect-run", words)).isEqualTo(1);
        assertThat(run("bisect-run", List.of(corrupt.toString()))).isEqualTo(125);
    }

    private static int run(String verb, List<String> words) {
        Terminal terminal =
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        return Semblance.run(
                Environments.of(terminal, Recordings::images),
                Stream.concat(Stream.of(verb), words.stream()).toArray(String[]::new));
    }

    @Test
    void aCodeThatNobodyKnowsSaysNothing() {
        assertThat(ofReplay(99)).isEqualTo(125);
        assertThat(ofReplay(137)).isEqualTo(125);
    }

    @Test
    void allWordsGoToReplay() {
        List<List<String>> asked = new ArrayList<>();
        java.util.function.ToIntFunction<List<String>> replay = words -> {
            asked.add(words);
            return 1;
        };
        picocli.CommandLine line = new picocli.CommandLine(new BisectRunCommand(CliEnvironment.ofSystem(), replay));
        line.setUnmatchedOptionsArePositionalParams(true);
        assertThat(line.execute("--device", "--golden", "g", "t.trace")).isEqualTo(1);
        assertThat(line.execute("--", "--device", "t.trace")).isEqualTo(1);
        assertThat(asked)
                .containsExactly(List.of("--device", "--golden", "g", "t.trace"), List.of("--device", "t.trace"));
    }
}
