package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.SyntheticGuest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces longer than memory. */
class SmallHeapReplayTests {

    @TempDir
    private Path folder = Path.of("");

    /** What a device replay holds does not grow with the length of the trace. */
    @Test
    void aLongTraceReplaysInASmallHeap() throws Exception {
        Path trace = folder.resolve("t.trace");
        SyntheticGuest.record(trace, 1, false, 60_000);
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-XX:+UseSerialGC",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "dev.semblance.cli.Semblance",
                        "replay",
                        "--device",
                        trace.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).containsPattern("device agrees in [0-9]{3},[0-9]{3} events");
    }
}
