package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.cli.benchmark.Part;
import dev.semblance.gpu.display.DisplayConfig;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.IncompatibleException;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.edit.redact.Labels;
import dev.semblance.harness.edit.redact.PixelMask;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageSource;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionRange;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

class CommandLineTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Map<String, String> variables = Map.of();

    /** What a verb that asks for guest images gets in place of them. */
    private Supplier<GuestImages> images = () -> {
        throw new IllegalStateException("a verb has begun its work");
    };

    private CliEnvironment environment() {
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return Environments.of(terminal, () -> images.get(), variables);
    }

    private int run(String... args) {
        return Semblance.run(environment(), args);
    }

    /** Returns the request that a command line makes up. */
    private Object asked(String... args) {
        CommandLine verb = Semblance.commandLine(environment(), words -> 0)
                .parseArgs(args)
                .subcommand()
                .commandSpec()
                .commandLine();
        return ((Subcommand<?>) verb.getCommand()).parse();
    }

    private ReplayCommand.Request replays(String... args) {
        return (ReplayCommand.Request) asked(args);
    }

    private String file(String name) throws IOException {
        return Files.writeString(folder.resolve(name), "snapshot s\n").toString();
    }

    @Test
    void replayTakesTracesAndFoldersOfThem() throws IOException {
        file("b.trace");
        file("a.trace");
        file("a.scenario");
        assertThat(asked(
                        "replay",
                        folder.toString(),
                        "--device",
                        "--golden",
                        "g",
                        "--policy",
                        "p.toml",
                        "--images",
                        folder.toString(),
                        "--images",
                        "."))
                .isEqualTo(new ReplayCommand.Request(
                        List.of(TraceFile.of(folder.resolve("a.trace")), TraceFile.of(folder.resolve("b.trace"))),
                        TraceReplay.Kind.DEVICE,
                        new GoldenOptions.Settings(
                                Optional.of(Path.of("g")),
                                Optional.of(Path.of("p.toml")),
                                List.of(folder, Path.of("."))),
                        ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                        Optional.empty(),
                        Optional.empty(),
                        ReplayCommand.Ci.NONE,
                        new ReplayCommand.Pace(ReplayCommand.Pace.usualJobs(), Optional.empty())));
    }

    @Test
    void replayTakesPatternsThatNoShellHasExpanded() throws IOException {
        file("b.trace");
        file("a.trace");
        file("a.scenario");
        assertThat(replays("replay", folder.resolve("*.trace").toString()).traces())
                .containsExactly(TraceFile.of(folder.resolve("a.trace")), TraceFile.of(folder.resolve("b.trace")));
        assertThat(run("replay", folder.resolve("*.none").toString())).isEqualTo(2);
        assertThat(err.toString()).contains("no file matches " + folder.resolve("*.none"));
    }

    @Test
    void replayWritesReportsWhereItIsTold() throws IOException {
        ReplayCommand.Request replays = replays("replay", file("a.trace"), "--report", "r", "--html", "h.html");
        assertThat(replays.report()).contains(Path.of("r"));
        assertThat(replays.html()).contains(Path.of("h.html"));
    }

    @Test
    void replayDoesBothUnlessToldOtherwise() throws IOException {
        String trace = file("a.trace");
        assertThat(replays("replay", trace, trace).kind()).isEqualTo(TraceReplay.Kind.BOTH);
        assertThat(replays("replay", "--machine", trace).kind()).isEqualTo(TraceReplay.Kind.MACHINE);
        assertThat(replays("replay", trace, trace).traces()).hasSize(1);
    }

    @Test
    void replayKnowsWhatACiSystemWants() throws IOException {
        String trace = file("a.trace");
        variables = Map.of("GITHUB_ACTIONS", "true", "GITHUB_STEP_SUMMARY", "s.md");
        ReplayCommand.Request first =
                replays("replay", trace, "--junit", "j.xml", "--jobs", "3", "--timeout", "90s", "--shard", "1/2");
        variables = Map.of("GITHUB_STEP_SUMMARY", "s.md");
        ReplayCommand.Request second = replays("replay", trace, "--shard", "2/2");
        ReplayCommand.Request third = replays("replay", trace, "--github");
        assertThat(first.ci())
                .isEqualTo(
                        new ReplayCommand.Ci(Optional.of(Path.of("j.xml")), true, Optional.of(Path.of("s.md")), false));
        assertThat(first.pace()).isEqualTo(new ReplayCommand.Pace(3, Optional.of(Duration.ofSeconds(90))));
        assertThat(first.traces()).containsExactly(TraceFile.of(Path.of(trace)));
        assertThat(second.ci()).isEqualTo(ReplayCommand.Ci.NONE);
        assertThat(second.traces()).isEmpty();
        assertThat(third.ci())
                .isEqualTo(new ReplayCommand.Ci(Optional.empty(), true, Optional.of(Path.of("s.md")), false));
    }

    @Test
    void recordTakesTheScenariosGuestWhereTheCommandLineSaysNothing() throws IOException {
        Path script = Files.writeString(
                folder.resolve("s.scenario"), "kernel k\nseed 5\nappend \"quiet\"\npointer both\nsnapshot one\n");
        RecordCommand.Request request = (RecordCommand.Request) asked(
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
                "t.trace");
        RecordCommand.Recording recording = request.recordings().getFirst();
        var settings = recording.guest().settings();
        assertThat(settings.kernel()).hasValue(new ImageSource.File(folder.resolve("k")));
        assertThat(settings.disk()).hasValue(new ImageSource.Shipped("rootfs.ext4"));
        assertThat(settings.append()).hasValue("quiet");
        assertThat(settings.seed()).hasValue(9);
        assertThat(settings.mode()).hasValue(DisplayConfig.single(640, 480));
        assertThat(settings.pointer()).hasValue(Pointer.BOTH);
        assertThat(recording.guest().maxCycles()).hasValue(new CycleLimit("2e9"));
        assertThat(new CycleLimit("2e9").cycles(1_000_000_000)).isEqualTo(2_000_000_000);
        assertThat(new CycleLimit("2s").cycles(1_000_000_000)).isEqualTo(2_000_000_000);
        assertThat(recording.output()).isEqualTo(Path.of("t.trace"));
        assertThat(recording.scenario().map(Scenario::steps).orElseThrow()).hasSize(1);
    }

    @Test
    void recordAgainMakesEveryTraceBesideItsScenario() throws IOException {
        file("b.scenario");
        file("a.scenario");
        file("a.trace");
        RecordCommand.Request request = (RecordCommand.Request) asked("record", "--again", folder.toString());
        assertThat(request.recordings())
                .extracting(RecordCommand.Recording::output)
                .containsExactly(folder.resolve("a.trace"), folder.resolve("b.trace"));
    }

    @Test
    void theOtherVerbsPassOnWhatTheyAreGiven() throws IOException {
        String trace = file("a.trace");
        Path file = Path.of(trace);
        BootCommand.Request boot = (BootCommand.Request) asked("boot", "--bare", "prog.bin");
        assertThat(boot.guest().bare()).hasValue(Path.of("prog.bin"));
        assertThat(boot.page()).isEmpty();
        assertThat(asked("info", trace)).isEqualTo(new InfoCommand.Request(List.of(TraceFile.of(file))));
        assertThat(asked("dump", trace)).isEqualTo(new DumpCommand.Request(file, DumpCommand.Style.TEXT));
        assertThat(asked("dump", "--json", trace)).isEqualTo(new DumpCommand.Request(file, DumpCommand.Style.JSON));
        assertThat(asked("dump", trace, "--script")).isEqualTo(new DumpCommand.Request(file, DumpCommand.Style.SCRIPT));
        assertThat(asked("exec", trace, "-o", "x.trace"))
                .isEqualTo(new ExecCommand.Request(
                        Optional.of(file), Optional.of(Path.of("x.trace")), false, false, false));
        assertThat(asked("exec", "-", "--keep-going"))
                .isEqualTo(new ExecCommand.Request(Optional.empty(), Optional.empty(), true, false, false));
        assertThat(asked("render", trace, "--every-flush", "-o", "out"))
                .isEqualTo(new RenderCommand.Request(file, true, Optional.of(Path.of("out")), Optional.empty()));
        assertThat(asked("approve", trace, "--golden", "g"))
                .isEqualTo(new ApproveCommand.Request(
                        List.of(TraceFile.of(file)),
                        new GoldenOptions.Settings(Optional.of(Path.of("g")), Optional.empty(), List.of())));
        assertThat(asked("benchmark", "cpu", "size", "--repeat", "3", "--qemu", "q", "--semu", "s", "--firmware", "f"))
                .isEqualTo(new BenchmarkCommand.Request(
                        Set.of(Part.CPU, Part.SIZE),
                        3,
                        Optional.of(Path.of("q")),
                        Optional.of(Path.of("s")),
                        Optional.of(Path.of("f"))));
        assertThat(asked("benchmark"))
                .isEqualTo(new BenchmarkCommand.Request(
                        Set.of(Part.values()), 9, Optional.empty(), Optional.empty(), Optional.empty()));
        assertThat(asked("asm", trace, "-o", "x.trace"))
                .isEqualTo(new AsmCommand.Request(Optional.of(file), Path.of("x.trace")));
        assertThat(asked("asm", "-", "-o", "x.trace"))
                .isEqualTo(new AsmCommand.Request(Optional.empty(), Path.of("x.trace")));
        assertThat(asked("diff", "--json", trace, trace)).isEqualTo(new DiffCommand.Request(file, file, true));
        assertThat(asked("repair", trace, "-o", "x.trace"))
                .isEqualTo(new RepairCommand.Request(file, Path.of("x.trace")));
        assertThat(asked("pack", trace, "-o", "x.semblance", "--images", ".", "--with-images", "--no-replay"))
                .isEqualTo(new PackCommand.Request(
                        List.of(TraceFile.of(file)),
                        Path.of("x.semblance"),
                        new GoldenOptions.Settings(Optional.empty(), Optional.empty(), List.of(Path.of("."))),
                        true,
                        false));
        assertThat(asked("trim", trace, "--from", "flush:1", "-o", "x.trace"))
                .isEqualTo(new TrimCommand.Request(
                        file,
                        new PositionRange(new Position.OfFlush(1), new Position.End()),
                        false,
                        Path.of("x.trace")));
        assertThat(asked("scenario", trace))
                .isEqualTo(new ScenarioCommand.Request(file, Path.of("-"), true, List.of()));
        assertThat(asked("scenario", trace, "-o", "x.scenario", "--no-verify", "--images", "."))
                .isEqualTo(new ScenarioCommand.Request(file, Path.of("x.scenario"), false, List.of(Path.of("."))));
        RedactCommand.Request redaction = (RedactCommand.Request)
                asked("redact", trace, "--pixels", "scramble", "--key", "7", "--labels", "number", "-o", "x.trace");
        assertThat(redaction)
                .isEqualTo(new RedactCommand.Request(
                        file, Path.of("x.trace"), new PixelMask.Scramble(7), redaction.labels()));
        assertThat(redaction.labels()).isInstanceOf(Labels.Numbered.class);
    }

    @Test
    void renderMakesAnAnimation() throws IOException {
        String trace = file("a.trace");
        assertThat(asked("render", trace, "--apng", "f.png"))
                .isEqualTo(new RenderCommand.Request(
                        Path.of(trace),
                        false,
                        Optional.empty(),
                        Optional.of(new RenderCommand.Animation(Path.of("f.png"), 0, OptionalInt.empty(), 0))));
        assertThat(asked("render", trace, "--apng", "f.png", "--fps", "25", "--loop", "2", "--scanout", "1", "-o", "d"))
                .isEqualTo(new RenderCommand.Request(
                        Path.of(trace),
                        false,
                        Optional.of(Path.of("d")),
                        Optional.of(new RenderCommand.Animation(Path.of("f.png"), 1, OptionalInt.of(25), 2))));
    }

    @Test
    void theExitCodeIsTheVerbs() {
        for (ExitCode code : ExitCode.values()) {
            Subcommand<ExitCode> verb = new Subcommand<>(environment()) {
                @Override
                ExitCode parse() {
                    return code;
                }

                @Override
                ExitCode run(ExitCode request) {
                    return request;
                }
            };
            assertThat(new CommandLine(verb).execute()).isEqualTo(code.code());
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
                "scenario",
                "scenario /no/such/trace",
                "scenario x --images /no/such/folder",
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
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).startsWith("semblance: ").doesNotContain("    at ");
        assertThat(err.toString().lines().filter(text -> text.startsWith("semblance: ")))
                .hasSize(1);
        if (!line.isEmpty()) {
            assertRefused(args);
        }
    }

    /** Asserts that a command line makes up no request, so that nothing is done. */
    private void assertRefused(String... args) {
        assertThatThrownBy(() -> asked(args)).isInstanceOfAny(ParameterException.class, SemblanceException.class);
    }

    @Test
    void aFolderWithoutTracesIsMisuseNotSuccess() {
        assertThat(run("replay", folder.toString())).isEqualTo(2);
        assertThat(err).hasToString("semblance: the folder " + folder + " holds no .trace file\n");
    }

    @Test
    void aUserErrorIsItsSentenceAndItsExitCode() {
        images = () -> {
            throw new IncompatibleException("the image is not here");
        };
        assertThat(run("boot")).isEqualTo(5);
        assertThat(err).hasToString("semblance: the image is not here\n");
    }

    @Test
    void aMistakeOfOursIsOneSentenceAndExitCode70UnlessAskedForMore() {
        images = () -> {
            throw new IllegalStateException("lost");
        };
        assertThat(run("boot")).isEqualTo(70);
        assertThat(err.toString().lines()).hasSize(1);
        assertThat(err.toString()).contains("internal error").contains("lost").contains("--stacktrace");

        assertThat(run("boot", "--stacktrace")).isEqualTo(70);
        assertThat(err.toString()).contains("    at ");
    }

    @Test
    void anErrorOfTheVirtualMachineIsCaughtToo() {
        images = () -> {
            throw new StackOverflowError("so deep");
        };
        assertThat(run("boot")).isEqualTo(70);
        assertThat(err.toString()).contains("so deep").doesNotContain("    at ");
    }

    @Test
    void aHeapThatIsTooSmallIsSaidInASentence() {
        images = () -> {
            throw new OutOfMemoryError("Java heap space");
        };
        assertThat(run("boot")).isEqualTo(5);
        assertThat(err.toString())
                .contains("needs more memory than the")
                .contains("-Xmx")
                .doesNotContain("    at ");
    }

    @Test
    void theStackTraceCanBeHadThroughTheEnvironment() {
        variables = Map.of("SEMBLANCE_STACKTRACE", "1");
        images = () -> {
            throw new IllegalStateException("lost");
        };
        run("boot");
        assertThat(err.toString()).contains("    at ");
    }

    @Test
    void approveIsRefusedUnderCi() throws IOException {
        variables = Map.of("CI", "true");
        assertThat(run("approve", file("a.trace"))).isEqualTo(2);
        assertRefused("approve", file("a.trace"));
        assertThat(err.toString()).contains("CI=true");
    }

    @Test
    void everyVerbHasHelpWithExitCodesAndExamples() {
        for (String verb : List.of(
                "boot",
                "record",
                "scenario",
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
                    .containsPattern(" 6 +a scenario step failed");
        }
    }

    @Test
    void helpFitsATerminalOf80Columns() {
        for (String verb : List.of(
                "",
                "boot",
                "record",
                "scenario",
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
        assertThat(asked("fuzz", "--seed", "7", "--commands", "100", "--corpus", "seeds"))
                .isEqualTo(new FuzzCommand.Request(
                        Optional.of(7L), Optional.of(100L), Optional.empty(), Optional.of(Path.of("seeds"))));
        assertThat(asked("fuzz", "--time", "10m"))
                .isEqualTo(new FuzzCommand.Request(
                        Optional.empty(), Optional.empty(), Optional.of(Duration.ofMinutes(10)), Optional.empty()));
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
            assertThat(((FuzzCommand.Request) asked("fuzz", "--time", text)).time())
                    .contains(time);
            assertThat(replays("replay", trace, "--timeout", text).pace().timeout())
                    .contains(time);
            MinimizeCommand.Request minimization =
                    (MinimizeCommand.Request) asked("minimize", trace, "-o", out, "--timeout", text, "--time", text);
            assertThat(minimization.timeout()).isEqualTo(time);
            assertThat(minimization.limits().time()).contains(time);
        });
        // As long as minimize has had them, its numbers were seconds.
        MinimizeCommand.Request minimization =
                (MinimizeCommand.Request) asked("minimize", trace, "-o", out, "--timeout", "7", "--time", "20");
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
            assertRefused(words);
        }
        assertThat(err.toString()).contains("'soon' is not a duration from 1ms to 240h; write 500ms, 90s, 5m or 8h");
    }
}
