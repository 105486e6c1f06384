package dev.semblance.harness.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.PixelRect;
import dev.semblance.harness.golden.policy.Policy;
import dev.semblance.harness.golden.policy.PolicyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The report in a real browser: with its script, with keys alone, and without the script; mvn -Plive has it done. */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.harness.report.HtmlReportBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
class HtmlReportBrowserTests {

    private static final String SNAPSHOT = "document.querySelector('section.snapshot.fail')";

    // A browser goes on writing to its profile for a moment after its end, which JUnit would complain of.
    @TempDir(cleanup = CleanupMode.NEVER)
    private static Path folder = Path.of("");

    private static Path page = Path.of("");
    private static Browser browser;

    static boolean hasBrowser() {
        return Browser.program().isPresent();
    }

    @BeforeAll
    static void start() throws Exception {
        ReportFixture fixture = new ReportFixture(folder);
        page = folder.resolve("report.html");
        ReportFixture.report(
                page,
                fixture.differing(),
                fixture.passing(),
                fixture.masked("a clock"),
                fixture.diverging(),
                ReportFixture.hostile());
        browser = new Browser(folder.resolve("profile"));
    }

    @AfterAll
    static void stop() throws Exception {
        browser.close();
        FileUtils.deleteQuietly(folder.toFile());
    }

    @BeforeEach
    void open() throws Exception {
        browser.open(page);
    }

    private static String of(String expression) throws IOException, InterruptedException {
        return browser.evaluate(expression);
    }

    private static String visibleViews() throws IOException, InterruptedException {
        return of("Array.from(" + SNAPSHOT
                + ".querySelectorAll('.view')).filter(v => v.offsetParent).map(v => v.className.slice(5)).join(' ')");
    }

    private static String values() throws IOException, InterruptedException {
        // The pictures are decoded when the first value is asked for.
        return of("new Promise(done => setTimeout(() => done(" + SNAPSHOT
                + ".querySelector('.values').textContent), 300))");
    }

