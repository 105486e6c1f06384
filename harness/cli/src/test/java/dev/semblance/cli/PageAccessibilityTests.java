package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.report.Accessibility;
import dev.semblance.harness.report.Browser;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The live page, the viewer and the exported page under the rules of axe-core. */
@EnabledIfSystemProperty(named = Accessibility.AXE, matches = ".+", disabledReason = Accessibility.NO_AXE)
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(180)
class PageAccessibilityTests {

    // A browser goes on writing to its profile for a moment after its end, which JUnit would complain of.
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

    private static void openPage(Browser page, String url) throws Exception {
        page.open(url);
        page.awaitTrue("semblance.screens().length === 1 && semblance.screens()[0].drawn > 0");
    }

    private static void click(String id) throws Exception {
        browser.evaluate("document.getElementById('" + id + "').click()");
    }

    @Test
    void nothingIsFoundInThePageOfAGuestThatRunsIsUsedStandsStillAndHasEnded() throws Exception {
        LiveProgram program = LiveProgram.start(
                "record",
                "--live",
                "--no-open",
                "-o",
                folder.resolve("used.trace").toString());
        openPage(browser, program.url());
        // The console draws nothing where nobody sees it.
        browser.evaluate("document.getElementById('serial').scrollIntoView()");
        browser.awaitTrue("document.querySelector('.xterm-rows')?.textContent.includes('rv32#')");
        Accessibility.assertNothingIsFound(browser, "running");
        browser.evaluate("document.querySelector('details').open = true");
        Accessibility.assertNothingIsFound(browser, "running, with the list of keys");
        browser.evaluate("document.querySelector('.stage').focus()");
        browser.key("Enter", "Enter", true, 0);
        browser.key("Enter", "Enter", false, 0);
        browser.awaitTrue("document.getElementById('hands').textContent.includes('the guest has the keyboard')");
        browser.key("Pause", "Pause", true, 0);
        browser.awaitTrue("!document.getElementById('notice').hidden");
        Accessibility.assertNothingIsFound(browser, "the guest has the keyboard, and a notice");

        try (Browser another = new Browser(folder.resolve("another"))) {
            openPage(another, program.url());
            another.awaitTrue("semblance.status().control === 'other'");
            Accessibility.assertNothingIsFound(another, "watching");
        }
        click("pause");
        browser.awaitTrue("semblance.status().phase === 'PAUSED'");
        Accessibility.assertNothingIsFound(browser, "paused");
        click("finish");
        assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        browser.awaitTrue("document.getElementById('state').textContent.includes('is complete')");
        Accessibility.assertNothingIsFound(browser, "ended");
    }

    @Test
    void nothingIsFoundInThePageOfRecordingsNorInTheExportedOne() throws Exception {
        Path root = DocsExamplesTests.ROOT;
        String trace = root.resolve("docs/walk/stride.trace").toString();
        String golden = root.resolve("docs/walk/golden").toString();
        LiveProgram program = LiveProgram.start("view", "--no-open", trace, "--golden", golden);
        browser.open(program.url() + "#snapshot:frame");
        look("viewer");
        Path page = folder.resolve("page.html");
        LiveProgram export = LiveProgram.start("view", trace, "--golden", golden, "--export", page.toString());
        assertThat(export.ended()).as(export.said()).isEqualTo(ExitCode.PASS.code());
        browser.open(page.toUri() + "#snapshot:frame");
        look("exported page");
    }

    private static void look(String page) throws Exception {
        browser.awaitTrue("window.semblance && semblance.index() && semblance.drawn() === semblance.at()"
                + " && semblance.verdict().ready");
        for (String panel : List.of("events", "resources", "queues", "snapshots", "pixel")) {
            click("tab-" + panel);
            Accessibility.assertNothingIsFound(browser, page + ", " + panel);
        }
    }
}
