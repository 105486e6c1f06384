package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The page in a file, opened from the file system in a real browser without a network: docs/VIEWER.md. Half a minute, so mvn -Plive has it done. */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(240)
class ExportedPageBrowserTests {

    private static final Path RECORDINGS = ShownPixels.RECORDINGS;
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path folder = Path.of("");

    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = new Browser(folder.resolve("profile"));
        browser.call("Network.enable", MAPPER.createObjectNode());
        browser.call(
                "Network.emulateNetworkConditions",
                MAPPER.createObjectNode()
                        .put("offline", true)
                        .put("latency", 0)
                        .put("downloadThroughput", 0)
                        .put("uploadThroughput", 0));
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    private static Path export(Path trace, String... more) {
        Path page = folder.resolve("page.html");
        StringWriter err = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(err), false);
        int code = Semblance.run(
                Environments.of(terminal, Recordings::images),
                Stream.concat(Stream.of("view", trace.toString(), "--export", page.toString()), Stream.of(more))
                        .toArray(String[]::new));
        assertThat(code).as(err.toString()).isEqualTo(ExitCode.PASS.code());
        return page;
    }

    private static void open(Path page) throws Exception {
        browser.complaints().clear();
        browser.open("about:blank");
        browser.open(page.toUri().toString());
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
    }

    private static void go(int event) throws Exception {
        browser.evaluate("location.hash = '#event:" + event + "'");
        browser.awaitTrue("semblance.at() === " + event + " && semblance.drawn() === " + event);
    }

    private static void assertShows(DevicePlayback playback, int event) throws Exception {
        go(event);
        playback.seek(event + 1, reached -> {});
        for (int scanout = 0; scanout < playback.scanouts(); scanout++) {
            assertThat(ShownPixels.of(browser, scanout))
                    .as("event %d, scanout %d", event, scanout)
                    .isEqualTo(ShownPixels.of(playback, scanout));
        }
    }

    /** As render makes them, pixel by pixel: with the cursor, and of each scanout. */
    @Test
    void eachRecordingThatShipsShowsWhatItsGpuShowed() throws Exception {
        SplittableRandom random = new SplittableRandom(5);
        for (Path file : ShownPixels.recordings()) {
            open(export(file));
            try (DevicePlayback playback = DevicePlayback.open(file)) {
                int events = playback.index().events();
                boolean many = Stream.of("flips", "cursor", "two-heads")
                        .anyMatch(name -> file.getFileName().toString().equals(name + ".trace"));
                assertShows(playback, events - 1);
                for (int i = 0; i < (many ? 12 : 2); i++) {
                    assertShows(playback, random.nextInt(events));
                }
            }
            assertThat(browser.complaints()).as(file.toString()).isEmpty();
        }
    }

    @Test
    void aRangeHasItsEventsByTheirNumbersAndBeginsWithWhatWasShownBefore() throws Exception {
        Path file = RECORDINGS.resolve("flips.trace");
        open(export(file, "--from", "flush:20", "--to", "flush:30"));
        int first = Integer.parseInt(browser.evaluate("semblance.index().first"));
        try (DevicePlayback playback = DevicePlayback.open(file)) {
            assertShows(playback, first);
            assertShows(playback, Integer.parseInt(browser.evaluate("semblance.index().last")));
            browser.press("Home");
            browser.awaitTrue("semblance.at() === " + (first - 1) + " && semblance.drawn() === semblance.at()");
            playback.seek(first, reached -> {});
            assertThat(ShownPixels.of(browser, 0)).isEqualTo(ShownPixels.of(playback, 0));
        }
        browser.press("ArrowRight");
        browser.awaitTrue("semblance.index().flushNumber(semblance.at()) === 20");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void whatIsToldOfEventsAndSnapshotsIsThereToo() throws Exception {
        open(export(RECORDINGS.resolve("flips.trace")));
        browser.awaitTrue(
                "semblance.verdict().ready && document.getElementById('verdict').textContent.includes('3 of 3')");
        browser.evaluate("document.getElementById('filter').value = 'set_scanout',"
                + " document.getElementById('filter').dispatchEvent(new Event('input'))");
        browser.awaitTrue("document.getElementById('found').textContent.includes(' of 1,301 events')");
        browser.evaluate("document.querySelector('.row').click()");
        browser.awaitTrue("semblance.index().kindOf(semblance.at()) === 'SET_SCANOUT'");
        browser.awaitTrue("document.getElementById('fields').textContent.includes('decoded.command')");
        browser.evaluate("document.getElementById('tab-snapshots').click()");
        browser.awaitTrue("document.querySelectorAll('#panel-snapshots img').length === 3");
        browser.awaitTrue(
                "[...document.querySelectorAll('#panel-snapshots img')].every(image => image.naturalWidth === 1024)");
        browser.evaluate("document.getElementById('tab-resources').click()");
        browser.awaitTrue("document.getElementById('panel-resources').textContent.includes('1024x768')");
        // Who made a pixel is not in it: the page says by which command one learns that.
        browser.evaluate("location.hash = '#end'");
        browser.awaitTrue("semblance.at() === semblance.index().last && semblance.drawn() === semblance.at()");
        browser.evaluate("document.querySelector('#stages canvas').focus()");
        browser.press("Enter");
        browser.awaitTrue(
                "document.getElementById('panel-pixel').textContent.includes('cannot play the machine again')");
        assertThat(browser.evaluate("document.querySelector('#panel-pixel pre').textContent"))
                .startsWith("semblance blame ")
                .contains("flips.trace --at event:");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void scrubbingIsFollowedAndThumbnailsAreDrawn() throws Exception {
        open(export(RECORDINGS.resolve("sdl-testsprite.trace")));
        browser.awaitTrue("[...document.querySelectorAll('.thumb canvas')].length > 4");
        double left = Double.parseDouble(
                browser.evaluate("document.getElementById('timeline').getBoundingClientRect().left"));
        double top =
                Double.parseDouble(browser.evaluate("document.getElementById('timeline').getBoundingClientRect().top"));
        browser.moveTo(left + 100, top + 5);
        browser.button(true, left + 100, top + 5);
        for (int i = 0; i < 200; i++) {
            browser.moveTo(left + 100 + 4 * i, top + 5);
        }
        browser.button(false, left + 896, top + 5);
        browser.awaitTrue("semblance.drawn() === semblance.at() && semblance.at() > 0");
        browser.awaitTrue(
                "[...document.querySelectorAll('.thumb.current canvas')].some(canvas =>"
                        + " canvas.getContext('2d').getImageData(0, 0, 128, 96).data.some((value, i) => i % 4 < 3 && value > 0))");
        assertThat(browser.complaints()).isEmpty();
    }

    /** What a guest or a stranger wrote is text, wherever it is shown. */
    @Test
    void whatATraceSaysIsNeverMarkup() throws Exception {
        String hostile = "</script><img src=x onerror=document.title=1>";
        Path trace = folder.resolve("<img src=x onerror=alert(1)>.trace");
        Path sound = RECORDINGS.resolve("cursor.trace");
        List<Stamped> events = new ArrayList<>(Recordings.events(sound));
        events.add(
                events.size() - 1,
                new Stamped(
                        0,
                        events.getLast().cycle(),
                        new TraceEvent.ConsoleInput(hostile.getBytes(StandardCharsets.UTF_8))));
        Recordings.write(trace, Recordings.manifest(sound), events);
        open(export(trace, "--from", "event:10"));
        go(events.size() - 2);
        browser.awaitTrue("document.getElementById('fields').textContent.includes('onerror=document.title')");
        assertThat(browser.evaluate("document.getElementById('title').textContent"))
                .contains("<img src=x onerror=alert(1)>");
        assertThat(browser.evaluate("document.querySelectorAll('img').length + ' ' + document.scripts.length"))
                .startsWith("0 ");
        assertThat(browser.evaluate("document.title")).contains("<img").endsWith(" - Semblance");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void itIsReadableInFourHundredPixels() throws Exception {
        ObjectNode narrow = MAPPER.createObjectNode()
                .put("width", 400)
                .put("height", 800)
                .put("deviceScaleFactor", 1)
                .put("mobile", false);
        browser.call("Emulation.setDeviceMetricsOverride", narrow);
        try {
            open(export(RECORDINGS.resolve("two-heads.trace")));
            assertThat(browser.evaluate("document.documentElement.scrollWidth <= 400"))
                    .isEqualTo("true");
        } finally {
            browser.call("Emulation.clearDeviceMetricsOverride", MAPPER.createObjectNode());
        }
    }

    /** What the policy is for: what somebody puts into the file besides does not run. */
    @Test
    void aScriptThatIsNotThePagesOwnDoesNotRun() throws Exception {
        Path page = export(RECORDINGS.resolve("cursor.trace"));
        Path changed = folder.resolve("changed.html");
        Files.writeString(
                changed,
                Files.readString(page)
                        .replace(
                                "<body class=\"view\">",
                                "<body class=\"view\"><script>document.title = 'ran'</script>"));
        open(changed);
        assertThat(browser.evaluate("document.title")).isEqualTo("cursor - Semblance");
        assertThat(browser.complaints()).hasSize(1).first().asString().contains("Content Security Policy");
    }
}
