package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.rig.DisplayWorkload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces longer than memory, and with more pictures than fit into it. */
class SmallHeapReplayTests {

    /** How many pictures of 3 MiB. The Maven profile {@code hostile} takes 125. */
    private static final int PICTURES = Integer.getInteger("semblance.hostile.pictures", 32);

    private static final String HEAP = "-Xmx" + 2 * PICTURES + "m";

    @TempDir
    private Path folder = Path.of("");

    /** What a device replay holds does not grow with the length of the trace. */
    @Test
    void aLongTraceReplaysInASmallHeap() throws Exception {
        Path trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 1, false, 40_000);
        assertThat(run(0, "-Xmx32m", "replay", "--device", trace.toString()))
                .containsPattern("device agrees in [0-9]{3},[0-9]{3} events");
    }

    /** Their pictures alone, as replayed and as expected, are three times the heap. */
    @Test
    void manyPicturesThatFailAreWrittenAsTheyComeAndThePageStaysSmall() throws Exception {
        Path trace = folder.resolve("t.trace");
        int count = PICTURES;
        DisplayWorkload.snapshots(trace, count, 16);
        Path golden = folder.resolve("golden");
        String approved = run(0, HEAP, "approve", "--golden", golden.toString(), trace.toString());
        assertThat(approved.lines().filter(line -> line.startsWith("approved: ")))
                .hasSize(count + 1);
        // Each is compared with the golden of another.
        Path first = Files.move(golden.resolve("t/s-1.png"), folder.resolve("s-1.png"));
        for (int i = 2; i <= count; i++) {
            Files.move(golden.resolve("t/s-" + i + ".png"), golden.resolve("t/s-" + (i - 1) + ".png"));
        }
        Files.move(first, golden.resolve("t/s-" + count + ".png"));
        Path report = folder.resolve("report");
        Path junit = folder.resolve("j.xml");
        String output = run(
                1,
                HEAP,
                "replay",
                "--device",
                "--golden",
                golden.toString(),
                "--report",
                report.toString(),
                "--junit",
                junit.toString(),
                trace.toString());
        assertThat(output).contains("1 of " + (count + 1) + " snapshots match their goldens");
        assertThat(report.resolve("t/s-" + count + ".diff.png")).isRegularFile();
        assertThat(junit).content().contains("failures=\"" + count + "\"");
        assertThat(Files.size(report.resolve(ReportFolder.HTML))).isLessThan(PICTURES * 960L << 10);
        assertThat(run(
                        0,
                        HEAP,
                        "render",
                        trace.toString(),
                        "-o",
                        folder.resolve("frames").toString()))
                .contains((count + 1) + " pictures");
    }

    private String run(int code, String heap, String... words) throws Exception {
        ProgramProcess.Ran ran = ProgramProcess.run(folder, Map.of(), List.of(heap), words);
        assertThat(ran.code()).as(ran.said()).isEqualTo(code);
        return ran.said();
    }
}