    @Test
    void itLoadsWithoutAComplaintAndEveryPictureShows() throws Exception {
        assertThat(
                        of(
                                "Promise.all(Array.from(document.querySelectorAll('svg.store image')).map(image => {"
                                        + "const i = new Image(); i.src = image.getAttribute('href'); return i.decode().then(() => i.width)}))"))
                .matches("1024(,1024){2,3}");
        assertThat(
                        of(
                                "document.querySelectorAll('section.snapshot.fail .view.expected use')[0].getBoundingClientRect().width > 200"))
                .isEqualTo("true");
        assertThat(of("document.images.length")).isEqualTo("0");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void keysChooseTheView() throws Exception {
        assertThat(visibleViews()).isEqualTo("expected actual diff");
        browser.press("j");
        browser.press("j");
        browser.press("2");
        assertThat(visibleViews()).isEqualTo("expected");
        browser.press("f");
        assertThat(visibleViews()).isEqualTo("actual");
        browser.press("f");
        assertThat(visibleViews()).isEqualTo("expected");
        browser.press("4");
        assertThat(visibleViews()).isEqualTo("diff");
        browser.press("5");
        assertThat(visibleViews()).isEqualTo("onion");
        browser.press("1");
        assertThat(visibleViews()).isEqualTo("expected actual diff");
    }

    @Test
    void theRadioButtonsFlipWithArrowsAloneAndNothingMoves() throws Exception {
        of(SNAPSHOT + ".querySelector('input.expected').focus(), " + SNAPSHOT
                + ".querySelector('input.expected').checked = true");
        String place = "JSON.stringify(Array.from(" + SNAPSHOT
                + ".querySelectorAll('.view')).filter(v => v.offsetParent)[0].querySelector('svg').getBoundingClientRect())";
        String before = of(place);
        browser.press("ArrowRight");
        assertThat(visibleViews()).isEqualTo("actual");
        assertThat(of(place)).isEqualTo(before);
        browser.press("ArrowLeft");
        assertThat(visibleViews()).isEqualTo("expected");
    }

    @Test
    void thePointerReadsPixels() throws Exception {
        String[] at = of("(() => { const s = " + SNAPSHOT + "; s.scrollIntoView();"
                        + "const b = s.querySelector('.view.actual svg').getBoundingClientRect();"
                        + "return (b.left + b.width * 41.5 / 1024) + ',' + (b.top + b.height * 5.5 / 768) })()")
                .split(",", -1);
        browser.moveTo(Double.parseDouble(at[0]), Double.parseDouble(at[1]));
        assertThat(values()).matches("\\(41, 5\\)  expected #[0-9A-F]{6}  actual #[0-9A-F]{6}  DIFFERENT");
    }

    @Test
    void arrowKeysReadPixelsAndFindTheNextDifference() throws Exception {
        of(SNAPSHOT + ".querySelector('.view.expected .stage').focus()");
        browser.press("ArrowLeft");
        // The cursor begins at the first difference, (40, 5).
        assertThat(values()).startsWith("(39, 5)").endsWith("same");
        browser.press("n");
        assertThat(values()).startsWith("(40, 5)").endsWith("DIFFERENT");
        browser.press("n");
        assertThat(values()).startsWith("(41, 5)");
        browser.press("p");
        browser.press("p");
        assertThat(values()).as("around the end").startsWith("(42, 5)");
        browser.press("ArrowDown");
        assertThat(values()).startsWith("(42, 6)").endsWith("same");
    }

    @Test
    void plusZoomsToWholePixelsAndZeroFits() throws Exception {
        String width = SNAPSHOT + ".querySelector('.view.expected svg').getBoundingClientRect().width";
        String fits = of(width);
        of(SNAPSHOT + ".querySelector('.view.expected .stage').focus()");
        browser.press("+");
        assertThat(of(width)).isEqualTo("1024");
        browser.press("+");
        assertThat(of(width)).isEqualTo("2048");
        assertThat(of("getComputedStyle(" + SNAPSHOT + ".querySelector('.view.expected svg')).imageRendering"))
                .isEqualTo("pixelated");
        browser.press("-");
        assertThat(of(width)).isEqualTo("1024");
        browser.press("0");
        assertThat(of(width)).isEqualTo(fits);
    }

    @Test
    void theSliderMixesThePictures() throws Exception {
        browser.press("j");
        browser.press("j");
        browser.press("5");
        String opacity = "getComputedStyle(" + SNAPSHOT + ".querySelector('.view.onion .layer1')).opacity";
        assertThat(of(opacity)).isEqualTo("0.5");
        of(SNAPSHOT + ".querySelector('.onion-level').focus()");
        browser.press("ArrowRight");
        assertThat(of(opacity)).isEqualTo("0.51");
    }

    @Test
    void masksCanBeTakenOff() throws Exception {
        String mask =
                "getComputedStyle(document.querySelector('section.snapshot.allowed .view.expected .mask')).display";
        assertThat(of(mask)).isEqualTo("inline");
        of("document.querySelector('section.snapshot.allowed .masked').click()");
        assertThat(of(mask)).isEqualTo("none");
    }

    @Test
    void failuresCanBeShownAlone() throws Exception {
        String shown = "Array.from(document.querySelectorAll('.recording')).filter(r => r.offsetParent).length";
        assertThat(of(shown)).isEqualTo("5");
        of("document.getElementById('only-failures').click()");
        assertThat(of(shown)).isEqualTo("3");
    }

    @Test
    void withoutAScriptNothingEssentialIsHidden() throws Exception {
        try (Browser plain = new Browser(folder.resolve("plain"), "--blink-settings=scriptEnabled=false")) {
            plain.open(page);
            assertThat(plain.evaluate("document.documentElement.className")).isEmpty();
            String text = plain.evaluate("document.body.innerText");
            assertThat(text)
                    .contains("3 of 5 recordings failed", "3 of 786432 pixels differ", "(40, 5) expected")
                    .contains("ERR_INVALID_RESOURCE_ID", "./semblance replay --device", "Side by side")
                    .doesNotContain("Point at a picture");
            assertThat(plain.evaluate("Array.from(" + SNAPSHOT
                            + ".querySelectorAll('.view')).filter(v => v.offsetParent).length"))
                    .isEqualTo("3");
        }
    }

    /** docs/POLICIES.md, "The file". */
    @Test
    void aMaskThatIsDrawnOnAPictureBecomesTheLinesOfAPolicy() throws Exception {
        String box = SNAPSHOT + ".querySelector('.view.actual .picture').getBoundingClientRect()";
        of(SNAPSHOT + ".querySelector('.view.actual .picture').scrollIntoView({block: 'center'})");
        double left = Double.parseDouble(of(box + ".left"));
        double top = Double.parseDouble(of(box + ".top"));
        double scale = Double.parseDouble(of(box + ".width")) / 1024;
        assertThat(of(SNAPSHOT + ".querySelector('.policy').hidden")).isEqualTo("true");
        browser.drag(left + 100.5 * scale, top + 50.5 * scale, left + 131.5 * scale, top + 61.5 * scale);
        browser.drag(left + 300.5 * scale, top + 90.5 * scale, left + 280.5 * scale, top + 80.5 * scale);
        String lines = of(SNAPSHOT + ".querySelector('.policy code').textContent");
        Path file = folder.resolve("policy.toml");
        Files.writeString(file, lines);
        Policy policy = PolicyFile.read(file, LocalDate.of(2026, 1, 1));
        String trace = of(SNAPSHOT + ".dataset.trace");
        String label = of(SNAPSHOT + ".dataset.label");
        List<PixelRect> masks = policy.ruleFor(trace, label).orElseThrow().masks();
        assertThat(masks).hasSize(2);
        assertThat(masks.get(0).x()).isBetween(98, 102);
        assertThat(masks.get(0).width()).isBetween(28, 36);
        assertThat(masks.get(1).x()).isBetween(278, 282);
        assertThat(masks.get(1).height()).isBetween(8, 14);
        assertThat(of(SNAPSHOT + ".querySelectorAll('.view.expected .drawn').length"))
                .isEqualTo("2");
        of(SNAPSHOT + ".querySelector('.policy').lastChild.click()");
        assertThat(of(SNAPSHOT + ".querySelectorAll('.drawn').length")).isEqualTo("0");
        assertThat(browser.complaints()).isEmpty();
    }
}
