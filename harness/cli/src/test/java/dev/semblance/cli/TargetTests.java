package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.fuzz.differential.DifferentialRun;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.rig.RigSettings;
import dev.semblance.harness.rig.ScriptLine;
import dev.semblance.harness.rig.ScriptReader;
import dev.semblance.harness.target.dialect.Dialect;
import dev.semblance.harness.target.pipe.ChosenTarget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/TARGETS.md: devices that are programs, from the command line. */
@Timeout(240)
class TargetTests {

    private static final Path HOME = Path.of("..", "..");
    private static final Path EXAMPLE = HOME.resolve("harness/examples");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        return given("", words);
    }

    private int given(String input, String... words) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        CliEnvironment environment = new CliEnvironment(
                terminal,
                unused -> GuestImages.ofUser(),
                () -> LocalDate.EPOCH,
                System::nanoTime,
                Map.of(),
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                folder.resolve("report"));
        return Semblance.run(environment, patient(words));
    }

    /** A busy machine is no reason for a device to have hung. */
    private static String[] patient(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        if (all.contains("--target") && !all.contains("--target-timeout")) {
            all.addAll(all.indexOf("--target"), List.of("--target-timeout", "60s"));
        }
        return all.toArray(String[]::new);
    }

    private static int code(ExitCode code) {
        return code.code();
    }

    @Test
    void aDeviceInCAnswersAndShowsAsOursDoes() throws IOException, InterruptedException {
        String target = CDevice.build(folder);
        String script = EXAMPLE.resolve("bars.jsonl").toString();
        assertThat(run("exec", script)).isZero();
        String ours = out.toString();
        assertThat(run("exec", "--target", target, script)).isZero();
        assertThat(out.toString()).isEqualTo(ours).contains("sha256");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void aDeviceWithoutMistakesSurvivesTheFuzzerAndIsLikeItself() throws IOException, InterruptedException {
        String target = CDevice.build(folder);
        assertThat(run("fuzz", "--seed", "7", "--commands", "2000", "--oracle", "none", "--target", target))
                .as(out::toString)
                .isZero();
        assertThat(run("fuzz", "--seed", "7", "--commands", "1000", "--oracle", "self", "--target", target))
                .as(out::toString)
                .isZero();
    }

    @Test
    void aTransferBeyondItsImageIsFoundCutDownAndReplayed() throws IOException, InterruptedException {
        String target = CDevice.build(folder, "-DBUG_RECTANGLE");
        String corpus = folder.resolve("found").toString();
        assertThat(run(
                        "fuzz",
                        "--seed",
                        "7",
                        "--commands",
                        "20000",
                        "--oracle",
                        "none",
                        "--target",
                        target,
                        "--corpus",
                        corpus))
                .isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("fails: the target died of signal ");
        Matcher cut = Pattern.compile("cut down from .* to ([0-9]+) commands?,").matcher(out.toString());
        assertThat(cut.find()).isTrue();
        assertThat(Integer.parseInt(cut.group(1))).isLessThanOrEqualTo(4);
        Path trace = only(folder.resolve("found"), "fuzz-7-");
        assertThat(out.toString())
                .contains(
                        "semblance replay --target " + target + " --target-timeout 60000ms --answers listed " + trace);

        assertThat(run(
                        "minimize",
                        "--target",
                        target,
                        trace.toString(),
                        "-o",
                        folder.resolve("m.trace").toString()))
                .isZero();
        assertThat(out.toString()).contains("failure: the target died of signal ");
        assertThat(run("exec", "--target", target, script(trace).toString())).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(err.toString()).startsWith("semblance: the target died of signal ");
    }

    @Test
    void memoryThatIsNotClearedIsFoundByRunningTheProgramTwice() throws IOException, InterruptedException {
        String target = CDevice.build(folder, "-DBUG_UNINITIALISED");
        String corpus = folder.resolve("found").toString();
        assertThat(run(
                        "fuzz",
                        "--seed",
                        "7",
                        "--commands",
                        "20000",
                        "--oracle",
                        "self",
                        "--target",
                        target,
                        "--corpus",
                        corpus))
                .isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("after RESOURCE_FLUSH scanout ");
    }

    private static final String OFFSET_IS_KNOWN = """
            [[finding]]
            what = "signal 6"
            commands = "TRANSFER_TO_HOST_2D"
            says = "*: transfer: Assertion `offset <= *' failed."
            reason = "it aborts on an offset past the backing"
            link = "https://example.org/toy/1"
            """;

    /** QEMU's vhost-user-gpu had both: an abort in every other script, and old memory in new images behind it. */
    @Test
    void memoryThatIsNotClearedIsFoundBehindACrashThatIsKnown() throws IOException, InterruptedException {
        String target = CDevice.build(folder, "-DBUG_OFFSET", "-DBUG_UNINITIALISED");
        List<String> words = new ArrayList<>(List.of(
                "fuzz",
                "--seed",
                "10",
                "--commands",
                "20000",
                "--oracle",
                "self",
                "--target",
                target,
                "--corpus",
                folder.resolve("found").toString()));
        assertThat(run(words.toArray(String[]::new))).as(out::toString).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("fails: the target died of signal 6 (SIGABRT)");
        assertThat(commandsLeft()).isLessThan(10);

        words.addAll(List.of("--dialect", known().toString()));
        assertThat(run(words.toArray(String[]::new))).as(out::toString).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString())
                .containsPattern("ended [0-9]+ runs?: .*toy.toml:1 \\(it aborts on an offset past the backing\\)")
                .contains("after RESOURCE_FLUSH scanout ");
        assertThat(commandsLeft()).isLessThan(10);
    }

    /** docs/FUZZING.md, "Fuzz your own device": a test has a program as it has the device of this project. */
    @Test
    void aTestNamesAProgramAndItsDialect() throws IOException, InterruptedException {
        Path dialect = Files.writeString(folder.resolve("toy.toml"), OFFSET_IS_KNOWN + """
                        [[deviation]]
                        aspect = "answer"
                        commands = "GET_EDID"
                        expected = "*"
                        actual = "UNSPEC"
                        reason = "the toy has no EDID"
                        link = "https://example.org/toy/2"
                        """);
        String flush = "{\"command\":{\"type\":\"RESOURCE_FLUSH\",\"rect\":{\"x\":0,\"y\":0,\"width\":1,\"height\":1},"
                + "\"resourceId\":1}}";
        String edid = "{\"command\":{\"type\":\"GET_EDID\",\"scanoutId\":0}}";
        List<ScriptLine> script =
                Stream.of(edid, flush).map(ScriptReader::parse).toList();
        ChosenTarget right = ChosenTarget.of(CDevice.build(folder)).within(Duration.ofSeconds(60));
        DifferentialRun strict = new DifferentialRun(RigSettings.EXEC, right.device());
        assertThat(strict.run(script).orElseThrow().text()).startsWith("GET_EDID is answered with UNSPEC");
        ChosenTarget allowed = right.in(Dialect.of(dialect.toString()));
        assertThat(new DifferentialRun(RigSettings.EXEC, allowed.device())
                        .in(allowed.dialect())
                        .run(script))
                .isEmpty();
    }

    private Path known() throws IOException {
        return Files.writeString(folder.resolve("toy.toml"), OFFSET_IS_KNOWN);
    }

    private int commandsLeft() {
        Matcher cut = Pattern.compile("cut down from .* to ([0-9]+) commands?,").matcher(out.toString());
        assertThat(cut.find()).as(out.toString()).isTrue();
        return Integer.parseInt(cut.group(1));
    }

    @Test
    void aKnownFindingEndsAReplayUncheckedAndIsNothingToCutDown() throws IOException, InterruptedException {
        String target = CDevice.build(folder, "-DBUG_OFFSET");
        String dialect = known().toString();
        String trace = folder.resolve("offset.trace").toString();
        String script = Files.readString(EXAMPLE.resolve("bars.jsonl"))
                + "{\"command\":{\"type\":\"TRANSFER_TO_HOST_2D\",\"rect\":{\"x\":0,\"y\":0,\"width\":1,"
                + "\"height\":1},\"offset\":1099511627776,\"resourceId\":1}}\n";
        assertThat(given(script, "exec", "-o", trace, "-")).as(err::toString).isZero();

        assertThat(run("replay", "--target", target, trace)).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("Finding: the target died of signal 6 (SIGABRT)");
        assertThat(run("replay", "--target", target, "--dialect", dialect, "--answers", "listed", trace))
                .as(out::toString)
                .isZero();
        assertThat(out.toString())
                .contains("unchecked  ")
                .contains("Known finding: the target died of signal 6 (SIGABRT)")
                .contains("toy.toml:1 knows it (it aborts on an offset past the backing).");
        assertThat(run("replay", "--json", "--target", target, "--dialect", dialect, trace))
                .isZero();
        assertThat(out.toString()).contains("\"knownBy\":\"" + dialect + ":1\"");

        String small = folder.resolve("small.trace").toString();
        assertThat(run("minimize", "--target", target, "--dialect", dialect, trace, "-o", small))
                .isEqualTo(code(ExitCode.USAGE));
        assertThat(err.toString()).contains("does not fail").contains("but for what the dialect allows");
        assertThat(run("minimize", "--target", target, trace, "-o", small)).isZero();
        assertThat(out.toString()).contains("failure: the target died of signal 6 (SIGABRT)");
        // What a script asks for is done, or it is not: exec tells of it as ever.
        assertThat(given(script, "exec", "--target", target, "--dialect", dialect, "-"))
                .isEqualTo(code(ExitCode.MISMATCH));
    }

    @Test
    void aReplayIntoADeviceIsJudgedByItsPicturesAndItsAnswersAreListed() throws IOException, InterruptedException {
        String target = CDevice.build(folder);
        String cursor = HOME.resolve("recordings/cursor.trace").toString();
        assertThat(run("replay", "--target", target, cursor)).as(out::toString).isZero();
        assertThat(out.toString())
                .contains("target: 1 of 48 answers differs; 5 of 5 snapshots match their goldens")
                .contains("GET_EDID is answered with UNSPEC, not OK_EDID: 1 time, first at #202.")
                .contains("The target shows no cursor: the recorded one was laid on 4 pictures.")
                .contains("Not compared, since the target cannot show it: configuration space, queues.");

        assertThat(run("replay", "--target", target, "--answers", "strict", cursor))
                .isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString())
                .contains("The target does otherwise than it should.")
                .contains("#202 ");
        Path dialect = Files.writeString(folder.resolve("toy.toml"), """
                [[deviation]]
                aspect = "answer"
                commands = "GET_EDID"
                expected = "OK_EDID"
                actual = "UNSPEC"
                reason = "the toy has no EDID"
                link = "https://example.org/toy"
                """);
        assertThat(run("replay", "--target", target, "--dialect", dialect.toString(), "--json", cursor))
                .as(out::toString)
                .isZero();
        assertThat(out.toString())
                .contains(
                        "\"target\":{\"answers\":48,\"differing\":1,\"allowed\":1,\"differences\":[{\"command\":\"GET_EDID\",")
                .contains("\"allowedBy\":\"" + dialect + ":1\",\"reason\":\"the toy has no EDID\"}]")
                .contains("\"cursorsLaidOn\":4,\"notCompared\":[\"configuration space\",\"queues\"]}");
    }

    @Test
    void aPictureThatDiffersFromItsGoldenFailsAndSoDoesOneThatDiffersFromWhatWasRecordedWithoutGoldens()
            throws IOException, InterruptedException {
        Path sources = Files.createDirectories(folder.resolve("src"));
        String target = CDevice.build(folder, "-DBUG_BLUE");
        Path bars = EXAMPLE.resolve("recordings/bars.trace");
        assertThat(run("replay", "--target", target, bars.toString())).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("all of 7 answers as recorded").contains(" differs from ");
        assertThat(run(
                        "minimize",
                        "--max-runs",
                        "20",
                        "--target",
                        target,
                        bars.toString(),
                        "-o",
                        folder.resolve("m.trace").toString()))
                .as(err::toString)
                .isZero();
        assertThat(out.toString()).contains("failure: after RESOURCE_FLUSH scanout 0 shows ");
        Path alone = Files.copy(bars, sources.resolve("bars.trace"));
        assertThat(run("replay", "--target", target, alone.toString())).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString()).contains("snapshot").contains("The target does otherwise than it should.");
    }

    @Test
    void aDeviceThatShowsNoPicturesLeavesATraceUnchecked() {
        String program = "echo '{\"semblance\":1,\"capabilities\":[]}'; n=0;"
                + "while read -r l; do n=$((n+1)); echo \"{\\\"id\\\":$n}\"; done";
        String bars = EXAMPLE.resolve("recordings/bars.trace").toString();
        Path junit = folder.resolve("j.xml");
        assertThat(run("replay", "--target", "pipe:" + program, "--junit", junit.toString(), bars))
                .isZero();
        assertThat(out.toString())
                .contains("unchecked  ")
                .contains("target: 7 of 7 answers differ; no picture compared, for the target shows none")
                .contains("is answered with none, not OK_NODATA")
                .contains("Not compared, since the target cannot show it: pictures, configuration space, queues.");
        assertThat(junit).content().contains("is answered with none, not OK_NODATA");
        assertThat(run("replay", "--target", "pipe:" + program, "--answers", "strict", bars))
                .isEqualTo(code(ExitCode.MISMATCH));
    }

    @Test
    void aDeviceThatDiesInAReplayIsAFindingWithItsLastLines() {
        String program = "echo '{\"semblance\":1,\"capabilities\":[]}'; n=0;"
                + "while [ $n -lt 5 ]; do read -r l; n=$((n+1)); echo \"{\\\"id\\\":$n}\"; done;"
                + "echo first >&2; echo second >&2; exit 9";
        String bars = EXAMPLE.resolve("recordings/bars.trace").toString();
        assertThat(run("replay", "--target", "pipe:" + program, bars)).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString())
                .contains("Finding: the target ended with exit status 9; it said last: first.")
                .contains("        second");
        assertThat(run("replay", "--target", "pipe:exit 3", bars)).isEqualTo(code(ExitCode.INCOMPATIBLE));
    }

    @Test
    void optionsThatContradictEachOtherAreUsageErrors() {
        for (String words : List.of(
                "replay --machine --target pipe:x t.trace",
                "replay --answers strict t.trace",
                "replay --dialect qemu t.trace",
                "replay --target builtin --dialect qemu t.trace",
                "exec --dialect qemu -",
                "minimize --dialect qemu t.trace",
                "fuzz --oracle self --dialect qemu",
                "replay --target pipe:x --answers loosely t.trace",
                "replay --target pipe:x --damage t.trace",
                "replay --target pipe: t.trace",
                "replay --target pipe:x --target-timeout 0s t.trace",
                "minimize --target pipe:x --test y t.trace")) {
            assertThat(run(words.split(" "))).as(words + err).isEqualTo(code(ExitCode.USAGE));
        }
    }

    private Path script(Path trace) throws IOException {
        assertThat(run("dump", "--script", trace.toString())).isZero();
        return Files.writeString(folder.resolve("again.jsonl"), out.toString());
    }

    private static Path only(Path folder, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.filter(
                            file -> String.valueOf(file.getFileName()).startsWith(prefix))
                    .toList();
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }

    @Test
    void aTargetThatCannotBeUsedIsIncompatibleAndOneThatIsNoneIsAUsageError() {
        String script = "{\"command\":{\"type\":\"GET_DISPLAY_INFO\"}}\n";
        assertThat(given(script, "exec", "--target", "pipe:exit 3", "-")).isEqualTo(code(ExitCode.INCOMPATIBLE));
        assertThat(err.toString())
                .contains("the target pipe:exit 3 cannot be used")
                .contains("exit status 3");
        assertThat(run("fuzz", "--commands", "1", "--target", "pipe:echo hello"))
                .isEqualTo(code(ExitCode.INCOMPATIBLE));
        assertThat(given(script, "exec", "--target", "./gpu", "-")).isEqualTo(code(ExitCode.USAGE));
        assertThat(run("fuzz", "--oracle", "none", "--dialect", "qemu")).isEqualTo(code(ExitCode.USAGE));
        assertThat(run("fuzz", "--oracle", "delphi")).isEqualTo(code(ExitCode.USAGE));
        assertThat(run("fuzz", "--dialect", "klingon")).isEqualTo(code(ExitCode.USAGE));
        assertThat(given(script, "exec", "--damage", "--target", "pipe:cat", "-"))
                .isEqualTo(code(ExitCode.USAGE));
    }

    @Test
    void builtinIsTheDeviceThatIsTestedAnyway() {
        assertThat(run("fuzz", "--seed", "3", "--commands", "200", "--target", "builtin"))
                .isZero();
        assertThat(run("fuzz", "--seed", "3", "--commands", "200", "--oracle", "self"))
                .isZero();
        assertThat(run("fuzz", "--seed", "3", "--commands", "200", "--oracle", "none"))
                .isZero();
    }

    @Test
    void whatATargetComplainsOfEndsAScriptWithAFinding() {
        String program = "echo '{\"semblance\":1,\"capabilities\":[]}'; n=0;"
                + "while read -r l; do n=$((n+1)); echo \"{\\\"id\\\":$n}\"; done; echo odd >&2";
        String script = "{\"command\":{\"type\":\"GET_DISPLAY_INFO\"},\"resp_len\":24}\n".repeat(2);
        assertThat(given(script, "exec", "--target", "pipe:" + program, "-")).isEqualTo(code(ExitCode.MISMATCH));
        assertThat(out.toString().lines()).hasSize(2);
        assertThat(err.toString()).isEqualTo("semblance: the target wrote to standard error: odd\n");
    }

    /** The transcript of docs/TARGETS.md: what is sent, and what the target writes. */
    @Test
    void theTranscriptOfTheDocumentIsWhatIsSpoken() throws IOException {
        String document = Files.readString(HOME.resolve("docs/TARGETS.md"));
        List<String> transcript = block(document, "```transcript\n").lines().toList();
        Path program = folder.resolve("transcript.sh");
        List<String> shell = new ArrayList<>();
        Path heard = folder.resolve("heard");
        for (String line : transcript) {
            assertThat(line).matches("[<>] \\{.*\\}");
            shell.add(
                    line.startsWith("<")
                            ? "printf '%s\\n' '" + line.substring(2) + "'"
                            : "read -r l; printf '%s\\n' \"$l\" >> " + heard);
        }
        shell.add("cat > /dev/null");
        Files.writeString(program, String.join("\n", shell));
        assertThat(given(block(document, "```jsonl spoken\n"), "exec", "--target", "pipe:sh " + program, "-"))
                .as(err::toString)
                .isZero();
        assertThat(Files.readAllLines(heard))
                .isEqualTo(transcript.stream()
                        .filter(line -> line.startsWith(">"))
                        .map(line -> line.substring(2))
                        .toList());
        assertThat(out.toString()).isEqualTo(block(document, "```jsonl heard\n"));
    }

    private static String block(String document, String fence) {
        int from = document.indexOf(fence) + fence.length();
        assertThat(from).as(fence).isGreaterThan(fence.length());
        return document.substring(from, document.indexOf("```", from));
    }
}
