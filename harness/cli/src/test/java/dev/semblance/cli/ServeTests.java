package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.vhost.Message;
import dev.semblance.bridge.vhost.MessageSocket;
import dev.semblance.bridge.vhost.Replies;
import dev.semblance.bridge.vhost.VhostCodec;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** docs/BRIDGES.md: serve, up to where a guest's driver starts. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ServeTests {

    private static final int BY_SIGTERM = 143;

    @TempDir
    private Path folder = Path.of("");

    private Path socket = Path.of("");
    private Path trace = Path.of("");

    @BeforeEach
    void name() {
        socket = folder.resolve("gpu.sock");
        trace = folder.resolve("t.trace");
    }

    private String refused(int code, Object... words) {
        StringWriter err = new StringWriter();
        CliEnvironment environment =
                Environments.of(new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false));
        String[] line = Stream.concat(Stream.of("serve"), Stream.of(words))
                .map(Object::toString)
                .toArray(String[]::new);
        assertThat(Semblance.run(environment, line)).as(err.toString()).isEqualTo(code);
        return err.toString();
    }

    @Test
    void whatCannotBeServedOrWrittenIsSaidBeforeAnybodyConnects() throws Exception {
        assertThat(refused(2, "--vhost-user", socket)).contains("--output");
        assertThat(refused(2, "-o", trace)).contains("--vhost-user");
        assertThat(refused(2, "--vhost-user", socket, "-o", trace, "--display", "0x5"))
                .contains("a mode is");
        assertThat(refused(2, "--vhost-user", socket, "-o", "-")).contains("name one");
        assertThat(refused(2, "--vhost-user", socket, "-o", folder.resolve("none/t.trace")))
                .contains("there is no folder");
        assertThat(refused(2, "--vhost-user", folder.resolve("none/s"), "-o", trace))
                .contains("there is no folder for a socket");
        Files.writeString(socket, "mine");
        assertThat(refused(2, "--vhost-user", socket, "-o", trace)).contains("is no socket");
        assertThat(refused(2, "--vhost-user", folder.resolve("x".repeat(120)), "-o", trace))
                .contains("the name is too long");
        assertThat(trace).doesNotExist();
    }

    private void ends(ServeProcess process, int code) throws Exception {
        process.ends(code);
        assertThat(trace).doesNotExist();
    }

    @Test
    void aFrontEndWhoseGuestNeverStartsADriverLeavesNoTrace() throws Exception {
        ServeProcess process = ServeProcess.start(folder, trace);
        // The end of standard input is no end.
        process.process().getOutputStream().close();
        try (MessageSocket front =
                new MessageSocket(UnixSocket.connect(socket), VhostCodec.MAX_PAYLOAD, Duration.ofSeconds(20))) {
            front.send(new Message(1, Message.VERSION, new byte[0], List.of()));
            assertThat(Replies.readU64(front.receive().orElseThrow())).isEqualTo(0x101_7000_0002L);
        }
        ends(process, 5);
        assertThat(process.said()).contains("nothing was recorded");
    }

    @Test
    void finishAndSigtermEndTheWaitForAFrontEnd() throws Exception {
        ServeProcess process = ServeProcess.start(folder, trace);
        process.tell("snapshot early");
        process.tell("finish");
        ends(process, 5);
        assertThat(process.said()).contains("there is no picture for early yet");

        ServeProcess other = ServeProcess.start(folder, trace);
        other.process().toHandle().destroy();
        ends(other, BY_SIGTERM);
    }
}
