package dev.semblance.bridge.qtest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.target.LinkFailedException;
import dev.semblance.gpu.display.Display;
import dev.semblance.harness.target.TargetFailure.Cause;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a QEMU says over qtest and QMP is taken as it should be, and anything else is a finding in time. */
class PortsTests {

    private static final Duration TIMEOUT = Duration.ofMillis(200);
    private static final String GREETING = "{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}\n";

    @TempDir
    private Path folder = Path.of("");

    private Optional<SocketChannel> ours = Optional.empty();
    private Optional<SocketChannel> theirs = Optional.empty();

    @BeforeEach
    void connect() throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            UnixDomainSocketAddress address = UnixDomainSocketAddress.of(folder.resolve("socket"));
            server.bind(address);
            ours = Optional.of(SocketChannel.open(address));
            theirs = Optional.of(server.accept());
        }
    }

    @AfterEach
    void close() throws IOException {
        ours.orElseThrow().close();
        theirs.orElseThrow().close();
    }

    private TimedChannel lines(int longest) throws IOException {
        return new TimedChannel("qtest", ours.orElseThrow(), longest, TIMEOUT);
    }

    private void say(String text) throws IOException {
        theirs.orElseThrow().write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private String heard() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(4096);
        theirs.orElseThrow().read(bytes);
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }

    private static Cause cause(ThrowingCallable call) {
        try {
            call.call();
        } catch (LinkFailedException e) {
            return e.failure();
        } catch (Throwable e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("nothing failed");
    }

    private static String broke(ThrowingCallable call) {
        return ((Cause.BrokeProtocol) cause(call)).what();
    }

    @Test
    void registersAreLoadedAndStoredInTheirWidth() throws Exception {
        QtestPort port = new QtestPort(lines(100));
        say("OK 0x0000000074726976\nOK\nOK 0xffffffffffffffff\nOK\n");
        assertThat(port.load(0x1000_1000L, 4)).isEqualTo(0x74726976);
        port.store(0x1000_1070L, 4, -1);
        assertThat(port.load(1, 1)).isEqualTo(-1);
        port.store(2, 2, -2);
        assertThat(heard()).isEqualTo("readl 0x10001000\nwritel 0x10001070 0xffffffff\nreadb 0x1\nwritew 0x2 0xfffe\n");
    }

    @Test
    void anAnswerOfAnotherKindBreaksTheProtocol() throws Exception {
        QtestPort port = new QtestPort(lines(100));
        for (String answer :
                new String[] {"OK", "OK 0x", "OK 0x11223344556677889", "FAIL Unknown command", "\u001b[31m"}) {
            say(answer + "\n");
            assertThat(broke(() -> port.load(0, 4))).contains("over qtest").doesNotContain("\u001b");
        }
        say("OK 0x1\n");
        assertThat(broke(() -> port.store(0, 4, 1))).contains("OK 0x1");
    }

    @Test
    void silenceHangsAndTheEndOfTheConnectionIsTold() throws Exception {
        QtestPort port = new QtestPort(lines(100));
        say("OK 0x");
        assertThat(cause(() -> port.load(0, 4))).isEqualTo(new Cause.Hung("its answer over qtest", TIMEOUT));
        theirs.orElseThrow().close();
        assertThat(broke(() -> port.load(0, 4))).contains("closed its connection for qtest");
    }

    @Test
    void aLineWithoutEndIsCutShort() throws Exception {
        TimedChannel lines = lines(8);
        say("12345678\n123456789");
        assertThat(lines.receive("a line")).isEqualTo("12345678");
        assertThat(broke(() -> lines.receive("a line"))).contains("more than 8 bytes");
    }

    @Test
    void whoDoesNotReadIsNotWaitedForLonger() throws Exception {
        TimedChannel lines = lines(8);
        String line = "x".repeat(1 << 20);
        assertThat(cause(() -> {
                    for (int i = 0; i < 100; i++) {
                        lines.send(line);
                    }
                }))
                .isEqualTo(new Cause.Hung("room for what it is told over qtest", TIMEOUT));
    }

    @Test
    void eventsOfTheMachineProtocolAreNoAnswers() throws Exception {
        say(GREETING + "{\"return\": {}}\n{\"event\": \"STOP\"}\n{\"return\": {}}\n");
        QmpPort port = new QmpPort(lines(1000));
        port.execute("screendump", Map.of("head", 1));
        assertThat(heard()).isEqualTo("""
                {"arguments":{},"execute":"qmp_capabilities"}
                {"arguments":{"head":1},"execute":"screendump"}
                """);
    }

    @Test
    void aRefusalIsToldInItsWords() throws Exception {
        say(GREETING
                + "{\"return\": {}}\n{\"error\": {\"class\": \"GenericError\", \"desc\": \"no \\u001b head 2\"}}\n");
        QmpPort port = new QmpPort(lines(1000));
        assertThat(broke(() -> port.execute("screendump", Map.of())))
                .contains("refused screendump: no ")
                .doesNotContain("\u001b");
    }

    @Test
    void whatIsNoJsonBreaksTheProtocol() throws Exception {
        for (String line : new String[] {"", "{", "hello", "{\"QMP\":1}", "[]", "{\"a\":1,\"a\":2}"}) {
            say(line + "\n");
            assertThat(broke(() -> new QmpPort(lines(1000)))).as(line).contains("QMP");
            close();
            Files.deleteIfExists(folder.resolve("socket"));
            connect();
        }
    }

    private static final int[] VNC_HELLO = {1, 1, 0, 0, 0, 0, 2, 128, 1, 224};

    /** The server's side of the beginning of VNC: one kind of security, no error, 640x480, pixel format, a name of one letter. */
    private void greetOverVnc() throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(100).put("RFB 003.008\n".getBytes(StandardCharsets.US_ASCII));
        for (int each : VNC_HELLO) {
            bytes.put((byte) each);
        }
        bytes.put(new byte[16]).putInt(1).put((byte) 'x');
        theirs.orElseThrow().write(bytes.flip());
    }

    private void update(int reason, int encoding) throws IOException {
        theirs.orElseThrow()
                .write(ByteBuffer.allocate(36)
                        .putInt(1)
                        .putShort((short) reason)
                        .putShort((short) 4)
                        .putInt(0)
                        .putInt(encoding)
                        .putInt(1 << 24)
                        .put(new byte[16])
                        .flip());
    }

    @Test
    void aMonitorSaysWhichSizeItWantsAndWaitsForTheAnswer() throws Exception {
        greetOverVnc();
        update(0, -308);
        update(1, -308);
        try (Monitor monitor = new Monitor(lines(0))) {
            monitor.want(Display.of(800, 600));
            update(1, -308);
            monitor.want(Display.OFF);
            ByteBuffer said = ByteBuffer.allocate(200);
            theirs.orElseThrow().read(said);
            byte[] bytes = Arrays.copyOf(said.array(), said.position());
            assertThat(bytes)
                    .hasSize(12 + 1 + 1 + 8 + 8 + 8)
                    .endsWith(251, 0, 3, 32, 2, 88, 0, 0, 251, 0, 0, 0, 0, 0, 0, 0);
        }
    }

    @Test
    void whatAVncServerSaysOtherwiseIsToldInTime() throws Exception {
        assertThat(cause(() -> new Monitor(lines(0)))).isEqualTo(new Cause.Hung("its greeting over VNC", TIMEOUT));
        say("RFB 003.003\n");
        assertThat(broke(() -> new Monitor(lines(0)))).contains("3.8");
        say("RFB 003.008\n\u0001\u0002");
        assertThat(broke(() -> new Monitor(lines(0)))).contains("password");
        say("RFB 003.008\n\u0001\u0001\u0000\u0000\u0000\u0001");
        assertThat(broke(() -> new Monitor(lines(0)))).contains("nobody in");
        greetOverVnc();
        update(1, 0);
        assertThat(broke(() -> new Monitor(lines(0)).want(Display.OFF))).contains("a picture that nobody asked for");
    }
}
