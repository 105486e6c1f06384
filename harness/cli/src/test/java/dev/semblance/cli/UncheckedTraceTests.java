package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was asked for and not compared is never green in silence (docs/POLICIES.md, "Where goldens are"). */
class UncheckedTraceTests {

    @TempDir
    private Path folder = Path.of("");

    private String out = "";
    private String err = "";

    private ExitCode run(Map<String, String> variables, String... words) {
        StringWriter text = new StringWriter();
        StringWriter errors = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(text), new PrintWriter(errors), false);
        int code = Semblance.run(Environments.of(terminal, Recordings::images, variables), words);
        out = text.toString();
        err = errors.toString();
        return Stream.of(ExitCode.values())
                .filter(known -> known.code() == code)
                .findFirst()
                .orElseThrow();
    }

    private ExitCode replay(String... words) {
        return run(Map.of(), replaying(words));
    }

    private String[] replaying(String... words) {
        return Stream.concat(
                        Stream.of(
                                "replay",
                                "--device",
                                "--report",
                                folder.resolve("report").toString()),
                        Stream.of(words))
                .toArray(String[]::new);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    /** A trace with one snapshot, called end. */
    private String trace(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        DisplayWorkload.damage(file, 3);
        return file.toString();
    }

    private void wrongGolden(String name) throws IOException {
        ImageFiles.writePng(Frame.solid(1024, 768, 0xffff_0000), folder.resolve(name));
    }

    @Test
    void recordingsInSubfoldersAreComparedWithTheGoldensOfTheirFolder() throws IOException {
        trace("recordings/driver/ok.trace");
        assertThat(replay(path("recordings"))).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out).contains(path("golden/driver/ok/end.png") + " is not there");
        wrongGolden("golden/driver/ok/end.png");
        // Another trace's, though it bears the same file name.
        wrongGolden("golden/ok/end.png");
        assertThat(replay(path("recordings"))).isEqualTo(ExitCode.MISMATCH);
        assertThat(out).contains("differs from " + path("golden/driver/ok/end.png"));
        assertThat(run(Map.of(), "approve", path("recordings"))).isEqualTo(ExitCode.PASS);
        assertThat(out).contains("approved: " + path("golden/driver/ok/end.png"));
        assertThat(replay(path("recordings"))).isEqualTo(ExitCode.PASS);
        assertThat(out).contains("1 of 1 snapshot matches its golden", "1 trace: 1 passed, 0 failed\n");
    }

    @Test
    void goldensOfTwoTracesAreNotApprovedIntoOnePlace() throws IOException {
        String one = trace("a/t.trace");
        String other = trace("b/t.trace");
        assertThat(run(Map.of(), "approve", "--golden", path("g"), one, other)).isEqualTo(ExitCode.USAGE);
        assertThat(folder.resolve("g")).doesNotExist();
        assertThat(run(Map.of(), "approve", "--golden", path("g"), folder.toString()))
                .isEqualTo(ExitCode.PASS);
        assertThat(folder.resolve("g/a/t/end.png")).exists();
        assertThat(folder.resolve("g/b/t/end.png")).exists();
    }

    @Test
    void aFolderOfGoldensThatTheUserNamesHasTheTracesByTheirPlaceBelowWhatTheUserNamed() throws IOException {
        trace("mine/driver/ok.trace");
        assertThat(replay("--golden", path("g"), path("mine"))).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out).contains(path("g/driver/ok/end.png"));
        assertThat(replay("--golden", path("g"), path("mine/driver"))).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out).contains(path("g/ok/end.png"));
        assertThat(replay("--golden", path("g"), path("mine/driver/ok.trace"))).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out).contains(path("g/ok/end.png"));
        assertThat(run(Map.of(), "approve", "--golden", path("g"), path("mine")))
                .isEqualTo(ExitCode.PASS);
        assertThat(folder.resolve("g/driver/ok/end.png")).exists();
        assertThat(replay("--golden", path("g"), path("mine"))).isEqualTo(ExitCode.PASS);
    }

    @Test
    void aTraceWithoutAPlaceForGoldensIsUncheckedAndSaysSo() throws IOException {
        String trace = trace("mine.trace");
        String junit = path("j.xml");
        String html = path("r.html");
        assertThat(replay("--junit", junit, "--html", html, trace)).isEqualTo(ExitCode.PASS);
        assertThat(out)
                .startsWith("unchecked  " + trace)
                .contains("1 snapshot compared with nothing, for there are no goldens")
                .contains("1 trace: 0 passed, 0 failed, 1 unchecked");
        assertThat(Path.of(junit))
                .content()
                .contains("tests=\"2\" failures=\"0\" errors=\"0\" skipped=\"1\"")
                .contains("<skipped message=\"It was compared with nothing");
        assertThat(Path.of(html))
                .content()
                .contains("1 recording unchecked", "badge unchecked", "It was compared with nothing");
    }

    @Test
    void requiredGoldensThatHaveNoPlaceAreMissing() throws IOException {
        String trace = trace("mine.trace");
        String junit = path("j.xml");
        assertThat(replay("--require-goldens", "--junit", junit, trace)).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(out)
                .startsWith("FAIL  " + trace)
                .contains("Snapshot end was compared with nothing", "1 trace: 0 passed, 1 failed\n");
        assertThat(Path.of(junit)).content().contains("<failure type=\"IMAGE\"");
        Map<String, String> ci = Map.of("CI", "true");
        assertThat(run(ci, replaying(trace))).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(run(ci, replaying("--no-require-goldens", trace))).isEqualTo(ExitCode.PASS);
    }

    /** A folder of that name need not be a project's: bug reports may lie in one. */
    @Test
    void aTraceBelowRecordingsWithoutAnyGoldenFailsUnlessNoneIsRequired() throws IOException {
        String trace = trace("recordings/bugs/mine.trace");
        assertThat(replay(trace)).isEqualTo(ExitCode.GOLDEN_MISSING);
        assertThat(replay("--no-require-goldens", trace)).isEqualTo(ExitCode.PASS);
        assertThat(out).startsWith("unchecked  ");
        assertThat(run(Map.of(), "bisect-run", "--device", "--report", path("report"), trace))
                .isEqualTo(ExitCode.PASS);
        assertThat(replay("--no-require-goldens", "--golden", path("g"), trace)).isEqualTo(ExitCode.PASS);
        // One that has some is compared with them, and lacks the others.
        wrongGolden("golden/bugs/mine/other.png");
        assertThat(replay("--no-require-goldens", trace)).isEqualTo(ExitCode.GOLDEN_MISSING);
    }

    @Test
    void bisectRunNeverRequiresGoldens() throws IOException {
        String trace = trace("mine.trace");
        String report = path("report");
        assertThat(run(Map.of("CI", "true"), "bisect-run", "--device", "--report", report, trace))
                .isEqualTo(ExitCode.PASS);
        StringWriter errors = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(errors), false);
        assertThat(Semblance.run(
                        Environments.of(terminal, Recordings::images),
                        "bisect-run",
                        "--",
                        "--require-goldens",
                        "--device",
                        trace))
                .isEqualTo(BisectRunCommand.ABORT);
        assertThat(errors.toString()).contains("bisect-run does not take --require-goldens");
    }

    @Test
    void aTraceWithoutSnapshotsIsComparedByItsEventsAndNotUnchecked() throws IOException {
        assertThat(run(Map.of(), "dump", "--json", trace("with.trace"))).isEqualTo(ExitCode.PASS);
        List<String> lines = out.lines()
                .filter(line -> !line.contains("\"event\":\"snapshot\""))
                .map(line -> line.replaceFirst("\"sequence\":[0-9]+,", ""))
                .toList();
        assertThat(lines).hasSize(Math.toIntExact(out.lines().count()) - 1);
        Path script = Files.write(folder.resolve("lines.jsonl"), lines);
        String trace = path("without.trace");
        assertThat(run(Map.of(), "asm", script.toString(), "-o", trace)).as(err).isEqualTo(ExitCode.PASS);
        String junit = path("j.xml");
        assertThat(replay("--require-goldens", "--junit", junit, trace)).isEqualTo(ExitCode.PASS);
        assertThat(out)
                .startsWith("pass  ")
                .contains("no snapshots, compared by its events alone", ": 1 passed, 0 failed\n");
        assertThat(Path.of(junit)).content().contains("The trace has no snapshots");
    }

    @Test
    void aGoldenThatNoSnapshotIsComparedWithIsTold() throws IOException {
        String trace = trace("recordings/t.trace");
        assertThat(run(Map.of(), "approve", trace)).isEqualTo(ExitCode.PASS);
        wrongGolden("golden/t/before.png");
        String junit = path("j.xml");
        assertThat(replay("--junit", junit, trace)).isEqualTo(ExitCode.PASS);
        assertThat(out)
                .contains("warning: No snapshot of the trace is named as its golden " + path("golden/t/before.png"));
        assertThat(Path.of(junit)).content().contains("<testcase name=\"golden before.png\"", "skipped=\"1\"");
    }

    @Test
    void aRuleFindsItsTraceInAnyFolderUnlessItNamesOne() throws IOException {
        trace("recordings/a/t.trace");
        trace("recordings/b/t.trace");
        wrongGolden("golden/a/t/end.png");
        wrongGolden("golden/b/t/end.png");
        for (String rule : List.of("t", "?/t", "*/t", "a/t")) {
            Files.writeString(folder.resolve("golden/policy.toml"), """
                    [[snapshot]]
                    trace = "%s"
                    label = "end"
                    reason = "why"
                    expected-failure = "https://example.org/1"
                    """.replace("%s", rule));
            boolean both = !rule.equals("a/t");
            assertThat(replay(path("recordings"))).as(rule).isEqualTo(both ? ExitCode.PASS : ExitCode.MISMATCH);
            assertThat(out).contains(both ? "2 traces: 2 passed" : "2 traces: 1 passed, 1 failed");
        }
    }

    @Test
    void aPackHoldsTheGoldensOfATraceInAFolderAndNothingOutsideOfIt() throws IOException {
        trace("recordings/driver/ok.trace");
        assertThat(run(Map.of(), "approve", path("recordings"))).isEqualTo(ExitCode.PASS);
        // Beside a folder of that name, as a folder for temporary files may be.
        Path pack = Files.createDirectories(folder.resolve("other/recordings")).resolve("p.semblance");
        assertThat(run(Map.of(), "pack", "--no-replay", path("recordings"), "-o", pack.toString()))
                .as(err)
                .isEqualTo(ExitCode.PASS);
        assertThat(replay(pack.toString())).isEqualTo(ExitCode.PASS);
        assertThat(out).contains(pack + "/trace/ok.trace", "1 of 1 snapshot matches its golden");
    }

    @Test
    void aRuleThatNamesAFolderCannotBePacked() throws IOException {
        trace("recordings/driver/ok.trace");
        assertThat(run(Map.of(), "approve", path("recordings"))).isEqualTo(ExitCode.PASS);
        Files.writeString(folder.resolve("golden/policy.toml"), """
                [[snapshot]]
                trace = "driver/ok"
                label = "end"
                reason = "why"
                tolerance = { max-channel-delta = 1, max-pixels = 1 }
                """);
        assertThat(run(Map.of(), "pack", "--no-replay", path("recordings"), "-o", path("p.semblance")))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err).contains("is about the trace driver/ok, which is called ok in a pack");
    }
}
