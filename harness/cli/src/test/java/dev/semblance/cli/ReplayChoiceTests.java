package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.golden.policy.Glob;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/TOOLS.md, "replay": which traces and snapshots, how far, and for whom. */
class ReplayChoiceTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private Path traces = Path.of("");

    /** Four good traces, of which two have snapshots of several labels, and one that is none. */
    @BeforeEach
    void makeTraces() throws IOException {
        traces = folder.resolve("traces");
        Files.createDirectories(traces.resolve("sub"));
        for (String name : List.of("a", "b", "d", "sub/e")) {
            DisplayWorkload.damage(traces.resolve(name + ".trace"), 3);
        }
        for (String name : List.of("b", "d")) {
            Path trace = traces.resolve(name + ".trace");
            List<Stamped> events = new ArrayList<>();
            for (Stamped stamped : Recordings.events(trace)) {
                if (stamped.event() instanceof TraceEvent.Snapshot end) {
                    for (String label : List.of("login", "logout")) {
                        events.add(new Stamped(
                                events.size(),
                                stamped.cycle(),
                                new TraceEvent.Snapshot(
                                        label, end.scanout(), end.width(), end.height(), end.digest())));
                    }
                }
                events.add(new Stamped(events.size(), stamped.cycle(), stamped.event()));
            }
            Recordings.write(trace, Recordings.manifest(trace), events);
        }
        Files.writeString(traces.resolve("c.trace"), "no trace");
    }

    private static ReplayCommand.Choice filter(String... globs) {
        return new ReplayCommand.Choice(
                new TraceFilter(Stream.of(globs).map(Glob::new).toList()), Optional.empty(), false, false);
    }

    private ExitCode replay(List<TraceFile> files, ReplayCommand.Choice choice, int jobs, ReplayCommand.Ci ci) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        return new ReplayCommand(Environments.timeless(terminal, Recordings::images))
                .run(new ReplayCommand.Request(
                        choice.filter().select(files),
                        TraceReplay.Kind.DEVICE,
                        new GoldenOptions.Settings(Optional.empty(), Optional.empty(), List.of()),
                        ReplayCommand.Required.NOWHERE,
                        Optional.of(folder.resolve("report")),
                        Optional.empty(),
                        ci,
                        new ReplayCommand.Pace(jobs, Optional.empty()),
                        choice));
    }

    private ExitCode replay(ReplayCommand.Choice choice) {
        return replay(all(), choice, 1, ReplayCommand.Ci.NONE);
    }

    private List<TraceFile> all() {
        return InputFiles.traces(List.of(traces.toString()));
    }

    private List<String> replayed() {
        return out.toString()
                .lines()
                .filter(line -> line.matches("(pass|unchecked|FAIL|TORN)  .*"))
                .map(line -> line.replaceFirst("^\\S+\\s+", "").replaceFirst("\\.trace: .*", ""))
                .map(line -> line.substring(traces.toString().length() + 1))
                .toList();
    }

    @Test
    void aPatternOverNamesTakesWholeTraces() {
        assertThat(replay(filter("a", "sub/*"))).isEqualTo(ExitCode.PASS);
        assertThat(replayed()).containsExactly("a", "sub/e");
        assertThat(replay(filter("e"))).isEqualTo(ExitCode.PASS);
        assertThat(replayed()).containsExactly("sub/e");
        // The path that results show.
        assertThat(replay(filter("*/traces/sub/e"))).isEqualTo(ExitCode.PASS);
        assertThat(replayed()).containsExactly("sub/e");
        assertThat(replay(filter("?"))).isEqualTo(ExitCode.CORRUPT);
        // What is no trace is told at once, then come the largest.
        assertThat(replayed()).containsExactly("c", "b", "d", "a", "sub/e");
        assertThat(out.toString()).doesNotContain("not judged");
    }

    /** The first verdict may take long: in a pipe, too, something is there from the beginning. */
    @Test
    void whatIsAheadIsSaidBeforeAnythingIsReplayed() {
        replay(filter("?"));
        assertThat(out.toString()).startsWith("replaying 5 traces, the longest first\nFAIL  ");
        replay(filter("a"));
        assertThat(out.toString()).startsWith("unchecked  ");
        for (String option : List.of("--quiet", "--json")) {
            StringWriter text = new StringWriter();
            StringWriter aside = new StringWriter();
            Terminal terminal = new Terminal(new PrintWriter(text), new PrintWriter(aside), false);
            CliEnvironment environment = Environments.timeless(terminal, Recordings::images);
            Semblance.run(environment, "replay", option, "--device", traces.toString());
            assertThat(text.toString()).doesNotContain("replaying");
            assertThat(aside.toString()).doesNotContain("replaying");
        }
    }

    @Test
    void aPatternOverLabelsTakesThoseSnapshotsAndSaysSo() {
        assertThat(replay(filter("*/log*"))).isEqualTo(ExitCode.PASS);
        assertThat(replayed()).containsExactly("b", "d");
        assertThat(out.toString())
                .contains("2 snapshots compared with nothing, for there are no goldens, 1 not judged");
        assertThat(replay(filter("b/end", "d"))).isEqualTo(ExitCode.PASS);
        assertThat(out.toString().lines())
                .anyMatch(line -> line.contains("b.trace") && line.endsWith("no goldens, 2 not judged"))
                .anyMatch(line -> line.contains("d.trace") && line.contains("3 snapshots compared with nothing"));
    }

    @Test
    void aSnapshotThatNobodyAskedForIsNotComparedWithItsGolden() throws IOException {
        Path golden = folder.resolve("golden");
        ImageFiles.writePng(Frame.solid(8, 8, 0xffff_0000), golden.resolve("b/login.png"));
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(err), false);
        for (String label : List.of("login", "logout")) {
            out.getBuffer().setLength(0);
            ExitCode code = new ReplayCommand(Environments.timeless(terminal, Recordings::images))
                    .run(new ReplayCommand.Request(
                            List.of(TraceFile.of(traces.resolve("b.trace"))),
                            TraceReplay.Kind.DEVICE,
                            new GoldenOptions.Settings(Optional.of(golden), Optional.empty(), List.of()),
                            ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                            Optional.of(folder.resolve("report")),
                            Optional.empty(),
                            ReplayCommand.Ci.NONE,
                            ReplayCommand.Pace.STEADY,
                            filter("b/" + label)));
            assertThat(code).isEqualTo(label.equals("login") ? ExitCode.MISMATCH : ExitCode.GOLDEN_MISSING);
            assertThat(out.toString()).contains("2 not judged");
        }
    }

    /** The line that replays one of the traces again names that alone. */
    @Test
    void theWordsThatReproduceAResultChooseTheSame() {
        TraceFile e = all().getLast();
        ReplayCommand.Request request = new ReplayCommand.Request(
                List.of(e),
                TraceReplay.Kind.DEVICE,
                new GoldenOptions.Settings(Optional.empty(), Optional.empty(), List.of()),
                ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                Optional.empty(),
                Optional.empty(),
                ReplayCommand.Ci.NONE,
                ReplayCommand.Pace.STEADY,
                new ReplayCommand.Choice(
                        filter("sub/e/en*", "d/log*").filter(), Optional.of(Position.parse("1_2")), false, false));
        List<String> words = HtmlReports.command(request, e);
        assertThat(words)
                .containsSubsequence("--until", "event:12", "--filter", "*/en*")
                .doesNotContain("*/log*");
        TraceFilter alone = filter("*/en*").filter();
        assertThat(alone.takes(TraceFile.of(e.path()), "end")).isTrue();
        assertThat(alone.takes(TraceFile.of(e.path()), "login")).isFalse();
        assertThat(filter("sub/e", "sub/e/en*").filter().alone(e)).isEmpty();
    }

    @Test
    void whatMatchesNothingIsAnErrorThatKnowsTheNames() {
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> replay(filter("sub/ee")))
                .withMessage("--filter sub/ee matches no trace and no snapshot; did you mean sub/e?")
                .satisfies(e -> assertThat(CommandException.exitCode(e)).isEqualTo(ExitCode.USAGE));
        assertThatExceptionOfType(SemblanceException.class)
                .isThrownBy(() -> replay(filter("*/nothing", "nothing")))
                .withMessage("--filter */nothing, nothing matches no trace and no snapshot;"
                        + " a snapshot is named NAME/LABEL; the traces are a, b, c, d, sub/e");
    }

    @Test
    void theFirstTraceThatFailsIsTheLastForAnyNumberOfJobs() throws IOException {
        // The third by its size, whatever its place by its name: damaged, though its header is good.
        byte[] sound = Files.readAllBytes(traces.resolve("a.trace"));
        byte[] damaged = Arrays.copyOf(sound, sound.length + 100);
        damaged[sound.length / 2] ^= 1;
        Files.write(traces.resolve("c.trace"), damaged);
        ReplayCommand.Choice fast = new ReplayCommand.Choice(TraceFilter.ALL, Optional.empty(), true, false);
        Path junit = folder.resolve("junit.xml");
        ReplayCommand.Ci ci =
                new ReplayCommand.Ci(Optional.of(junit), false, Optional.of(folder.resolve("s.md")), false);
        String first = "";
        for (int jobs : List.of(1, 2, 4)) {
            Files.deleteIfExists(folder.resolve("s.md"));
            assertThat(replay(all(), fast, jobs, ci)).isEqualTo(ExitCode.CORRUPT);
            assertThat(replayed()).containsExactly("b", "d", "c");
            assertThat(out.toString()).contains("3 traces: 0 passed, 1 failed, 2 unchecked", "; 2 more were not run");
            assertThat(junit)
                    .content(StandardCharsets.UTF_8)
                    // In the order of the names, as everything that is read by programs.
                    .containsSubsequence("suite name=\"b\"", "suite name=\"c\"", "suite name=\"d\"")
                    .doesNotContain("name=\"a\"", "sub/e");
            assertThat(folder.resolve("s.md")).content().contains(", 2 more not run");
            assertThat(folder.resolve("report/index.html"))
                    .content(StandardCharsets.UTF_8)
                    .contains("2 of 3 recordings unchecked, 1 failed, 2 more not run")
                    .doesNotContain("sub/e");
            first = jobs == 1 ? out.toString() : first;
            assertThat(out.toString()).isEqualTo(first);
        }
        assertThat(replay(List.of(TraceFile.of(traces.resolve("a.trace"))), fast, 2, ci))
                .isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).doesNotContain("not run");
    }

    @Test
    void aTraceWithoutThePositionFailsAloneAndIsNamed() {
        ReplayCommand.Choice upTo = new ReplayCommand.Choice(
                new TraceFilter(List.of(new Glob("a"), new Glob("b"))),
                Optional.of(Position.parse("snapshot:login")),
                false,
                false);
        assertThat(replay(upTo)).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString())
                .containsPattern(
                        "FAIL  \\S+a\\.trace: \\S+a\\.trace has no snapshot:login; the nearest is snapshot:end ")
                .containsPattern(
                        "unchecked  \\S+b\\.trace: up to snapshot:login \\(#[0-9,]+ @[0-9,]+\\), device agrees in ");
    }

    /** docs/POLICIES.md: what was compared with nothing does not pass. */
    @Test
    void aReplayThatStopsBeforeTheFirstEventIsUnchecked() throws IOException {
        ReplayCommand.Choice none = new ReplayCommand.Choice(
                new TraceFilter(List.of(new Glob("b"))), Optional.of(Position.parse("start")), false, false);
        Path junit = folder.resolve("junit.xml");
        ReplayCommand.Ci ci = new ReplayCommand.Ci(Optional.of(junit), false, Optional.empty(), false);
        assertThat(replay(all(), none, 1, ci)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .containsPattern("unchecked  \\S+b\\.trace: up to start ")
                .contains("    Nothing was compared: the replay stopped before the first event.")
                .contains("1 trace: 0 passed, 0 failed, 1 unchecked (not all of it was compared with goldens)");
        assertThat(junit)
                .content(StandardCharsets.UTF_8)
                .contains("tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\"");
        ReplayCommand.Choice first = new ReplayCommand.Choice(
                new TraceFilter(List.of(new Glob("b"))), Optional.of(Position.parse("event:0")), false, false);
        assertThat(replay(first)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .contains("device agrees in 1 event, 0 flushes; no snapshot judged up to there")
                .contains("1 trace: 1 passed, 0 failed");
    }

    @Test
    void withJsonThereIsOneObjectAndNothingElse() throws IOException {
        // A name that would break a line, and a CI system's command.
        Path odd = traces.resolve("::error::\n\"x\".trace");
        Files.copy(traces.resolve("a.trace"), odd);
        ReplayCommand.Choice json = new ReplayCommand.Choice(TraceFilter.ALL, Optional.empty(), false, true);
        ReplayCommand.Ci ci =
                new ReplayCommand.Ci(Optional.of(folder.resolve("junit.xml")), true, Optional.empty(), false);
        assertThat(replay(all(), json, 1, ci)).isEqualTo(ExitCode.CORRUPT);
        assertThat(out.toString().lines()).hasSize(1);
        JsonNode told = JsonMapper.builder().build().readTree(out.toString());
        assertThat(told.get("exitCode").intValue()).isEqualTo(3);
        assertThat(told.get("failed").intValue()).isEqualTo(1);
        assertThat(told.get("unchecked").intValue()).isEqualTo(5);
        assertThat(told.get("traces").size()).isEqualTo(6);
        assertThat(told.get("traces").get(0).get("name").stringValue()).isEqualTo("::error::\n\"x\"");
        assertThat(told.get("traces").get(3).get("problem").stringValue()).contains("magic bytes");
        assertThat(err.toString()).contains("JUnit XML: ", "::error file=", "report: ");
    }

    @Test
    void theWordsOfTheCommandLineBecomeAChoice() throws IOException {
        StringWriter said = new StringWriter();
        for (List<String> bad : List.of(
                List.of("--filter", "a b"),
                List.of("--filter", ""),
                List.of("--filter", "x".repeat(129)),
                List.of("--until", "event:-1"),
                List.of("--until", "cycle:99999999999999999999"),
                List.of("--until", "snapshot:"),
                List.of("--until", "flush:\u0661"))) {
            said.getBuffer().setLength(0);
            List<String> words = new ArrayList<>(List.of("replay", traces.toString()));
            words.addAll(bad);
            Terminal terminal = new Terminal(new PrintWriter(said), new PrintWriter(said), false);
            assertThat(Semblance.run(Environments.timeless(terminal, Recordings::images), words.toArray(String[]::new)))
                    .as(Text.format("%s", bad))
                    .isEqualTo(2);
            assertThat(said.toString().lines().filter(line -> line.startsWith("semblance: Invalid value for option")))
                    .hasSize(1);
        }
    }
}
