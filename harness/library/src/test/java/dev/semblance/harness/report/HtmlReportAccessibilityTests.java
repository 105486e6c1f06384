package dev.semblance.harness.report;

import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The report under the rules of axe-core. */
@EnabledIfSystemProperty(named = Accessibility.AXE, matches = ".+", disabledReason = Accessibility.NO_AXE)
@EnabledIf(
        value = "dev.semblance.harness.report.HtmlReportBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
class HtmlReportAccessibilityTests {

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

    /** Makes a trace in a folder of its own, so that each has another name. */
    private static ReportFixture fixture(String name) throws Exception {
        return new ReportFixture(Files.createDirectory(folder.resolve(name)));
    }

    @Test
    void nothingIsFoundInAReportOfRecordingsThatPass() throws Exception {
        Path page = folder.resolve("pass.html");
        ReportFixture.report(page, fixture("a").passing(), fixture("b").masked("a clock"));
        browser.open(page);
        Accessibility.assertNothingIsFound(browser, "passed");
        browser.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
        Accessibility.assertNothingIsFound(browser, "passed, with all details");
    }

    @Test
    void nothingIsFoundInAReportOfDifferencesOfAllKinds() throws Exception {
        Path page = folder.resolve("fail.html");
        ReportFixture.report(
                page,
                fixture("c").differing(),
                fixture("d").passing(),
                fixture("e").masked("a clock"),
                fixture("f").missing(),
                fixture("g").diverging(),
                ReportFixture.hostile());
        browser.open(page);
        Accessibility.assertNothingIsFound(browser, "differences");
        browser.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)");
        browser.press("j");
        browser.press("j");
        for (String view : new String[] {"2", "3", "4", "5"}) {
            browser.press(view);
            Accessibility.assertNothingIsFound(browser, "differences, view " + view);
        }
    }
}
