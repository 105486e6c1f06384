package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script of the GitHub Action: what it makes of the action's inputs, with a semblance that only notes its arguments. */
class ReplayActionScriptTests {

    private static final Path SCRIPT = Path.of("../../.github/actions/replay/replay.sh");

    @TempDir
    private Path folder = Path.of("");

    private record Ran(int code, List<String> arguments, String printed, String outputs) {}

    @BeforeEach
    void copyScript() throws IOException {
        Path copy = folder.resolve(".github/actions/replay/replay.sh");
        Files.createDirectories(copy.getParent());
        Files.copy(SCRIPT, copy);
        Path semblance = folder.resolve("semblance");
        Files.writeString(semblance, """
                #!/bin/sh
                [ "$1" != lint ] || { printf '%s ' "$@"; exit "${LINTED:-0}"; }
                printf '%s\\n' "$@" > "$NOTE"
                exit "${CODE:-0}"
                """);
        assertThat(semblance.toFile().setExecutable(true)).isTrue();
    }

    private Ran run(Map<String, String> inputs) throws Exception {
        Path note = folder.resolve("arguments");
        Path outputs = folder.resolve("outputs");
        ProcessBuilder builder = new ProcessBuilder("bash", ".github/actions/replay/replay.sh")
                .directory(folder.toFile())
                .redirectErrorStream(true);
        builder.environment().putAll(inputs);
        builder.environment().put("NOTE", note.toString());
        builder.environment().put("GITHUB_OUTPUT", outputs.toString());
        builder.environment().put("REPORT", "report");
        Process process = builder.start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int code = process.waitFor();
        return new Ran(
                code,
                Files.exists(note) ? Files.readAllLines(note) : List.of(),
                printed,
                Files.exists(outputs) ? Files.readString(outputs) : "");
    }

    private static List<String> reports(String... traces) {
        List<String> arguments = new ArrayList<>(List.of(
                "replay", "--require-goldens", "--github", "--junit", "report/junit.xml", "--report", "report", "--"));
        arguments.addAll(List.of(traces));
        return arguments;
    }

    @Test
    void eachLineIsATraceAndBlanksAroundItAreNoPartOfItsName() throws Exception {
        Ran ran = run(Map.of("TRACES", "  a b.trace \r\n\n-odd.trace\r\n\tc/*.trace"));
        assertThat(ran.arguments()).isEqualTo(reports("a b.trace", "-odd.trace", "c/*.trace"));
        assertThat(ran.code()).isZero();
    }

    @Test
    void everyInputBecomesAnOptionAndNoneIsRunAsAProgram() throws Exception {
        Ran ran = run(Map.of(
                "TRACES",
                "$(touch pwned)",
                "GOLDEN",
                "my golden",
                "POLICY",
                "p.toml",
                "IMAGES",
                "one\n two \r\n",
                "REPLAY",
                "device",
                "SHARD",
                "1/2",
                "JOBS",
                "4",
                "TIMEOUT",
                "5m",
                "REQUIRE_GOLDENS",
                "false"));
        assertThat(String.join(" ", ran.arguments()))
                .startsWith(
                        "replay --device --no-require-goldens --golden my golden --policy p.toml --shard 1/2 --jobs 4 --timeout 5m"
                                + " --images one --images two --github ")
                .endsWith("-- $(touch pwned)");
        assertThat(folder.resolve("pwned")).doesNotExist();
    }

    @Test
    void theExitCodeIsPassedOnAndNamedInTheOutputs() throws Exception {
        Ran ran = run(Map.of("TRACES", "a.trace", "CODE", "7"));
        assertThat(ran.code()).isEqualTo(7);
        assertThat(ran.outputs()).isEqualTo("exit-code=7\nreport=report\n");
    }

    @Test
    void mistakesInTheInputsAreAnnotatedAndNothingIsReplayed() throws Exception {
        Ran none = run(Map.of("TRACES", " \r\n\n"));
        assertThat(none.code()).isEqualTo(2);
        assertThat(none.printed()).startsWith("::error::").contains("names no trace");
        Ran wrong = run(Map.of("TRACES", "a.trace", "REPLAY", "cpu"));
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.printed()).startsWith("::error::").contains("not \"cpu\"");
        Ran neither = run(Map.of("TRACES", "a.trace", "REQUIRE_GOLDENS", "yes"));
        assertThat(neither.code()).isEqualTo(2);
        assertThat(neither.printed()).startsWith("::error::").contains("not \"yes\"");
        assertThat(neither.arguments()).isEmpty();
        assertThat(none.arguments()).isEmpty();
        assertThat(wrong.arguments()).isEmpty();
    }

    @Test
    void lintLooksAtTheSameTracesAndFailsTheJobThatPasses() throws Exception {
        Map<String, String> inputs = Map.of(
                "TRACES", "a b.trace\nc", "LINT", "true", "LINT_DISABLE", "cursor-size,queue-size", "LINTED", "1");
        Ran ran = run(inputs);
        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.arguments()).isEqualTo(reports("a b.trace", "c"));
        assertThat(ran.printed())
                .contains("lint --disable cursor-size,queue-size -- a b.trace c")
                .contains("::error::semblance lint ended with exit code 1");
    }

    @Test
    void lintDoesNotHideWhatTheReplayEndedWith() throws Exception {
        assertThat(run(Map.of("TRACES", "a", "LINT", "true", "LINTED", "1", "CODE", "7"))
                        .code())
                .isEqualTo(7);
        assertThat(run(Map.of("TRACES", "a", "LINT", "true")).code()).isZero();
        assertThat(run(Map.of("TRACES", "a", "LINT", "perhaps")).code()).isEqualTo(2);
    }
}
