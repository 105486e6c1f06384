package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.report.ReportFolder;
import dev.semblance.harness.rig.DisplayWorkload;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces longer than memory, and with more pictures than fit into it. */
class SmallHeapReplayTests {

    @TempDir
    private Path folder = Path.of("");

    /** What a device replay holds does not grow with the length of the trace. */
    @Test
    void aLongTraceReplaysInASmallHeap() throws Exception {
        Path trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 1, false, 60_000);
        assertThat(run(0, "-Xmx32m", "replay", "--device", trace.toString()))
                .containsPattern("device agrees in [0-9]{3},[0-9]{3} events");
    }

    /** Their pictures alone, as replayed and as expected, are three times the heap. */
    @Test
    void manyPicturesThatFailAreWrittenAsTheyComeAndThePageStaysSmall() throws Exception {
        Path trace = folder.resolve("t.trace");
        int count = 125;
        DisplayWorkload.snapshots(trace, count, 16);
        Path golden = folder.resolve("golden");
        String approved = run(0, "-Xmx256m", "approve", "--golden", golden.toString(), trace.toString());
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
                "-Xmx256m",
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
        assertThat(Files.size(report.resolve(ReportFolder.HTML))).isLessThan(120L << 20);
        assertThat(run(
                        0,
                        "-Xmx256m",
                        "render",
                        trace.toString(),
                        "-o",
                        folder.resolve("frames").toString()))
                .contains((count + 1) + " pictures");
    }

    private static String run(int code, String heap, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                heap,
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.semblance.cli.Semblance"));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.equals("CI") || name.startsWith("GITHUB_"));
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isEqualTo(code);
        return output;
    }
}
