package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.bridge.posix.UnixSocket;
import dev.semblance.bridge.serve.TestGuest;
import dev.semblance.gpu.protocol.CursorPosition;
import dev.semblance.gpu.protocol.GpuCommand;
import dev.semblance.gpu.protocol.Header;
import dev.semblance.gpu.protocol.MemoryEntry;
import dev.semblance.gpu.protocol.Rect;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.report.Browser;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** docs/LIVE.md, "A guest on QEMU", in a real browser; mvn -Plive has it done. */
@EnabledOnOs(OS.LINUX)
@EnabledIfSystemProperty(named = "semblance.live", matches = "true")
@EnabledIf(
        value = "dev.semblance.cli.LivePageBrowserTests#hasBrowser",
        disabledReason = "there is no chromium, chromium-browser or google-chrome on the PATH")
@Timeout(120)
class ServedPageBrowserTests {

    private static final long IMAGE = TestGuest.BASE + TestGuest.SIZE / 2;
    private static final Rect ALL = new Rect(0, 0, 64, 48);

    // A browser goes on writing to its profile for a moment after its end, which JUnit would complain of.
    @TempDir(cleanup = CleanupMode.NEVER)
    private Path folder = Path.of("");

    /** Returns what a script's expression is for each control of the page that can be seen. */
    private static final String SEEN =
            "[...document.querySelectorAll('main button, main input, main select, summary, section')]"
                    + ".filter(part => part.checkVisibility()).map(part => part.id || part.tagName).join(' ')";

    @Test
    void thePageHasTheScreensSnapshotsAndTheEndAndNoControlThatDoesNothing() throws Exception {
        Path trace = folder.resolve("served.trace");
        Path socket = folder.resolve("gpu.sock");
        LiveProgram program = LiveProgram.start(
                "serve",
                "--vhost-user",
                socket.toString(),
                "-o",
                trace.toString(),
                "--display",
                "64x48,off",
                "--live",
                "--no-open");
        try (Browser browser = new Browser(folder.resolve("profile"))) {
            browser.open(program.url());
            browser.awaitTrue("semblance.screens().length === 2 && semblance.status().control === 'you'");
            browser.awaitTrue("document.getElementById('state').textContent.includes('Waiting for QEMU')");
            assertThat(browser.evaluate(SEEN).split(" ", -1))
                    .containsExactly("label", "snapshot-take", "zoom", "fullscreen", "finish", "screens");
            assertThat(browser.evaluate("document.getElementById('elsewhere').checkVisibility()"))
                    .isEqualTo("true");
            try (TestGuest guest = new TestGuest(UnixSocket.connect(socket))) {
                guest.open();
                guest.start(TestGuest.FEATURES);
                guest.showImage(1, 64, 48, IMAGE);
                guest.memory.putInt(IMAGE, 0x0012_3456);
                guest.send(0, new GpuCommand.ResourceCreate2d(Header.NONE, 2, 1, 64, 64));
                guest.send(
                        0,
                        new GpuCommand.ResourceAttachBacking(
                                Header.NONE, 2, 1, List.of(new MemoryEntry(IMAGE, 64 * 64 * 4))));
                guest.send(1, new GpuCommand.UpdateCursor(Header.NONE, new CursorPosition(0, 5, 6), 2, 0, 0));
                guest.send(0, new GpuCommand.TransferToHost2d(Header.NONE, ALL, 0, 1));
                guest.send(0, new GpuCommand.ResourceFlush(Header.NONE, ALL, 1));
                browser.awaitTrue("document.getElementById('state').textContent === 'Running.'");
                browser.awaitTrue("semblance.screens()[0].drawn === 1");
                assertThat(browser.evaluate("semblance.screens()[0].pen.getImageData(0, 0, 1, 1).data.join()"))
                        .isEqualTo("18,52,86,255");
                browser.awaitTrue(
                        "document.querySelector('figcaption').textContent.includes('shows 64x48, cursor at 5,6')");
                browser.awaitTrue("document.getElementById('numbers').textContent.includes('1 flush, ')");
                // Nothing takes the keyboard, and what the page does at such a moment is nobody's input.
                browser.evaluate("document.querySelector('.stage').click()");
                browser.evaluate("window.dispatchEvent(new Event('blur'))");
                browser.press("p");
                assertThat(browser.evaluate("document.pointerLockElement")).isEqualTo("null");

                browser.press("s");
                browser.awaitTrue("document.activeElement.id === 'label'");
                browser.press("x");
                browser.evaluate("document.getElementById('snapshot-take').click()");
                browser.awaitTrue("semblance.status().snapshots === 1");
                assertThat(browser.evaluate("document.getElementById('notice').hidden"))
                        .isEqualTo("true");
                browser.evaluate("document.getElementById('finish').click()");
                assertThat(program.ended()).as(program.said()).isZero();
            }
            browser.awaitTrue("document.getElementById('state').textContent.includes('identity')");
            assertThat(browser.complaints()).isEmpty();
        }
        assertThat(Recordings.events(trace).stream()
                        .map(Stamped::event)
                        .filter(TraceEvent.Snapshot.class::isInstance)
                        .map(event -> ((TraceEvent.Snapshot) event).label()))
                .containsExactly("x", "end");
        FileUtils.deleteQuietly(folder.toFile());
    }
}
