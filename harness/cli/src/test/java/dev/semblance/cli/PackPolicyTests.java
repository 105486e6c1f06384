package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.golden.GoldenStore;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.replay.TraceReplay;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packs take along what their traces are judged by, and what is said of them names the pack. */
class PackPolicyTests {

    private static final String POLICY = """
            [[snapshot]]
            trace = "modetest"
            label = "smpte"
            reason = "the alternative is right, too"
            alternatives = true

            [[snapshot]]
            trace = "modetest"
            label = "end"
            reason = "known by its name"
            alternatives = ["other.png"]
            """;

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final CliEnvironment environment = Environments.timeless(
            new Terminal(new PrintWriter(out), new PrintWriter(err, true), false), Recordings::images);
    private Path trace = Path.of("");
    private Path golden = Path.of("");
    private Path pack = Path.of("");

    /** Goldens of which two are wrong, and right ones beside them. */
    @BeforeEach
    void spoilTwoGoldens() throws IOException {
        Path project = ProjectHome.guestFolder().orElseThrow().resolve("../..").normalize();
        trace = Files.createDirectories(folder.resolve("work/recordings")).resolve("modetest.trace");
        golden = folder.resolve("work/golden");
        pack = folder.resolve("bug.semblance");
        Files.copy(project.resolve("recordings/modetest.trace"), trace);
        FileUtils.copyDirectory(
                project.resolve("golden/modetest").toFile(),
                golden.resolve("modetest").toFile());
        Path pictures = golden.resolve("modetest");
        Files.move(pictures.resolve("smpte.png"), pictures.resolve("smpte.alt-1.png"));
        Files.move(pictures.resolve("end.png"), pictures.resolve("other.png"));
        GoldenStore store = new GoldenStore(golden);
        store.write("modetest", "smpte", Frame.solid(1024, 768, 0xff000000));
        store.write("modetest", "end", Frame.solid(1024, 768, 0xff000000));
    }

    private void pack(Optional<Path> policy, Path... traces) {
        new PackCommand(environment)
                .run(new PackCommand.Request(
                        Stream.of(traces).map(TraceFile::of).toList(),
                        pack,
                        new GoldenOptions.Settings(Optional.empty(), policy, List.of()),
                        false,
                        true));
    }

    private ExitCode replayPack() {
        out.getBuffer().setLength(0);
        return new ReplayCommand(environment)
                .run(new ReplayCommand.Request(
                        List.of(TraceFile.of(pack)),
                        TraceReplay.Kind.DEVICE,
                        GoldenOptions.Settings.NONE,
                        ReplayCommand.Required.WHERE_THERE_IS_A_PLACE,
                        Optional.of(folder.resolve("report")),
                        Optional.of(folder.resolve("report.html")),
                        new ReplayCommand.Ci(
                                Optional.of(folder.resolve("j.xml")), true, Optional.of(folder.resolve("s.md")), false),
                        ReplayCommand.Pace.STEADY));
    }

    /** Returns everything that the replay said, anywhere. */
    private String said() throws IOException {
        StringBuilder all = new StringBuilder(out.toString()).append(err);
        for (String file : List.of("report/summary.txt", "report/index.html", "report.html", "j.xml", "s.md")) {
            all.append(Files.readString(folder.resolve(file)));
        }
        return all.toString();
    }

    @Test
    void thePolicyAndItsAlternativesComeAlongAndDecide() throws IOException {
        Files.writeString(golden.resolve("policy.toml"), POLICY);
        pack(Optional.empty(), trace);
        FileUtils.deleteDirectory(folder.resolve("work").toFile());
        assertThat(replayPack()).as(() -> out.toString()).isEqualTo(ExitCode.PASS);
        assertThat(out.toString())
                .contains(
                        pack + "/trace/modetest.trace",
                        pack + "/golden/policy.toml:1 (the alternative is right, too)",
                        pack + "/golden/modetest/other.png");
        assertThat(said()).doesNotContainPattern("semblance[0-9]{6}");
        assertThat(Files.readString(pack, StandardCharsets.ISO_8859_1))
                .contains("golden/policy.toml:1 (the alternative is right, too)")
                .doesNotContain(folder.toString());
    }

    @Test
    void aPolicyThatTheUserNamesGoesInTheSameWay() throws IOException {
        Path policy = Files.writeString(folder.resolve("mine.toml"), POLICY);
        pack(Optional.of(policy), trace);
        assertThat(replayPack()).isEqualTo(ExitCode.PASS);
        assertThat(Files.readString(pack, StandardCharsets.ISO_8859_1)).doesNotContain(folder.toString());
    }

    /** Folders are named by as little as possible; what the pack says is the same. */
    @Test
    void whatThePackSaysDoesNotDependOnWhereTheGoldensAre() throws IOException {
        Files.writeString(golden.resolve("policy.toml"), POLICY);
        pack(Optional.empty(), trace);
        byte[] absolute = Files.readAllBytes(pack);
        Path relative = Path.of("").toAbsolutePath().relativize(golden);
        for (Path named : List.of(golden, relative)) {
            new PackCommand(environment)
                    .run(new PackCommand.Request(
                            List.of(TraceFile.of(trace)),
                            pack,
                            new GoldenOptions.Settings(Optional.of(named), Optional.empty(), List.of()),
                            false,
                            true));
            assertThat(pack).hasBinaryContent(absolute);
        }
        String text = new String(absolute, StandardCharsets.ISO_8859_1);
        assertThat(text)
                .contains(
                        "Snapshot end matches the alternative golden/modetest/other.png by the rule golden/policy.toml:7")
                .doesNotContain("golden/golden");
    }

    @Test
    void aFailureNamesThePackAndTheLineThatReproducesIt() throws IOException {
        pack(Optional.empty(), trace);
        assertThat(replayPack()).isEqualTo(ExitCode.MISMATCH);
        assertThat(said())
                .contains(
                        pack + "/trace/modetest.trace",
                        pack + "/golden/modetest/smpte.png",
                        "<code>semblance replay --device " + pack + "</code>")
                .doesNotContainPattern("semblance[0-9]{6}");
    }

    @Test
    void twoPoliciesDoNotFitOnePack() throws IOException {
        Files.writeString(golden.resolve("policy.toml"), POLICY);
        Path other = Files.createDirectories(folder.resolve("else/recordings")).resolve("other.trace");
        Files.copy(trace, other);
        assertThatThrownBy(() -> pack(Optional.empty(), trace, other))
                .isInstanceOf(SemblanceException.class)
                .hasMessageContaining("pack the traces apart");
        assertThat(pack).doesNotExist();
    }
}
