package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.files.InputFiles;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The line in the page that replays a recording again: it finds what the replay found that the page is about. */
class HtmlReportsTests {

    @TempDir
    private Path folder = Path.of("");

    private Path golden = Path.of("");

    @BeforeEach
    void makeAFolderOfTraces() throws IOException {
        golden = folder.resolve("g");
        Files.createDirectories(folder.resolve("traces/sub"));
        for (String name : List.of("sub/x", "y")) {
            DisplayWorkload.damage(folder.resolve("traces").resolve(name + ".trace"), 3);
            ImageFiles.writePng(
                    Frame.solid(1024, 768, 0xffff_0000), golden.resolve(name).resolve("end.png"));
        }
    }

    private ReplayCommand.Request request(Optional<Path> said, Optional<Path> policy, ReplayCommand.Required required) {
        return new ReplayCommand.Request(
                InputFiles.traces(List.of(folder.resolve("traces").toString())),
                TraceReplay.Kind.DEVICE,
                new GoldenOptions.Settings(said, policy, List.of()),
                required,
                Optional.empty(),
                Optional.empty(),
                ReplayCommand.Ci.NONE,
                ReplayCommand.Pace.STEADY);
    }

    /** Returns the words for a trace, without those that they all begin with. */
    private static List<String> words(ReplayCommand.Request replays, String name) {
        TraceFile trace = replays.traces().stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        List<String> words = HtmlReports.command(replays, trace);
        assertThat(words.subList(1, 3)).containsExactly("replay", "--device");
        return words.subList(3, words.size());
    }

    private String run(List<String> words) {
        StringWriter text = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(text), new PrintWriter(text), false);
        Semblance.run(
                Environments.timeless(terminal, Recordings::images),
                Stream.of(
                                List.of(
                                        "replay",
                                        "--device",
                                        "--report",
                                        folder.resolve("report").toString()),
                                words)
                        .flatMap(List::stream)
                        .toArray(String[]::new));
        return text.toString();
    }

    @Test
    void itNamesTheFolderThatTheGoldensOfTheTraceAreIn() {
        ReplayCommand.Request replays =
                request(Optional.of(golden), Optional.empty(), ReplayCommand.Required.WHERE_THERE_IS_A_PLACE);
        assertThat(words(replays, "y"))
                .containsExactly(
                        "--golden",
                        golden.toString(),
                        folder.resolve("traces/y.trace").toString());
        List<String> words = words(replays, "sub/x");
        assertThat(words)
                .containsExactly(
                        "--golden",
                        golden.resolve("sub").toString(),
                        folder.resolve("traces/sub/x.trace").toString());
        assertThat(run(words)).contains("Snapshot end differs from " + golden.resolve("sub/x/end.png"));
    }

    /** A policy has the name that the trace had below what the user named. */
    @Test
    void whereAPolicyDecidesItNamesWhatTheUserNamed() throws IOException {
        String traces = folder.resolve("traces").toString();
        Path policy = Files.writeString(folder.resolve("p.toml"), """
                [[snapshot]]
                trace = "sub/x"
                label = "end"
                reason = "nothing is looked at"
                masks = [{ x = 0, y = 0, width = 1024, height = 768 }]
                """);
        List<String> words = words(
                request(Optional.of(golden), Optional.of(policy), ReplayCommand.Required.WHERE_THERE_IS_A_PLACE),
                "sub/x");
        assertThat(words).containsExactly("--golden", golden.toString(), "--policy", policy.toString(), traces);
        assertThat(run(words)).contains("2 traces: 1 passed, 1 failed");
        Files.move(policy, golden.resolve("policy.toml"));
        words = words(
                request(Optional.of(golden), Optional.empty(), ReplayCommand.Required.WHERE_THERE_IS_A_PLACE), "sub/x");
        assertThat(words).containsExactly("--golden", golden.toString(), traces);
        assertThat(run(words)).contains("2 traces: 1 passed, 1 failed");
    }

    @ParameterizedTest
    @EnumSource
    void itSaysWhetherGoldensAreRequiredWhereTheReplayDidNotFindThatOutByItself(ReplayCommand.Required required) {
        List<String> words = words(request(Optional.empty(), Optional.empty(), required), "y");
        String trace = folder.resolve("traces/y.trace").toString();
        assertThat(words)
                .isEqualTo(
                        switch (required) {
                            case EVERYWHERE -> List.of("--require-goldens", trace);
                            case WHERE_THERE_IS_A_PLACE -> List.of(trace);
                            case NOWHERE -> List.of("--no-require-goldens", trace);
                        });
    }
}
