package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.Pointer;
import dev.semblance.harness.record.live.LiveRun;
import dev.semblance.harness.record.live.Pace;
import dev.semblance.harness.record.session.BarePrograms;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.record.session.SessionStart;
import dev.semblance.harness.trace.EventSink;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Who may come in, who may do what, and what becomes of those who misbehave: docs/LIVE.md, safety. */
@Timeout(60)
class LiveServerTests {

    private final LiveRun run = new LiveRun(Pace.MAX, Pointer.MOUSE, Optional.empty(), System::nanoTime);
    private LiveServer server;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        server = LiveServer.start(0, new LiveGuest("<b>hostile</b>", true, 1, 65_000_000, run));
        url = URI.create(server.url());
    }

    @AfterEach
    void stop() {
        run.interrupt();
        server.close();
    }

    private String host() {
        return "127.0.0.1:" + url.getPort();
    }

    /** Sends a request as it is, and returns the whole answer. */
    private String ask(String method, String path, String... headers) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), url.getPort())) {
            String request = method + " " + path + " HTTP/1.1\r\nConnection: Upgrade, close\r\n"
                    + Stream.of(headers).map(header -> header + "\r\n").reduce("", String::concat) + "\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return answer(socket.getInputStream());
        }
    }

    /** Reads until the other side closes, or up to the end of the head where it goes on as a WebSocket. */
    private static String answer(InputStream in) throws IOException {
        StringBuilder answer = new StringBuilder();
        for (int next = in.read(); next >= 0; next = in.read()) {
            answer.append((char) next);
            if (next == '\n' && answer.indexOf("\r\n\r\n") >= 0 && answer.indexOf("HTTP/1.1 101") == 0) {
                break;
            }
        }
        return answer.toString();
    }

    private int status(String method, String path, String... headers) throws IOException {
        return Integer.parseInt(ask(method, path, headers).split(" ", -1)[1]);
    }

    @Test
    void onlyWhoKnowsTheTokenComesIn() throws IOException {
        String path = url.getPath();
        String other = path.charAt(1) == '0' ? "1" : "0";
        assertThat(path).matches("/[0-9a-f]{32}/");
        assertThat(status("GET", path, "Host: " + host())).isEqualTo(200);
        for (String wrong : List.of(
                "/",
                "/live.js",
                "/favicon.ico",
                path.substring(0, path.length() - 1),
                "/" + other + path.substring(2),
                path.substring(0, path.length() - 2) + "/",
                "/x" + path,
                path.toUpperCase(Locale.ROOT).replaceAll("[0-9]", "A"))) {
            assertThat(status("GET", wrong, "Host: " + host())).as(wrong).isEqualTo(403);
        }
    }

    /** Else a name of another site that leads to 127.0.0.1 would do (DNS rebinding). The port is the tunnel's, where there is one. */
    @Test
    void onlyWhoAsksForThisComputerByItsOwnNameComesIn() throws IOException {
        for (String name : List.of(host(), "127.0.0.1", "localhost:8080", "[::1]:80")) {
            assertThat(status("GET", url.getPath(), "Host: " + name)).as(name).isEqualTo(200);
        }
        for (String name : List.of(
                "evil.example",
                "evil.example:" + url.getPort(),
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "127.0.0.2",
                "0.0.0.0",
                "[::2]")) {
            assertThat(status("GET", url.getPath(), "Host: " + name)).as(name).isEqualTo(403);
        }
        assertThat(status("GET", url.getPath())).as("no Host at all").isEqualTo(400);
    }

    @Test
    void onlyThisPageItselfComesInWhereAPageAsks() throws IOException {
        String own = "Origin: http://" + host();
        assertThat(status("GET", url.getPath(), "Host: " + host(), own)).isEqualTo(200);
        for (String origin : List.of("http://evil.example", "null", "https://" + host(), "http://127.0.0.1:1", "")) {
            assertThat(status("GET", url.getPath(), "Host: " + host(), "Origin: " + origin))
                    .as(origin)
                    .isEqualTo(403);
        }
        // Rebound: the page of another site, under a name of theirs that leads here.
        assertThat(status("GET", url.getPath(), "Host: evil.example", "Origin: http://evil.example"))
                .isEqualTo(403);
    }

    @Test
    void aWebSocketIsForThisPageAlone() throws Exception {
        String path = url.getPath() + "socket";
        String[] upgrade = {
            "Host: " + host(),
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
        };
        assertThat(status("GET", path, upgrade)).as("no Origin").isEqualTo(403);
        for (String origin : List.of("http://evil.example", "null", "http://localhost:" + url.getPort())) {
            String[] foreign = Stream.concat(Stream.of(upgrade), Stream.of("Origin: " + origin))
                    .toArray(String[]::new);
            assertThat(status("GET", path, foreign)).as(origin).isEqualTo(403);
        }
        try (PageClient client = PageClient.connect(url)) {
            client.await("hello");
        }
    }

    /** RFC 6455, 9.1: what the answer does not name is not in use. */
    @Test
    void noExtensionOfWebSocketsIsTakenUp() throws IOException {
        assertThat(ask(
                        "GET",
                        url.getPath() + "socket",
                        "Host: " + host(),
                        "Origin: http://" + host(),
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 13",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                        "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"))
                .startsWith("HTTP/1.1 101")
                .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
    }

    @Test
    void nothingElseIsAnswered() throws IOException {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH")) {
            assertThat(status(method, url.getPath(), "Host: " + host()))
                    .as(method)
                    .isEqualTo(405);
        }
        for (String name : List.of("nothing.js", "../live.js", "live.html", "xterm.LICENSE.txt", "module-info.class")) {
            assertThat(status("GET", url.getPath() + name, "Host: " + host()))
                    .as(name)
                    .isIn(400, 403, 404);
        }
        assertThat(status("GET", url.getPath() + "%2e%2e/live.js", "Host: " + host()))
                .isIn(400, 403, 404);
        assertThat(status("GET", url.getPath(), "Host: " + host(), "X: " + "x".repeat(9000)))
                .isEqualTo(431);
    }

    @Test
    void aPageMayDoNothingButWhatIsItsOwn() throws IOException {
        String first = ask("GET", url.getPath(), "Host: " + host());
        assertThat(first)
                .contains("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-")
                .contains("connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .contains("require-trusted-types-for 'script'")
                .contains("X-Content-Type-Options: nosniff")
                .contains("Referrer-Policy: no-referrer")
                .contains("Cross-Origin-Resource-Policy: same-origin")
                .contains("Cache-Control: no-store")
                .doesNotContainIgnoringCase("Server: ")
                .doesNotContain("Set-Cookie", "Access-Control", "NONCE", "hostile");
        assertThat(ask("GET", url.getPath(), "Host: " + host()))
                .as("a nonce is for once")
                .isNotEqualTo(first);
        assertThat(ask("GET", "/", "Host: " + host())).contains("nosniff").doesNotContain("script");
    }

    @Test
    void aMessageThatIsNoneEndsTheConnection() throws Exception {
        List<String> bad = List.of(
                "",
                "x",
                "{}",
                "[]",
                "{\"type\":\"nothing\"}",
                "{\"type\":\"pause\",\"more\":1}",
                "{\"type\":\"pause\",\"type\":\"pause\"}",
                "{\"type\":\"key\",\"code\":\"KeyA\"}",
                "{\"type\":\"key\",\"code\":\"IntlBackslash\",\"down\":true}",
                "{\"type\":\"key\",\"code\":\"KeyA\",\"down\":1}",
                "{\"type\":\"button\",\"button\":3,\"down\":true}",
                "{\"type\":\"move\",\"dx\":10001,\"dy\":0}",
                "{\"type\":\"move\",\"dx\":1.5,\"dy\":0}",
                "{\"type\":\"move\",\"dx\":18446744073709551616,\"dy\":0}",
                "{\"type\":\"scroll\",\"notches\":101}",
                "{\"type\":\"display\",\"number\":16,\"mode\":\"off\"}",
                "{\"type\":\"display\",\"number\":0,\"mode\":\"0x5\"}",
                "{\"type\":\"display\",\"number\":0,\"mode\":\"99999x1\"}",
                "{\"type\":\"display\",\"number\":0,\"mode\":\"640x8192\"}",
                "{\"type\":\"type\",\"text\":7}");
        for (String message : bad) {
            try (PageClient client = PageClient.connect(url)) {
                client.say(message);
                assertThat(client.closed()).as(message).isEqualTo(1008);
            }
        }
        try (PageClient client = PageClient.connect(url)) {
            client.say("{\"type\":\"type\",\"text\":\"" + "x".repeat(5000) + "\"}");
            assertThat(client.closed()).as("too long").isEqualTo(1009);
        }
        try (PageClient client = PageClient.connect(url)) {
            client.say(new byte[] {1, 2, 3});
            assertThat(client.closed()).as("bytes").isEqualTo(1008);
        }
        try (PageClient client = PageClient.connect(url)) {
            for (int i = 0; i < 1100; i++) { // a flood
                client.say("{\"type\":\"drawn\"}");
            }
            client.awaitEnd();
        }
        assertThat(run.status().held()).isZero();
    }

    @Test
    void onePageControlsAndTheOthersWatch() throws Exception {
        try (PageClient first = PageClient.connect(url)) {
            assertThat(first.await("hello")).contains("\"title\":\"<b>hostile</b>\"", "\"KeyA\"");
            first.awaitText("\"control\":\"you\"");
            try (PageClient second = PageClient.connect(url)) {
                second.awaitText("\"control\":\"other\"");
                second.say("{\"type\":\"pause\"}");
                assertThat(second.await("refused")).contains("this page only watches");
                second.say("{\"type\":\"type\",\"text\":\"x\"}");
                assertThat(second.await("typed")).contains("\"why\":\"this page only watches\"");
                second.say("{\"type\":\"take\"}");
                second.awaitText("another page has the controls");
                first.say("{\"type\":\"give\"}");
                second.awaitText("\"control\":\"nobody\"");
                second.say("{\"type\":\"take\"}");
                second.awaitText("\"control\":\"you\"");
                first.awaitText("\"control\":\"other\"");
            }
            // Who is left alone has them.
            first.awaitText("\"control\":\"you\"");
            try (PageClient second = PageClient.connect(url)) {
                second.awaitText("\"control\":\"other\"");
                first.say("{\"type\":\"give\"}");
                first.awaitText("\"control\":\"nobody\"");
            }
            // Whoever it was that went.
            first.awaitText("\"control\":\"you\"");
        }
    }

    /** RFC 6455, 5.5.2: a ping is answered by whatever is alive. */
    @Test
    void whoVanishesWithoutClosingKeepsNoControl() throws Exception {
        AtomicLong ahead = new AtomicLong();
        LiveGuest guest = new LiveGuest("t", true, 1, 1, run);
        try (LiveServer other = LiveServer.start(0, guest, () -> System.nanoTime() + ahead.get());
                Socket mute = new Socket(
                        InetAddress.getLoopbackAddress(),
                        URI.create(other.url()).getPort())) {
            URI page = URI.create(other.url());
            String here = "127.0.0.1:" + page.getPort();
            mute.getOutputStream()
                    .write(("GET " + page.getPath() + "socket HTTP/1.1\r\nHost: " + here + "\r\nOrigin: http://" + here
                                    + "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            StringBuilder heard = new StringBuilder();
            while (heard.indexOf("\"control\":\"you\"") < 0) {
                heard.append((char) mute.getInputStream().read());
            }
            try (PageClient alive = PageClient.connect(page)) {
                alive.awaitText("\"control\":\"other\"");
                for (int second = 0; second < 45; second++) {
                    ahead.addAndGet(TimeUnit.SECONDS.toNanos(1));
                    Thread.sleep(20);
                }
                alive.awaitText("\"control\":\"you\"");
            }
        }
    }

    /** The page of a scanout that no machine has gets no further than there. */
    @Test
    void whatGoesWrongWithOnePageIsNothingToTheOthers() throws Exception {
        LiveGuest guest = new LiveGuest("t", true, 17, 1, run);
        try (LiveServer other = LiveServer.start(0, guest);
                PageClient wrong = PageClient.connect(URI.create(other.url()))) {
            for (int i = 0; i < 40; i++) {
                wrong.say("{\"type\":\"drawn\"}");
                Thread.sleep(20);
            }
            try (PageClient next = PageClient.connect(URI.create(other.url()))) {
                next.awaitText("\"pages\":1");
            }
        }
    }

    @Test
    void aSnapshotThatCannotBeTakenIsRefusedWithItsReason() throws Exception {
        try (PageClient client = PageClient.connect(url)) {
            client.awaitText("\"control\":\"you\"");
            client.say("{\"type\":\"snapshot\",\"label\":\"../../etc\"}");
            assertThat(client.await("refused")).contains("a label is ");
        }
    }

    /** More than waits for a guest at once, so that the page has to wait for the guest. */
    @Test
    @EnabledIfSystemProperty(named = "semblance.live", matches = "true")
    void aLongTextArrivesWholeInAGuestThatReads() throws Exception {
        StringBuilder read = new StringBuilder();
        Thread machine = machine(BarePrograms.program().echoing(), (cycle, event) -> {
            if (event instanceof TraceEvent.ConsoleInput input) {
                read.append(new String(input.bytes(), StandardCharsets.US_ASCII));
            }
        });
        StringBuilder sent = new StringBuilder();
        try (PageClient client = PageClient.connect(url)) {
            client.awaitText("\"control\":\"you\"");
            for (int i = 0; sent.length() < LiveRun.MOST_TYPED * 5 / 4; i++) {
                String piece = Integer.toString(i) + " ".repeat(1000);
                client.say("{\"type\":\"type\",\"text\":\"" + piece + "\"}");
                assertThat(client.await("typed")).doesNotContain("why");
                sent.append(piece);
            }
            while (run.typingRoom() < LiveRun.MOST_TYPED) {
                Thread.sleep(1);
            }
        }
        run.interrupt();
        machine.join();
        assertThat(read.toString()).isEqualTo(sent.toString());
    }

    @Test
    void moreThanEightPagesAreTooMany() throws Exception {
        List<PageClient> pages = new CopyOnWriteArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                pages.add(PageClient.connect(url));
                pages.getLast().await("hello");
            }
            try (PageClient ninth = PageClient.connect(url)) {
                assertThat(ninth.closed()).isEqualTo(1013);
            }
        } finally {
            pages.forEach(PageClient::close);
        }
    }

    private Thread machine(SessionConfig config, EventSink sink) {
        return Thread.ofPlatform().start(() -> {
            try {
                new RecordingRun(config, SessionStart.POWER_ON, Optional.empty(), Optional.of(sink), run)
                        .run(Long.MAX_VALUE, run);
            } catch (BadImageException e) {
                throw new AssertionError(e);
            }
        });
    }

    /** It gets what else there is to hear, and the guest does not wait for it. */
    @Test
    @EnabledIfSystemProperty(named = "semblance.live", matches = "true")
    void aPageThatDrawsNothingIsSentTwoPicturesAndNoMore() throws Exception {
        Thread machine = machine(Recordings.linux("console=ttyS0", 7), (cycle, event) -> {});
        try (PageClient slow = PageClient.connect(url)) {
            while (run.status().flushes() < 20) {
                Thread.sleep(10);
            }
            slow.awaitText("\"phase\":\"RUNNING\"");
            assertThat(slow.received(1) + slow.received(2)).isEqualTo(2);
            assertThat(slow.received(3)).as("the console").isPositive();
            slow.say("{\"type\":\"drawn\"}");
            while (slow.received(1) + slow.received(2) < 3) {
                Thread.sleep(10);
            }
        }
        run.interrupt();
        machine.join();
    }

    /** The recording goes on. */
    @Test
    void whatAPageHeldComesUpWhenItGoesHoweverItGoes() throws Exception {
        List<TraceEvent.Input> inputs = new CopyOnWriteArrayList<>();
        Thread machine = machine(BarePrograms.program().forever(), (cycle, event) -> {
            if (event instanceof TraceEvent.Input input) {
                inputs.add(input);
            }
        });
        try (PageClient client = PageClient.connect(url)) {
            client.awaitText("\"control\":\"you\"");
            client.say("{\"type\":\"key\",\"code\":\"KeyA\",\"down\":true}");
            client.say("{\"type\":\"button\",\"button\":1,\"down\":true}");
            client.awaitText("\"held\":2");
            client.abort();
        }
        try (PageClient again = PageClient.connect(url)) {
            again.awaitText("\"held\":0");
            again.awaitText("\"control\":\"you\"");
        }
        assertThat(machine.isAlive()).isTrue();
        server.end("It is over.");
        run.interrupt();
        machine.join();
        assertThat(inputs.stream().map(input -> input.items().getFirst()))
                .containsExactly(
                        new TraceEvent.InputItem(1, 30, 1),
                        new TraceEvent.InputItem(1, 274, 1),
                        new TraceEvent.InputItem(1, 30, 0),
                        new TraceEvent.InputItem(1, 274, 0));
    }

    @Test
    void allPagesHearOfTheEnd() throws Exception {
        try (PageClient client = PageClient.connect(url)) {
            client.await("hello");
            server.end("t.trace is complete: 3 events.");
            assertThat(client.await("ended")).contains("t.trace is complete");
        }
    }

    @Test
    void aPortThatIsNotForEverybodyIsNotCalledTaken() {
        assertThat(PageServer.refused(80, new IOException("Failed to bind", new BindException("Permission denied"))))
                .hasMessage("no page can be served at port 80: Permission denied");
    }

    @Test
    void aPortThatIsTakenIsSaid() {
        LiveGuest guest = new LiveGuest("t", true, 1, 1, run);
        assertThatIOException()
                .isThrownBy(() -> LiveServer.start(url.getPort(), guest))
                .withMessage("port " + url.getPort() + " is taken; without --port any free one is found");
    }
}
