package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.cli.benchmark.Part;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.UserError;
import dev.semblance.harness.guest.images.DisplayMode;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.replay.TraceReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Requests requests = new Requests();
    private Map<String, String> environment = Map.of();

    /** Keeps what it is asked to do. */
    private static final class Requests implements Actions {
        private final List<Object> asked = new ArrayList<>();
        private ExitCode answer = ExitCode.PASS;
        private Runnable onCall = () -> {};

        private ExitCode take(Object request) {
            asked.add(request);
            onCall.run();
            return answer;
        }

        @Override
        public ExitCode boot(Guest guest) {
            return take(guest);
        }

        @Override
        public ExitCode record(List<Recording> recordings) {
            return take(recordings);
        }

        @Override
        public ExitCode replay(Replays replays) {
            return take(replays);
        }

        @Override
        public ExitCode approve(Approval approval) {
            return take(approval);
        }

        @Override
        public ExitCode info(List<Path> traces) {
            return take(traces);
        }

        @Override
        public ExitCode dump(Dump dump) {
            return take(dump);
        }

        @Override
        public ExitCode assemble(Assembly assembly) {
            return take(assembly);
        }

        @Override
        public ExitCode diff(Comparison comparison) {
            return take(comparison);
        }

        @Override
        public ExitCode repair(Repair repair) {
            return take(repair);
        }

        @Override
        public ExitCode pack(Packing packing) {
            return take(packing);
        }

        @Override
        public ExitCode dumpScript(Path trace) {
            return take(trace);
        }

        @Override
        public ExitCode exec(Execution execution) {
            return take(execution);
        }

        @Override
        public ExitCode render(Rendering rendering) {
            return take(rendering);
        }

        @Override
        public ExitCode minimize(Minimization minimization) {
            return take(minimization);
        }

        @Override
        public ExitCode redact(Redaction redaction) {
            return take(redaction);
        }

        @Override
        public ExitCode trim(Trim trim) {
            return take(trim);
        }

        @Override
        public ExitCode fuzz(Fuzzing fuzzing) {
            return take(fuzzing);
        }

        @Override
        public ExitCode benchmark(Measurement measurement) {
            return take(measurement);
        }
    }

    private int run(String... args) {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return Semblance.run(requests, terminal, environment, args);
    }

    private String file(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "snapshot s\n").toString();
    }

    @Test
    void replayTakesTracesAndFoldersOfThem() throws IOException {
        file("b.trace");
        file("a.trace");
        file("a.scenario");
        assertThat(run(
                        "replay",
                        folder.toString(),
                        "--device",
                        "--golden",
                        "g",
                        "--policy",
                        "p.toml",
                        "--images",
                        "i",
                        "--images",
                        "j"))
                .isZero();
        assertThat(requests.asked)
                .containsExactly(new Actions.Replays(
                        List.of(folder.resolve("a.trace"), folder.resolve("b.trace")),
                        TraceReplay.Kind.DEVICE,
                        Optional.of(Path.of("g")),
                        Optional.of(Path.of("p.toml")),
                        List.of(Path.of("i"), Path.of("j")),
                        Optional.empty(),
                        Optional.empty(),
                        Actions.Ci.NONE,
                        Actions.Pace.STEADY));
    }

    @Test
    void replayTakesPatternsThatNoShellHasExpanded() throws IOException {
        file("b.trace");
        file("a.trace");
        file("a.scenario");
        assertThat(run("replay", folder.resolve("*.trace").toString())).isZero();
        assertThat(((Actions.Replays) requests.asked.getFirst()).traces())
                .containsExactly(folder.resolve("a.trace"), folder.resolve("b.trace"));
        assertThat(run("replay", folder.resolve("*.none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no file matches " + folder.resolve("*.none"));
    }

    @Test
    void replayWritesReportsWhereItIsTold() throws IOException {
        run("replay", file("a.trace"), "--report", "r", "--html", "h.html");
        Actions.Replays replays = (Actions.Replays) requests.asked.getFirst();
        assertThat(replays.report()).contains(Path.of("r"));
        assertThat(replays.html()).contains(Path.of("h.html"));
    }

    @Test
    void replayDoesBothUnlessToldOtherwise() throws IOException {
        String trace = file("a.trace");
        run("replay", trace, trace);
        run("replay", "--machine", trace);
        assertThat(requests.asked)
                .extracting(request -> ((Actions.Replays) request).kind())
                .containsExactly(TraceReplay.Kind.BOTH, TraceReplay.Kind.MACHINE);
        assertThat(((Actions.Replays) requests.asked.getFirst()).traces()).hasSize(1);
    }

    @Test
    void replayKnowsWhatACiSystemWants() throws IOException {
        String trace = file("a.trace");
        environment = Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", "s.md");
        assertThat(run("replay", trace, "--junit", "j.xml", "--jobs", "3", "--timeout", "90s", "--shard", "1/2"))
                .as(err.toString())
                .isZero();
        environment = Map.of("GITHUB_STEP_SUMMARY", "s.md");
        run("replay", trace, "--shard", "2/2");
        run("replay", trace, "--github");
        Actions.Replays first = (Actions.Replays) requests.asked.getFirst();
        assertThat(first.ci())
                .isEqualTo(new Actions.Ci(Optional.of(Path.of("j.xml")), true, Optional.of(Path.of("s.md")), false));
        assertThat(first.pace()).isEqualTo(new Actions.Pace(3, Optional.of(Duration.ofSeconds(90))));
        assertThat(first.traces()).containsExactly(Path.of(trace));
        Actions.Replays second = (Actions.Replays) requests.asked.get(1);
        assertThat(second.ci()).isEqualTo(Actions.Ci.NONE);
        assertThat(second.traces()).isEmpty();
        Actions.Replays third = (Actions.Replays) requests.asked.getLast();
        assertThat(third.ci()).isEqualTo(new Actions.Ci(Optional.empty(), true, Optional.of(Path.of("s.md")), false));
    }

    @Test
    void recordTakesTheScenariosGuestWhereTheCommandLineSaysNothing() throws IOException {
        Path script =
                Files.writeString(folder.resolve("s.scenario"), "kernel k\nseed 5\nappend \"quiet\"\nsnapshot one\n");
        assertThat(run(
                        "record",
                        "--scenario",
                        script.toString(),
                        "--seed",
                        "9",
                        "--mode",
                        "640x480",
                        "--disk",
                        "shipped:rootfs.ext4",
                        "--max-cycles",
                        "2e9",
                        "-o",
                        "t.trace"))
                .as(err.toString())
                .isZero();
        List<?> recordings = (List<?>) requests.asked.getFirst();
        Actions.Recording recording = (Actions.Recording) recordings.getFirst();
        var settings = recording.guest().settings();
        assertThat(settings.kernel()).hasValue(new ImageSource.File(folder.resolve("k")));
        assertThat(settings.disk()).hasValue(new ImageSource.Shipped("rootfs.ext4"));
        assertThat(settings.append()).hasValue("quiet");
        assertThat(settings.seed()).hasValue(9);
        assertThat(settings.mode()).hasValue(new DisplayMode(640, 480));
        assertThat(recording.guest().maxCycles()).isEqualTo(OptionalLong.of(2_000_000_000));
        assertThat(recording.output()).isEqualTo(Path.of("t.trace"));
        assertThat(recording.scenario().map(Scenario::steps).orElseThrow()).hasSize(1);
    }

    @Test
    void recordAgainMakesEveryTraceBesideItsScenario() throws IOException {
        file("b.scenario");
        file("a.scenario");
        file("a.trace");
        assertThat(run("record", "--again", folder.toString())).isZero();
        List<?> recordings = (List<?>) requests.asked.getFirst();
        assertThat(recordings)
                .extracting(recording -> ((Actions.Recording) recording).output())
                .containsExactly(folder.resolve("a.trace"), folder.resolve("b.trace"));
    }

    @Test
    void theOtherVerbsPassOnWhatTheyAreGiven() throws IOException {
        String trace = file("a.trace");
        assertThat(run("boot", "--bare", "prog.bin")).isZero();
        assertThat(run("info", trace)).isZero();
        assertThat(run("dump", "--json", trace)).isZero();
        assertThat(run("dump", trace, "--script")).isZero();
        assertThat(run("exec", trace, "-o", "x.trace")).isZero();
        assertThat(run("exec", "-", "--keep-going")).isZero();
        assertThat(run("render", trace, "--every-flush", "-o", "out")).isZero();
        assertThat(run("approve", trace, "--golden", "g")).isZero();
        assertThat(run("benchmark", "cpu", "size", "--repeat", "3")).isZero();
        assertThat(run("benchmark")).isZero();
        assertThat(requests.asked.subList(1, 10))
                .containsExactly(
                        List.of(Path.of(trace)),
                        new Actions.Dump(Path.of(trace), true),
                        Path.of(trace),
                        new Actions.Execution(Optional.of(Path.of(trace)), Optional.of(Path.of("x.trace")), false),
                        new Actions.Execution(Optional.empty(), Optional.empty(), true),
                        new Actions.Rendering(Path.of(trace), true, Optional.of(Path.of("out")), Optional.empty()),
                        new Actions.Approval(
                                List.of(Path.of(trace)), Optional.of(Path.of("g")), Optional.empty(), List.of()),
                        new Actions.Measurement(Set.of(Part.CPU, Part.SIZE), 3),
                        new Actions.Measurement(Set.of(Part.values()), 5));
        assertThat(((Actions.Guest) requests.asked.getFirst()).bare()).hasValue(Path.of("prog.bin"));
    }

    @Test
    void renderMakesAnAnimation() throws IOException {
        String trace = file("a.trace");
        assertThat(run("render", trace, "--apng", "f.png")).isZero();
        assertThat(run("render", trace, "--apng", "f.png", "--fps", "25", "--loop", "2", "--scanout", "1", "-o", "d"))
                .isZero();
        assertThat(requests.asked)
                .containsExactly(
                        new Actions.Rendering(
                                Path.of(trace),
                                false,
                                Optional.empty(),
                                Optional.of(new Actions.Animation(Path.of("f.png"), 0, OptionalInt.empty(), 0))),
                        new Actions.Rendering(
                                Path.of(trace),
                                false,
                                Optional.of(Path.of("d")),
                                Optional.of(new Actions.Animation(Path.of("f.png"), 1, OptionalInt.of(25), 2))));
    }

    @Test
    void theExitCodeIsTheVerbs() {
        for (ExitCode code : ExitCode.values()) {
            requests.answer = code;
            assertThat(run("benchmark")).isEqualTo(code.code());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rplay",
                "replay",
                "replay --machine --device x",
                "replay /no/such/trace",
                "replay . --jobs 0",
                "replay . --shard 3/2",
                "replay . --timeout 5",
                "record",
                "record -o t --mode 1",
                "record -o t --seed x",
                "record -o t --max-cycles 0",
                "record -o t --scenario /no/such/scenario",
                "record --again /no/such/folder",
                "record --again x -o t",
                "record -o t --bare b --kernel k",
                "render x",
                "render x --every-flush --apng f",
                "render x -o d --fps 10",
                "render x --apng f --fps 0",
                "render x --apng f --fps 61",
                "render x --apng f --loop -1",
                "render x --apng f --scanout 16",
                "minimize /no/such/trace",
                "minimize x --max-runs 0",
                "trim /no/such/trace -o t",
                "trim x",
                "redact x",
                "redact x --pixels pink -o t",
                "dump",
                "dump a b",
                "dump --json --script t",
                "exec",
                "exec not-there.jsonl",
                "boot surplus",
                "benchmark --frob",
                "benchmark gpu",
                "benchmark --repeat 0"
            })
    void misuseIsOneSentenceOnStandardErrorAndExitCode2(String line) {
        String[] args = line.isEmpty() ? new String[0] : line.split(" ", -1);
        assertThat(run(args)).isEqualTo(2);
        assertThat(requests.asked).isEmpty();
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("semblance: ").doesNotContain("\tat ");
        assertThat(err.toString().lines().filter(text -> text.startsWith("semblance: ")))
                .hasSize(1);
    }

    @Test
    void aFolderWithoutTracesIsMisuseNotSuccess() {
        assertThat(run("replay", folder.toString())).isEqualTo(2);
        assertThat(err).hasToString("semblance: the folder " + folder + " holds no .trace file\n");
    }

    @Test
    void aUserErrorIsItsSentenceAndItsExitCode() {
        requests.onCall = () -> {
            throw new UserError(ExitCode.INCOMPATIBLE, "the image is not here");
        };
        assertThat(run("benchmark")).isEqualTo(5);
        assertThat(err).hasToString("semblance: the image is not here\n");
    }

    @Test
    void aMistakeOfOursIsOneSentenceAndExitCode70UnlessAskedForMore() {
        requests.onCall = () -> {
            throw new IllegalStateException("lost");
        };
        assertThat(run("benchmark")).isEqualTo(70);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("internal error").contains("lost").contains("--stacktrace");

        assertThat(run("benchmark", "--stacktrace")).isEqualTo(70);
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void anErrorOfTheVirtualMachineIsCaughtToo() {
        requests.onCall = () -> {
            throw new StackOverflowError("so deep");
        };
        assertThat(run("benchmark")).isEqualTo(70);
        assertThat(err.toString()).contains("so deep").doesNotContain("\tat ");
    }

    @Test
    void aHeapThatIsTooSmallIsSaidInASentence() {
        requests.onCall = () -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertThat(run("benchmark")).isEqualTo(5);
        assertThat(err.toString())
                .contains("needs more memory than the")
                .contains("-Xmx")
                .doesNotContain("\tat ");
    }

    @Test
    void theStackTraceCanBeHadThroughTheEnvironment() {
        environment = Map.of("SEMBLANCE_STACKTRACE", "1");
        requests.onCall = () -> {
            throw new IllegalStateException("lost");
        };
        run("benchmark");
        assertThat(err.toString()).contains("\tat ");
    }

    @Test
    void approveIsRefusedUnderCi() throws IOException {
        environment = Map.of("CI", "true");
        assertThat(run("approve", file("a.trace"))).isEqualTo(2);
        assertThat(requests.asked).isEmpty();
        assertThat(err.toString()).contains("CI=true");
    }

    @Test
    void everyVerbHasHelpWithExitCodesAndExamples() {
        for (String verb : List.of(
                "boot",
                "record",
                "replay",
                "approve",
                "info",
                "dump",
                "exec",
                "render",
                "benchmark",
                "fuzz",
                "minimize",
                "trim",
                "redact",
                "diff",
                "repair",
                "asm",
                "pack")) {
            out.getBuffer().setLength(0);
            assertThat(run(verb, "--help")).isZero();
            assertThat(out.toString())
                    .contains("Usage: semblance " + verb, "Exit codes:", "Examples:", "  semblance " + verb)
                    .containsPattern(" 6 +a step of the scenario");
        }
        assertThat(requests.asked).isEmpty();
    }

    @Test
    void helpFitsATerminalOf80Columns() {
        for (String verb : List.of(
                "",
                "boot",
                "record",
                "replay",
                "approve",
                "dump",
                "exec",
                "render",
                "fuzz",
                "minimize",
                "trim",
                "redact",
                "diff",
                "repair",
                "asm",
                "pack")) {
            run(verb.isEmpty() ? new String[] {"--help"} : new String[] {verb, "--help"});
        }
        assertThat(out.toString().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        // An example that was wrapped cannot be copied.
        assertThat(out.toString()).contains("-o mine.trace\n");
        String[] afterExamples = out.toString().split("Examples:\n", -1);
        assertThat(afterExamples).hasSizeGreaterThan(10);
        for (int i = 1; i < afterExamples.length; i++) {
            String examples = afterExamples[i]
                    .lines()
                    .takeWhile(line -> line.startsWith("  "))
                    .reduce("", String::concat);
            String next = afterExamples[i]
                    .lines()
                    .dropWhile(line -> line.startsWith("  "))
                    .findFirst()
                    .orElse("");
            assertThat(next).as("after %s", examples).matches("|[A-Z][a-z].*");
        }
    }

    @Test
    void theVersionAndTheCompletionScriptAreThere() {
        assertThat(run("--version")).isZero();
        assertThat(out.toString()).matches("(?s)semblance [0-9]+\\.[0-9]+\\.[0-9]+.*Java 2.*");
        assertThat(run("generate-completion")).isZero();
        assertThat(out.toString()).contains("complete -F").contains("--every-flush");
    }

    @Test
    void fuzzTakesASeedALimitAndACorpus() {
        run("fuzz", "--seed", "7", "--commands", "100", "--corpus", "seeds");
        run("fuzz", "--time", "10m");
        assertThat(requests.asked)
                .containsExactly(
                        new Actions.Fuzzing(
                                Optional.of(7L), Optional.of(100L), Optional.empty(), Optional.of(Path.of("seeds"))),
                        new Actions.Fuzzing(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(Duration.ofMinutes(10)),
                                Optional.empty()));
    }

    @Test
    void timesOnTheHostsClockAreWrittenTheSameWayInAllOptions() throws IOException {
        String trace = Files.writeString(folder.resolve("x.trace"), "").toString();
        String out = folder.resolve("o.trace").toString();
        Map<String, Duration> times = Map.of(
                "1ms", Duration.ofMillis(1),
                "90s", Duration.ofSeconds(90),
                "5m", Duration.ofMinutes(5),
                "240h", Duration.ofDays(10));
        times.forEach((text, time) -> {
            requests.asked.clear();
            run("fuzz", "--time", text);
            run("replay", trace, "--timeout", text);
            run("minimize", trace, "-o", out, "--timeout", text, "--time", text);
            assertThat(requests.asked).as(err.toString()).hasSize(3);
            assertThat(((Actions.Fuzzing) requests.asked.get(0)).time()).contains(time);
            assertThat(((Actions.Replays) requests.asked.get(1)).pace().timeout())
                    .contains(time);
            Actions.Minimization minimization = (Actions.Minimization) requests.asked.get(2);
            assertThat(minimization.timeout()).isEqualTo(time);
            assertThat(minimization.limits().time()).contains(time);
        });
        // As long as minimize has had them, its numbers were seconds.
        requests.asked.clear();
        run("minimize", trace, "-o", out, "--timeout", "7", "--time", "20");
        Actions.Minimization minimization = (Actions.Minimization) requests.asked.getFirst();
        assertThat(minimization.timeout()).isEqualTo(Duration.ofSeconds(7));
        assertThat(minimization.limits().time()).contains(Duration.ofSeconds(20));
        for (String none : List.of("0", "0s", "0ms", "241h", "1d", "1.5s", "", "5 m", "999999999h")) {
            assertThat(run("minimize", trace, "-o", out, "--timeout", none)).isEqualTo(ExitCode.USAGE.code());
            assertThat(run("replay", trace, "--timeout", none)).isEqualTo(ExitCode.USAGE.code());
        }
    }

    @Test
    void fuzzRefusesTwoLimitsAndLimitsThatAreNone() {
        for (String[] words : List.of(
                new String[] {"fuzz", "--commands", "1", "--time", "1s"},
                new String[] {"fuzz", "--commands", "0"},
                new String[] {"fuzz", "--time", "0s"},
                new String[] {"fuzz", "--time", "999999999h"},
                new String[] {"fuzz", "--time", "241h"},
                new String[] {"fuzz", "--time", "99999999999999999999s"},
                new String[] {"fuzz", "--time", "60"},
                new String[] {"fuzz", "--time", "-1s"},
                new String[] {"fuzz", "--time", "soon"})) {
            assertThat(run(words)).isEqualTo(ExitCode.USAGE.code());
        }
        assertThat(requests.asked).isEmpty();
        assertThat(err.toString()).contains("'soon' is no time from 1ms to 240h; write 500ms, 90s, 5m or 8h");
    }
}
