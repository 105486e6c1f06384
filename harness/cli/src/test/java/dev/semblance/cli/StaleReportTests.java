package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.gpu.frame.Frame;
import dev.semblance.harness.golden.ImageFiles;
import dev.semblance.harness.rig.DisplayWorkload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The usual folder of a report, in a working folder of its own: it is about the last replay, or not there. */
class StaleReportTests {

    @TempDir
    private Path folder = Path.of("");

    private String run(int code, String... words) throws Exception {
        ProgramProcess.Ran ran = ProgramProcess.run(folder, Map.of(), List.of(), words);
        assertThat(ran.code()).as(ran.said()).isEqualTo(code);
        return ran.said();
    }

    @Test
    void aFailingReplayLeavesAPageAndSaysWhereAndAPassingOneRemovesIt() throws Exception {
        Files.createDirectory(folder.resolve("recordings"));
        DisplayWorkload.damage(folder.resolve("recordings/a.trace"), 3);
        DisplayWorkload.damage(folder.resolve("recordings/b.trace"), 3);
        run(0, "approve", "recordings");
        ImageFiles.writePng(Frame.solid(1024, 768, 0xffff_0000), folder.resolve("golden/b/end.png"));
        Path report = folder.resolve("semblance-report");
        assertThat(run(1, "replay", "--device", "recordings"))
                .endsWith("report: semblance-report/index.html and semblance-report/summary.txt\n");
        // What passed before the first failure stands in it too.
        assertThat(report.resolve("index.html"))
                .content()
                .contains("1 of 2 recordings failed", "recordings/a.trace", "recordings/b.trace");
        assertThat(report.resolve("b/end.diff.png")).isRegularFile();

        assertThat(run(0, "replay", "--device", "recordings/a.trace")).doesNotContain("report:");
        assertThat(report).doesNotExist();

        Files.writeString(folder.resolve("bad.trace"), "this is none");
        assertThat(run(3, "replay", "--device", "bad.trace")).contains("report: semblance-report/index.html and ");
        Files.writeString(report.resolve("notes.txt"), "mine");
        run(0, "replay", "--device", "recordings/a.trace");
        assertThat(report.toFile().list()).containsExactly("notes.txt");
    }
}
