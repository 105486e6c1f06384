package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.UnusableInputException;
import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.position.Found;
import dev.semblance.harness.trace.position.Position;
import dev.semblance.harness.trace.position.PositionFinder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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

/** The page of recordings in a real browser: docs/VIEWER.md. A minute, so mvn -Plive has it done. */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(240)
class ViewPageBrowserTests {

    private static final Path RECORDINGS = ShownPixels.RECORDINGS;

    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path folder = Path.of("");

    private static Browser browser;

    @BeforeAll
    static void start() throws Exception {
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    private static LiveProgram view(String... words) {
        return LiveProgram.start(Stream.concat(Stream.of("view", "--no-open"), Arrays.stream(words))
                .toArray(String[]::new));
    }

    /** Goes to a place of the page that is open, and waits until it is drawn. */
    private static void go(String fragment) throws Exception {
        browser.evaluate("window.semblance && (location.hash = '" + fragment + "')");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
    }

    /** With its cursor, pixel by pixel, wherever one goes in whatever order. */
    @Test
    void everyRecordingThatShipsShowsWhatItsGpuShowed() throws Exception {
        LiveProgram program = view(RECORDINGS.toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.index()");
        Random random = new Random(3);
        for (Path file : ShownPixels.recordings()) {
            String name = RECORDINGS.relativize(file).toString().replace(".trace", "");
            try (DevicePlayback playback = DevicePlayback.open(file)) {
                int events = playback.index().events();
                for (int event : new int[] {events - 1, random.nextInt(events), random.nextInt(events)}) {
                    go("#" + URLEncoder.encode(name, StandardCharsets.UTF_8) + "/event:" + event);
                    browser.awaitTrue("semblance.at() === " + event + " && semblance.index().story.title === '" + name
                            + "' && semblance.drawn() === " + event);
                    playback.seek(event + 1, reached -> {});
                    for (int scanout = 0; scanout < playback.scanouts(); scanout++) {
                        assertThat(ShownPixels.of(browser, scanout))
                                .as("%s at event %d, scanout %d", name, event, scanout)
                                .isEqualTo(ShownPixels.of(playback, scanout));
                    }
                }
            }
        }
        assertThat(browser.complaints()).isEmpty();
    }

    /** docs/TRACE_FORMAT.md and dump --help: one notation in every verb. */
    @Test
    void positionsInThePageAreThoseOfTheCommandLine() throws Exception {
        Random random = new Random(4);
        for (String name : List.of("two-heads", "desktop/x-menu", "disk")) {
            Path file = RECORDINGS.resolve(name + ".trace");
            List<String> texts =
                    new ArrayList<>(List.of("start", "end", "END", "0", "1_00", "event:7", "sequence:1,0"));
            for (int i = 0; i < 40; i++) {
                texts.add("flush:" + random.nextInt(20));
                texts.add("event:" + random.nextInt(1000));
                texts.add("cycle:" + random.nextInt(200_000_000));
                texts.add("command:"
                        + List.of("RESOURCE_FLUSH", "set_scanout", "GET_EDID", "IN", "MOVE_CURSOR")
                                .get(i % 5) + ":" + random.nextInt(6));
            }
            texts.addAll(
                    List.of("snapshot:end", "snapshot:end@1", "snapshot:none", "command:GET_EDID", "flush:x", "a:b"));
            try (TraceReader reader = TraceReader.open(file)) {
                long first = reader.next().orElseThrow().cycle();
                texts.add("cycle:" + first);
            }
            LiveProgram program = view(file.toString());
            browser.open(program.url());
            browser.awaitTrue("window.semblance && semblance.index()");
            for (String text : texts) {
                String there = browser.evaluate("(() => { try { return semblance.index().find('" + text
                        + "'); } catch (problem) { return 'none'; } })()");
                assertThat(there).as("%s of %s", text, name).isEqualTo(find(file, text));
            }
        }
    }

    /** Returns the number of the event right after which a position is, or "none". */
    private static String find(Path file, String text) throws IOException {
        try (TraceReader reader = TraceReader.open(file)) {
            Found found =
                    PositionFinder.find(reader, List.of(Position.parse(text))).getFirst();
            return found instanceof Found.There there
                    ? Long.toString(there.place().passed() - 1)
                    : "none";
        } catch (UnusableInputException e) {
            return "none";
        }
    }

    @Test
    void keysStepByFlushesCommandsAndEventsAndTheAddressNamesThePlace() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("flips.trace").toString());
        browser.open(program.url() + "#flush:20");
        browser.awaitTrue("window.semblance && semblance.index()");
        go("#flush:20");
        String at = browser.evaluate("semblance.at()");
        browser.evaluate("document.getElementById('stages').focus(), document.activeElement.blur()");
        browser.press("ArrowRight");
        browser.awaitTrue("semblance.index().flushNumber(semblance.at()) === 21");
        browser.press("ArrowLeft");
        browser.awaitTrue("location.hash === '#event:" + at + "'");
        browser.key("ArrowRight", "ArrowRight", true, 8);
        browser.awaitTrue("semblance.index().kindOf(semblance.at()) === 'RESOURCE_FLUSH'");
        browser.key("ArrowLeft", "ArrowLeft", true, 2);
        browser.awaitTrue("semblance.at() === " + at);
        browser.press("Home");
        browser.awaitTrue("semblance.at() === -1 && location.hash === '#start' && semblance.drawn() === -1");
        browser.awaitTrue("!semblance.stages()[0].dark.hidden");
        browser.press("End");
        browser.awaitTrue("semblance.at() === semblance.index().last");
        // Events that are picked out by a text.
        browser.evaluate("document.getElementById('filter').value = 'set_scanout',"
                + " document.getElementById('filter').dispatchEvent(new Event('input'))");
        browser.awaitTrue("document.getElementById('found').textContent.includes(' of 1,301 events')");
        browser.evaluate("document.querySelector('.row').click()");
        browser.awaitTrue("semblance.index().kindOf(semblance.at()) === 'SET_SCANOUT'");
        browser.awaitTrue("document.getElementById('fields').textContent.includes('decoded.command')");
        // What is no position is said, and the place stays.
        browser.evaluate("document.getElementById('position').value = 'flush:100000',"
                + " document.getElementById('go').requestSubmit()");
        browser.awaitTrue(
                "document.getElementById('notice').textContent.includes('no flush 100,000; they go from 0 to 68')");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aClickOnAPixelNamesTheLineOfTheGuestsProgramThatStoredIt() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("flips.trace").toString());
        browser.open(program.url() + "#flush:40");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        browser.evaluate(
                "(() => { const canvas = document.querySelector('#stages canvas'), box = canvas.getBoundingClientRect();"
                        + " canvas.dispatchEvent(new MouseEvent('click', { bubbles: true, clientX: box.left + box.width * 194.5 / 1024,"
                        + " clientY: box.top + box.height * 129.5 / 768 })); })()");
        browser.awaitTrue("document.getElementById('panel-pixel').textContent.includes('progs/kmsdraw.c:66')");
        assertThat(browser.evaluate("document.querySelector('#panel-pixel pre').textContent"))
                .contains("pixel 194,129 of scanout 0 is #ff8000");
        // What made it is a click away.
        browser.evaluate("document.querySelectorAll('#panel-pixel .place')[2].click()");
        browser.awaitTrue("semblance.index().kindOf(semblance.at()).includes('RESOURCE')");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aSnapshotThatDiffersIsShownBesideItsGolden() throws Exception {
        Path goldens = folder.resolve("golden");
        Path golden = Files.createDirectories(goldens.resolve("flips"));
        Path right = RECORDINGS.resolve("../golden/flips");
        Files.copy(right.resolve("end.png"), golden.resolve("end.png"));
        Files.copy(right.resolve("under-way.png"), golden.resolve("under-way.png"));
        Files.copy(right.resolve("under-way.png"), golden.resolve("last-frame.png"));
        LiveProgram program = view(RECORDINGS.resolve("flips.trace").toString(), "--golden", goldens.toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.verdict().ready");
        browser.evaluate("document.getElementById('tab-snapshots').click()");
        browser.awaitTrue("document.querySelectorAll('#panel-snapshots img').length === 5");
        browser.awaitTrue(
                "[...document.querySelectorAll('#panel-snapshots img')].every(image => image.naturalWidth === 1024)");
        assertThat(browser.evaluate("document.getElementById('top').className")).isEqualTo("top bad");
        assertThat(browser.evaluate("document.querySelectorAll('#panel-snapshots .badge.bad').length"))
                .isEqualTo("1");
        browser.evaluate("document.querySelector('#panel-snapshots .place').click()");
        browser.awaitTrue("semblance.index().kindOf(semblance.at()) === 'snapshot'");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Only what is in sight is in the page, and a step waits for no other. */
    @Test
    void tenThousandFlushesStaySmooth() throws Exception {
        Path many = folder.resolve("many.trace");
        DisplayWorkload.damage(many, 10_000);
        LiveProgram program = view(many.toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.index()");
        go("#end");
        assertThat(browser.evaluate("semblance.index().flushes.length")).isEqualTo("10001");
        browser.evaluate("(async () => { const times = []; for (let i = 0; i < 60; i++) {"
                + " document.getElementById(i % 3 ? 'back' : 'forward').click();"
                + " const since = performance.now();"
                + " while (semblance.drawn() !== semblance.at()) { await new Promise(requestAnimationFrame); }"
                + " times.push(performance.now() - since); } times.sort((a, b) => a - b); window.times = times; })()");
        browser.awaitTrue("window.times");
        double median = Double.parseDouble(browser.evaluate("window.times[30]"));
        assertThat(median).as("milliseconds a step").isLessThan(500);
        // Scrubbing over all of it: what comes too fast is passed over.
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
        assertThat(Integer.parseInt(browser.evaluate("semblance.index().flushNumber(semblance.at()) || 0")))
                .isBetween(5000, 9999);
        assertThat(Integer.parseInt(browser.evaluate("document.querySelectorAll('*').length")))
                .isLessThan(400);
        System.out.println("10,000 flushes: " + median + " ms a step; 90th percentile "
                + browser.evaluate("window.times[54]") + "; the longest " + browser.evaluate("window.times[59]"));
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void ofATraceThatIsCutOffWhatThereIsIsShownAndTheRestIsSaid() throws Exception {
        byte[] whole = Files.readAllBytes(RECORDINGS.resolve("flips.trace"));
        Path cut = Files.write(folder.resolve("cut.trace"), Arrays.copyOf(whole, whole.length / 2));
        LiveProgram program = view(cut.toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.verdict().ready");
        assertThat(browser.evaluate("document.getElementById('problem').textContent"))
                .contains("torn at byte");
        go("#end");
        browser.awaitTrue("semblance.stages()[0].width === 1024");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void anAddressThatNobodyCanReadStillOpensThePage() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("modetest.trace").toString());
        browser.open(program.url() + "#%zz");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        assertThat(browser.evaluate("document.getElementById('notice').textContent"))
                .contains("is no position");
    }

    /** Answers come in whatever order. */
    @Test
    void theTraceThatWasChosenLastIsTheOneThatIsShown() throws Exception {
        Path broken = Files.createDirectories(folder.resolve("chosen"));
        Files.copy(RECORDINGS.resolve("modetest.trace"), broken.resolve("a.trace"));
        Files.copy(RECORDINGS.resolve("two-heads.trace"), broken.resolve("b.trace"));
        Files.writeString(broken.resolve("c.trace"), "no trace");
        LiveProgram program = view(
                broken.toString(),
                RECORDINGS.resolve("modetest.trace").toString(),
                broken.resolve("a.trace").toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        browser.evaluate(
                "(() => { const real = window.fetch; window.fetch = async (what, how) => {"
                        + " if (String(what).includes('story') && String(what).includes('trace=2')) { return new Response('It is broken.', { status: 422 }); }"
                        + " const answer = await real(what, how);"
                        + " if (String(what).includes('story') && String(what).includes('trace=1')) {"
                        + " await new Promise(resolve => setTimeout(resolve, 700)); window.late = true; } return answer; }; })()");
        browser.evaluate("location.hash = '#b/end'");
        browser.evaluate("new Promise(resolve => setTimeout(resolve, 100))");
        browser.evaluate("location.hash = '#modetest/end'");
        browser.awaitTrue(
                "window.late && semblance.index().story.title === 'modetest' && semblance.drawn() === semblance.at()");
        browser.evaluate("new Promise(resolve => setTimeout(resolve, 300))");
        assertThat(browser.evaluate("semblance.index().story.title + location.hash"))
                .startsWith("modetest#modetest/event:");
        // What cannot be opened is said, and the page stays where it is.
        browser.evaluate("location.hash = '#c/'");
        browser.awaitTrue("document.getElementById('notice').textContent.includes('It is broken.')"
                + " && location.hash.startsWith('#modetest/event:')");
        assertThat(browser.evaluate("document.getElementById('trace').selectedOptions[0].text"))
                .isEqualTo("modetest");
        // One file may be named twice, and two files may have one name.
        assertThat(browser.evaluate("new Set([...document.getElementById('trace').options].map(each => each.text)).size"
                        + " === document.getElementById('trace').options.length"))
                .isEqualTo("true");
    }

    @Test
    void aPixelIsChosenByKeyboardToo() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("two-heads.trace").toString());
        browser.open(program.url() + "#flush:12");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        browser.evaluate("document.getElementById('tab-pixel').click()");
        browser.evaluate(
                "(() => { document.getElementById('pixel').value = '640,1'; document.getElementById('head').value = '1';"
                        + " document.getElementById('pick').requestSubmit(); })()");
        assertThat(browser.evaluate("document.getElementById('notice').textContent"))
                .isEqualTo("A pixel is written x,y, from 0,0 to 639,479.");
        browser.evaluate("(() => { document.getElementById('pixel').value = '600, 20';"
                + " document.getElementById('pick').requestSubmit(); })()");
        browser.awaitTrue("document.querySelector('#who pre')?.textContent.includes('pixel 600,20 of scanout 1 is #')");
        assertThat(browser.evaluate("semblance.stages()[1].cross.hidden")).isEqualTo("false");
        assertThat(browser.complaints()).isEmpty();
    }

    /** Whoever has no mouse goes on from where he is (WCAG 2.2, 2.4.3). */
    @Test
    void aLinkThatIsFollowedByKeyboardKeepsTheFocus() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("flips.trace").toString());
        browser.open(program.url() + "#flush:40");
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
        for (String tab : List.of("resources", "queues")) {
            browser.evaluate("document.getElementById('tab-" + tab + "').click()");
            browser.awaitTrue("document.querySelectorAll('#panel-" + tab + " .place').length > 1");
            browser.evaluate("(() => { const link = [...document.querySelectorAll('#panel-" + tab + " .place')].at(-1);"
                    + " window.before = link; link.focus(); link.click(); })()");
            browser.awaitTrue("!window.before.isConnected");
            browser.awaitTrue("document.getElementById('panel-" + tab + "').contains(document.activeElement)");
        }
    }

    /** Browsers have no elements of more than some 17 or 33 million pixels. */
    @Test
    void ofTwoMillionEventsTheLastOneIsWithinReach() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("modetest.trace").toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.index()");
        browser.evaluate(
                "import('./rows.js').then(({ Rows }) => { const box = document.createElement('div');"
                        + " box.style.cssText = 'height: 200px; overflow: auto'; document.body.append(box);"
                        + " window.rows = new Rows(box, 22, (row, at) => { row.textContent = at; }, () => {}); rows.reset(2000000); })");
        browser.awaitTrue("window.rows");
        for (String row : List.of("1999999", "1000000", "1000001", "0", "1999999")) {
            browser.evaluate("rows.select(" + row + ")");
            browser.awaitTrue("(() => { const row = rows.rows.get(" + row + ")?.getBoundingClientRect(),"
                    + " box = rows.box.getBoundingClientRect();"
                    + " return row && row.top >= box.top - 1 && row.bottom <= box.bottom + 1; })()");
        }
        browser.evaluate("rows.box.scrollTop = 1e9");
        browser.awaitTrue("rows.rows.has(1999999)");
        browser.evaluate("rows.box.scrollTop = 0");
        browser.awaitTrue("rows.rows.has(0)");
    }

