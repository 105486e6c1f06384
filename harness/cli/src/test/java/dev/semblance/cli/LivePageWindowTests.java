package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.InputItem;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The live page in a window, with the keys of a display: what browsers keep for themselves shows there alone, since keys of the DevTools
 * protocol go to the page past the browser. docs/LIVE.md, "In the page".
 */
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageWindowTests#isPossible",
        disabledReason = "there is no Chromium, or not all of Xvfb, openbox and xdotool, on the PATH")
@Timeout(120)
class LivePageWindowTests {

    private static final int ESCAPE = 1;
    private static final int TAB = 15;
    private static final int W = 17;
    private static final int CONTROL = 29;
    private static final int A = 30;
    private static final int S = 31;

    // A browser goes on writing to its profile for a moment after its end, which JUnit would complain of.
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder = Path.of("");

    static boolean isPossible() {
        return Browser.program().isPresent() && VirtualDesktop.isThere();
    }

    private static void awaitHands(Browser browser, String words) throws Exception {
        browser.awaitTrue("document.getElementById('hands').textContent.includes('" + words + "')");
    }

    /** Moves the mouse of the display to the middle of an element, and clicks. */
    private static void click(Browser browser, VirtualDesktop desktop, String selector) throws Exception {
        String place = browser.evaluate(
                "(() => { const box = document.querySelector('" + selector
                        + "').getBoundingClientRect(); return Math.round(screenX + (outerWidth - innerWidth) / 2 + box.left"
                        + " + box.width / 2) + ' ' + Math.round(screenY + outerHeight - innerHeight + box.top + box.height / 2); })()");
        String[] xy = place.split(" ", -1);
        desktop.does("mousemove", xy[0], xy[1], "click", "1");
    }

    @Test
    void whatABrowserKeepsForItselfIsNoKeyThatSticksAndIsTheGuestsInFullScreen() throws Exception {
        Path trace = folder.resolve("window.trace");
        LiveProgram program = LiveProgram.start("record", "--live", "--no-open", "-o", trace.toString());
        try (VirtualDesktop desktop = VirtualDesktop.start();
                Browser browser = Browser.onDisplay(desktop.display(), folder.resolve("profile"))) {
            browser.closeOtherTabs();
            browser.open(program.url());
            browser.awaitTrue("semblance.screens().length === 1 && semblance.status().control === 'you'");
            browser.awaitTrue("semblance.screens()[0].drawn > 3");
            String held = "semblance.status().held";

            // The browser takes Ctrl+Tab, and with it the release of Ctrl, which the page has to notice by itself.
            click(browser, desktop, ".stage");
            awaitHands(browser, "keyboard and mouse: Ctrl+Alt+G");
            desktop.does("key", "ctrl+Tab");
            desktop.does("key", "a");
            browser.awaitTrue(held + " === 0");

            // It takes Escape too, and the mouse with it; the guest keeps the keyboard, and the page says so.
            desktop.does("key", "Escape");
            browser.awaitTrue("document.pointerLockElement === null");
            awaitHands(browser, "the guest has the keyboard: Ctrl+Alt+G");
            desktop.does("key", "s");
            // For more than a second the browser refuses the mouse.
            Thread.sleep(1500);
            click(browser, desktop, ".stage");
            awaitHands(browser, "keyboard and mouse: Ctrl+Alt+G");
            desktop.does("key", "ctrl+alt+g");
            awaitHands(browser, "are yours");

            // In full screen with the keyboard locked, both are the guest's.
            click(browser, desktop, "#fullscreen");
            browser.awaitTrue("document.fullscreenElement !== null");
            awaitHands(browser, "the guest has the keyboard");
            desktop.does("key", "ctrl+w");
            desktop.does("key", "Escape");
            browser.awaitTrue(held + " === 0 && document.fullscreenElement !== null");
            desktop.does("key", "ctrl+alt+g");
            awaitHands(browser, "are yours");
            browser.evaluate("document.getElementById('finish').click()");
            assertThat(program.ended()).as(program.said()).isEqualTo(ExitCode.PASS.code());
        } finally {
            FileUtils.deleteQuietly(folder.resolve("profile").toFile());
        }
        List<InputItem> keys = Recordings.events(trace).stream()
                .map(Stamped::event)
                .filter(TraceEvent.Input.class::isInstance)
                .flatMap(event -> ((TraceEvent.Input) event).items().stream())
                .filter(item -> item.type() == 1)
                .toList();
        assertThat(keys)
                .containsSubsequence(
                        new InputItem(1, CONTROL, 1),
                        new InputItem(1, CONTROL, 0),
                        new InputItem(1, A, 1),
                        new InputItem(1, A, 0),
                        new InputItem(1, S, 1),
                        new InputItem(1, S, 0),
                        new InputItem(1, CONTROL, 1),
                        new InputItem(1, W, 1),
                        new InputItem(1, ESCAPE, 1),
                        new InputItem(1, ESCAPE, 0));
        assertThat(keys.stream().filter(item -> item.code() == TAB))
                .as("Ctrl+Tab is the browser's")
                .isEmpty();
        assertThat(keys.stream().filter(item -> item.code() == ESCAPE))
                .as("Escape is the browser's but in full screen")
                .hasSize(2);
    }
}
