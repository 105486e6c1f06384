package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/LIVE.md: the options of a live page, what cannot be had, and what is said of it. */
class LiveOptionsTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        err.getBuffer().setLength(0);
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false);
        return Semblance.run(Environments.of(terminal, Recordings::images), words);
    }

    private void assertMisused(String sentence, String... words) {
        assertThat(run(words)).as(err.toString()).isEqualTo(ExitCode.USAGE.code());
        assertThat(err.toString()).contains(sentence);
    }

    @Test
    void whatIsAboutThePageNeedsOne() {
        String trace = folder.resolve("t.trace").toString();
        assertMisused("--port and --no-open are about the page of --live", "boot", "--port", "8080");
        assertMisused("--port and --no-open are about the page of --live", "record", "--no-open", "-o", trace);
        assertMisused("--pace is about the person of --live", "record", "--pace", "real", "-o", trace);
        assertMisused("--again makes recordings as they were", "record", "--live", "--again", folder.toString());
        assertMisused("a port is a number from 1 to 65535", "boot", "--live", "--port", "65536");
        assertMisused("--pace", "boot", "--live", "--pace", "fast");
    }

    @Test
    void aPortThatIsTakenIsSaidAndLeavesNoFile() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertMisused(
                    "port " + port + " is taken",
                    "record",
                    "--live",
                    "--no-open",
                    "--port",
                    port,
                    "-o",
                    folder.resolve("t.trace").toString());
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).isEmpty();
        }
    }
}
