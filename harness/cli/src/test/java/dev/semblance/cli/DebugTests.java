package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.rig.DisplayWorkload;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/DEBUGGING.md, "debug": the verb. The protocol has tests of its own, with gdb. */
class DebugTests {

    private static final Pattern PORT = Pattern.compile("target remote 127\\.0\\.0\\.1:([0-9]+)'");

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();

    private int run(String... words) {
        CliEnvironment environment = Environments.of(
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err, true), false),
                Recordings::images);
        return Semblance.run(environment, words);
    }

    private CompletableFuture<Integer> debug(String at) {
        return CompletableFuture.supplyAsync(() -> run(
                "debug",
                Recordings.cursor().toString(),
                "--at",
                at,
                "--listen",
                "127.0.0.1:0",
                "--once",
                "--pictures",
                folder.toString()));
    }

    private int port() throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            Matcher matcher = PORT.matcher(err.toString());
            if (matcher.find()) {
                return Integer.parseInt(matcher.group(1));
            }
            Thread.sleep(100);
        }
        throw new AssertionError("it does not listen: " + err);
    }

    private static String ask(Socket gdb, String data) throws IOException {
        int sum = data.chars().sum() & 0xff;
        gdb.getOutputStream()
                .write(("$" + data + "#" + HexFormat.of().toHexDigits((byte) sum)).getBytes(StandardCharsets.US_ASCII));
        return packet(gdb.getInputStream());
    }

    private static String packet(InputStream in) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '#'; next = in.read()) {
            text.append((char) next);
        }
        in.readNBytes(2);
        return text.substring(text.indexOf("$") + 1);
    }

    /** Returns what a monitor command prints. */
    private static String monitor(Socket gdb, String command) throws IOException {
        StringBuilder said = new StringBuilder();
        String hex = HexFormat.of().formatHex(command.getBytes(StandardCharsets.US_ASCII));
        for (String answer = ask(gdb, "qRcmd," + hex); answer.startsWith("O") && !answer.equals("OK"); ) {
            said.append(new String(HexFormat.of().parseHex(answer.substring(1)), StandardCharsets.UTF_8));
            gdb.getOutputStream().write('+');
            answer = packet(gdb.getInputStream());
        }
        gdb.getOutputStream().write('+');
        return said.toString();
    }

    @Test
    void theDebuggerFindsTheMachineAtThePositionAndMonitorHasBlameAndPictures() throws Exception {
        CompletableFuture<Integer> debug = debug("flush:4");
        try (Socket gdb = new Socket(InetAddress.getLoopbackAddress(), port())) {
            gdb.setSoTimeout(60_000);
            assertThat(ask(gdb, "?")).startsWith("T05");
            gdb.getOutputStream().write('+');
            String here = monitor(gdb, "when");
            assertThat(here).contains(" events");
            assertThat(monitor(gdb, "blame 100,100 follow 3"))
                    .contains("copied by TRANSFER_TO_HOST_2D", "stored @", "computed @");
            assertThat(monitor(gdb, "blame 1,2,3")).contains("such as blame 100,40");
            assertThat(monitor(gdb, "when")).as("blame comes back").isEqualTo(here);
            assertThat(monitor(gdb, "screenshot here.png")).contains("1024 x 768");
            assertThat(ImageIO.read(folder.resolve("here.png").toFile()).getWidth())
                    .isEqualTo(1024);
            assertThat(monitor(gdb, "screenshot here.png")).contains("is there already");
            assertThat(monitor(gdb, "screenshot ../away.png")).contains("say the name of a file");
            assertThat(monitor(gdb, "screenshot here2.png 9")).contains("no scanout 9");
            ask(gdb, "D");
        }
        assertThat(debug.get(60, TimeUnit.SECONDS)).isZero();
        try (var files = Files.list(folder)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aTraceWithoutAMachineIsSentToWhatTellsOfItsGpu() throws IOException {
        Path trace = folder.resolve("device.trace");
        DisplayWorkload.damage(trace, 3);
        assertThat(run("debug", trace.toString(), "--at", "flush:2", "--listen", "127.0.0.1:0"))
                .isEqualTo(5);
        assertThat(err.toString())
                .contains("cannot be debugged: the trace was made without a machine; blame, render --at and dump --to");
    }

    @Test
    void aPortThatIsTakenIsAUsageErrorThatSaysWhatToDo() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int code = run(
                    "debug",
                    Recordings.cursor().toString(),
                    "--at",
                    "start",
                    "--listen",
                    "127.0.0.1:" + taken.getLocalPort());
            assertThat(code).isEqualTo(2);
            assertThat(err.toString()).contains("cannot wait for debuggers", "127.0.0.1:0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1234", ":1234", "127.0.0.1:", "127.0.0.1:70000", "127.0.0.1:x"})
    void whatIsNoAddressIsAUsageError(String listen) {
        assertThat(run("debug", Recordings.cursor().toString(), "--listen", listen))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--listen wants a host and a port");
    }
}
