package dev.semblance.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.TraceFile;
import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the page of recordings is answered, and that nothing else is: docs/VIEWER.md. */
@Timeout(60)
class ViewServerTests {

    private static final Path RECORDINGS = Path.of("..", "..", "recordings");
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final CountDownLatch blamed = new CountDownLatch(1);
    private final CountDownLatch looking = new CountDownLatch(1);
    private ViewServer server;
    private URI url;

    @BeforeEach
    void start() throws IOException {
        List<TraceFile> traces = List.of(
                TraceFile.of(RECORDINGS.resolve("two-heads.trace")),
                TraceFile.of(RECORDINGS.resolve("modetest.trace")));
        server = ViewServer.start(0, new Viewing(traces, ViewServerTests::replay, this::blame));
        url = URI.create(server.url());
    }

    @AfterEach
    void stop() {
        blamed.countDown();
        server.close();
    }

    private static TraceVerdict replay(TraceFile trace, LongConsumer progress) {
        return TraceReplay.ofDevice().replay(trace, Goldens.of(trace, Optional.empty()), progress);
    }

    private List<String> blame(TraceFile trace, long event, int scanout, int x, int y) {
        if (x == 1) {
            throw new UnusableInputException("no such \u001b[31mpixel");
        }
        if (x == 99) {
            throw new IllegalStateException("no \u001b");
        }
        looking.countDown();
        try {
            blamed.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return List.of(trace.name() + " " + event + " " + scanout + " " + x + " " + y, "<b>hostile\u001b</b>");
    }

    private HttpResponse<byte[]> ask(String what) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(url.resolve(what)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Asks for what no client would ask for, and returns all that comes. */
    private String raw(String target) throws IOException {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            String request = "GET " + url.getPath() + target + " HTTP/1.1\r\nHost: " + url.getAuthority()
                    + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private JsonNode json(String what) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = ask(what);
        assertThat(answer.statusCode())
                .as(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).contains("application/json");
        return MAPPER.readTree(answer.body());
    }

    private static byte[] inflate(byte[] deflated, int length) throws DataFormatException {
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(deflated);
            byte[] bytes = new byte[length];
            int at = 0;
            while (at < length) {
                at += inflater.inflate(bytes, at, length - at);
            }
            return bytes;
        } finally {
            inflater.end();
        }
    }

    @Test
    void whatThePageAsksForIsAnswered() throws Exception {
        assertThat(json("traces")).hasToString("[\"two-heads\",\"modetest\"]");
        JsonNode story = json("story?trace=0");
        assertThat(story.get("title").asString()).isEqualTo("two-heads");
        assertThat(story.get("scanouts").asInt()).isEqualTo(2);
        assertThat(json("lines?trace=0&from=0&count=10")).hasSize(10);
        assertThat(json("lines?trace=0&from=890&count=100")).hasSize(5);
        assertThat(json("filter?trace=0&text=display")).isNotEmpty();
        assertThat(json("details?trace=0&event=-1")).isEmpty();
        assertThat(json("details?trace=0&event=700").get(0).get(0).asString()).isEqualTo("event");
        int last = story.get("shown").get(0).get(0).asInt();
        HttpResponse<byte[]> thumbnail = ask("thumbnail?trace=0&event=" + last + "&scanout=0");
        assertThat(thumbnail.headers().firstValue("content-type")).contains("image/png");
        assertThat(ask("thumbnail?trace=0&event=-1&scanout=7").statusCode()).isEqualTo(204);
        int resource = story.get("resources").get(0).get("id").asInt();
        int made = story.get("resources").get(0).get("created").asInt();
        assertThat(ask("image?trace=0&event=" + made + "&resource=" + resource).statusCode())
                .isEqualTo(200);
    }

    @Test
    void thePicturesAreThoseOfTheDevicePlayback() throws Exception {
        try (DevicePlayback playback = DevicePlayback.open(RECORDINGS.resolve("two-heads.trace"))) {
            for (int event : new int[] {860, 700, -1, 894}) {
                playback.seek(event + 1, reached -> {});
                ByteBuffer bytes =
                        ByteBuffer.wrap(ask("pictures?trace=0&event=" + event).body());
                for (int scanout = 0; scanout < 2; scanout++) {
                    int width = bytes.getInt();
                    int height = bytes.getInt();
                    assertThat(width)
                            .isEqualTo(playback.primary(scanout)
                                    .map(frame -> frame.width())
                                    .orElse(0));
                    assertThat(bytes.getInt())
                            .isEqualTo(playback.cursor(scanout).x());
                    assertThat(bytes.getInt())
                            .isEqualTo(playback.cursor(scanout).y());
                    int cursor = bytes.getShort() * bytes.getShort();
                    boolean deflated = bytes.getInt() == 1;
                    byte[] sent = new byte[bytes.getInt()];
                    bytes.get(sent);
                    int length = 4 * (width * height + cursor);
                    ByteBuffer pixels = ByteBuffer.wrap(deflated ? inflate(sent, length) : sent);
                    assertThat(pixels.remaining()).isEqualTo(length);
                    for (int y = 0; y < height; y++) {
                        for (int x = 0; x < width; x++) {
                            int argb = playback.primary(scanout).orElseThrow().argb(x, y);
                            assertThat(pixels.getInt()).isEqualTo(argb << 8 | 0xff);
                        }
                    }
                }
                assertThat(bytes.hasRemaining()).isFalse();
            }
        }
    }

    @Test
    void theReplayGoesOnWhileThePageWaitsForWhatItComesTo() throws Exception {
        JsonNode verdict = json("verdict?trace=1");
        for (int i = 0; i < 500 && !verdict.get("ready").asBoolean(); i++) {
            TimeUnit.MILLISECONDS.sleep(20);
            verdict = json("verdict?trace=1");
        }
        assertThat(verdict.get("ready").asBoolean()).isTrue();
        assertThat(verdict.get("good").asBoolean()).isTrue();
        JsonNode snapshot = verdict.get("snapshots").get(0);
        assertThat(snapshot.get("status").asString()).isEqualTo("Pass");
        String label = URLEncoder.encode(snapshot.get("label").asString(), StandardCharsets.UTF_8);
        assertThat(ask("snapshot?trace=1&which=expected&label=" + label).statusCode())
                .isEqualTo(200);
        assertThat(ask("snapshot?trace=1&which=actual&label=" + label).statusCode())
                .isEqualTo(400);
        assertThat(ask("snapshot?trace=1&which=other&label=" + label).statusCode())
                .isEqualTo(400);
    }

    @Test
    void onePixelIsLookedIntoAtATime() throws Exception {
        var first = http.sendAsync(
                HttpRequest.newBuilder(url.resolve("blame?trace=0&event=700&scanout=1&x=20&y=30"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        looking.await();
        HttpResponse<byte[]> second = ask("blame?trace=0&event=700&scanout=1&x=2&y=3");
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(new String(second.body(), StandardCharsets.UTF_8)).startsWith("Another pixel is being looked into");
        blamed.countDown();
        assertThat(first.join().body()).isEqualTo("[\"two-heads 700 1 20 30\",\"<b>hostile\\\\u{1b}</b>\"]");
        HttpResponse<byte[]> refused = ask("blame?trace=0&event=700&scanout=1&x=1&y=3");
        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(new String(refused.body(), StandardCharsets.UTF_8)).doesNotContain("\u001b");
        // Whoever failed leaves the place to others.
        assertThat(json("blame?trace=0&event=700&scanout=1&x=2&y=3")).hasSize(2);
    }

    @Test
    void whatIsNotThereOrMakesNoSenseIsRefusedInASentence() throws Exception {
        for (String wrong : List.of(
                "story",
                "story?trace=2",
                "story?trace=-1",
                "story?trace=0x0",
                "story?trace=99999999999999999999",
                "lines?trace=0&from=-1&count=5",
                "lines?trace=0&from=0&count=100000000",
                "lines?trace=0&from=0",
                "details?trace=0&event=895",
                "details?trace=0&event=4294967296",
                "pictures?trace=0&event=-2",
                "image?trace=0&event=700&resource=999",
                "blame?trace=0&event=-1&scanout=0&x=1&y=1",
                "filter?trace=0&text=" + "x".repeat(257))) {
            HttpResponse<byte[]> answer = ask(wrong);
            assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                    .as(wrong)
                    .matches("[^\\n]+\\.?\\n");
        }
        for (String unknown : List.of("nothing", "live.js", "socket", "../view.js", "story/", "xterm.js")) {
            assertThat(ask(unknown).statusCode()).as(unknown).isIn(403, 404);
        }
    }

    /** Whatever is asked, by whomever: nothing of the web server is to be seen. */
    @Test
    void whatTheServerItselfRefusesIsASentenceToo() throws Exception {
        for (String wrong :
                List.of("story?trace=%zz", "filter?trace=0&text=%ff", "%2e%2e/x", "x?" + "y".repeat(9000))) {
            String answer = raw(wrong);
            assertThat(answer)
                    .as(wrong)
                    .matches("(?s)HTTP/1.1 4[0-9][0-9] .*\r\n\r\n[A-Z][^<>\n]+\n")
                    .containsIgnoringCase("content-type: text/plain; charset=utf-8\r\n")
                    .containsIgnoringCase("x-content-type-options: nosniff\r\n");
        }
    }

    @Test
    void aMistakeOfTheProgramIsASentence() throws Exception {
        HttpResponse<byte[]> answer = ask("blame?trace=0&event=700&scanout=1&x=99&y=3");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .isEqualTo(
                        "This cannot be answered for a mistake in Semblance: java.lang.IllegalStateException: no \\u{1b}\n");
    }

    @Test
    void aReplayThatCannotBeginEndsToo() throws Exception {
        try (ViewServer other = ViewServer.start(
                0,
                new Viewing(
                        List.of(TraceFile.of(RECORDINGS.resolve("modetest.trace"))),
                        (trace, progress) -> {
                            throw new UnusableInputException("policy.toml has a mistake");
                        },
                        this::blame))) {
            url = URI.create(other.url());
            JsonNode verdict = json("verdict?trace=0");
            for (int i = 0; i < 500 && !verdict.get("ready").asBoolean(); i++) {
                TimeUnit.MILLISECONDS.sleep(10);
                verdict = json("verdict?trace=0");
            }
            assertThat(verdict.get("good").asBoolean()).isFalse();
            assertThat(verdict.get("text").asString()).contains("policy.toml has a mistake");
        }
    }

    /** Whoever looks on is told, and the page that is loaded again has the new one. */
    @Test
    void aFileThatIsReplacedOrDeletedIsNotMixedWithWhatItWas(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("a.trace");
        Files.copy(RECORDINGS.resolve("modetest.trace"), file);
        try (ViewServer other =
                ViewServer.start(0, new Viewing(List.of(TraceFile.of(file)), ViewServerTests::replay, this::blame))) {
            url = URI.create(other.url());
            int before = json("story?trace=0").get("total").asInt();
            Files.copy(RECORDINGS.resolve("two-heads.trace"), file, StandardCopyOption.REPLACE_EXISTING);
            for (String asked :
                    List.of("pictures?trace=0&event=5", "details?trace=0&event=5", "lines?trace=0&from=0&count=1")) {
                HttpResponse<byte[]> answer = ask(asked);
                assertThat(answer.statusCode()).isEqualTo(422);
                assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                        .contains("has changed since this page read it: load the page again");
            }
            assertThat(json("story?trace=0").get("total").asInt())
                    .isEqualTo(895)
                    .isNotEqualTo(before);
            assertThat(ask("pictures?trace=0&event=894").statusCode()).isEqualTo(200);
            Files.delete(file);
            HttpResponse<byte[]> answer = ask("pictures?trace=0&event=1");
            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(new String(answer.body(), StandardCharsets.UTF_8)).contains("a.trace does not exist");
        }
    }

    /** With three of them as much memory may be taken as there is to spare. */
    @Test
    void ofManyTracesThatAreLookedIntoAllGoOnBeingAnswered() throws Exception {
        List<TraceFile> many = Collections.nCopies(5, TraceFile.of(RECORDINGS.resolve("two-heads.trace")));
        try (ViewServer other = ViewServer.start(0, new Viewing(many, ViewServerTests::replay, this::blame))) {
            url = URI.create(other.url());
            for (int trace : new int[] {0, 1, 2, 3, 4, 0, 2, 4}) {
                assertThat(ask("pictures?trace=" + trace + "&event=894").statusCode())
                        .isEqualTo(200);
                assertThat(json("lines?trace=" + trace + "&from=890&count=100")).hasSize(5);
            }
        }
    }

    @Test
    void whoDoesNotKnowTheTokenIsAnsweredNothing() throws Exception {
        for (String path : List.of("/story?trace=0", "/" + "0".repeat(32) + "/story?trace=0", "/traces")) {
            assertThat(ask(path).statusCode()).isEqualTo(403);
        }
        HttpResponse<byte[]> page = ask("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self';", "require-trusted-types-for 'script'");
    }
}