    @Test
    void ofLargePicturesFewerAreKept() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("modetest.trace").toString());
        browser.open(program.url());
        browser.awaitTrue("window.semblance && semblance.index()");
        String kept =
                browser.evaluate("(async () => { const { sourceOf } = await import('./server.js'); const counts = [];"
                        + " for (const bytes of [1e3, 3e7, 3e8]) { const source = sourceOf(0); source.load = async () =>"
                        + " [{ width: 1, height: 1, pixels: { length: bytes } }]; for (let i = 0; i < 50; i++) { await source.pictures(i); }"
                        + " counts.push(source.kept.size); } return counts.join(); })()");
        assertThat(kept).isEqualTo("24,4,1");
    }

    @Test
    void itIsReadableInFourHundredPixels() throws Exception {
        LiveProgram program = view(RECORDINGS.resolve("two-heads.trace").toString());
        browser.setSize(400, 900);
        try {
            browser.open(program.url());
            browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()");
            for (String tab : List.of("resources", "queues", "snapshots", "pixel", "events")) {
                browser.evaluate("document.getElementById('tab-" + tab + "').click()");
                assertThat(Integer.parseInt(browser.evaluate("document.documentElement.scrollWidth")))
                        .as(tab)
                        .isLessThanOrEqualTo(400);
            }
        } finally {
            browser.setSize(1280, 900);
        }
    }
}
