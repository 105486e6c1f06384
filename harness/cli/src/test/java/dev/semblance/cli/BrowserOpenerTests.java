package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** docs/LIVE.md, safety: the browser is opened with the address of a page, and no other user of the computer sees it. */
class BrowserOpenerTests {

    private static final String URL = "http://127.0.0.1:8080/0123456789abcdef0123456789abcdef/";

    private static BrowserOpener on(String system, Map<String, String> variables) {
        return new BrowserOpener(system, variables);
    }

    @Test
    void theBrowserIsOpenedWhereThereIsADesktop() {
        assertThat(on("Linux", Map.of()).opener()).isEmpty();
        assertThat(on("Linux", Map.of("DISPLAY", "")).opener()).isEmpty();
        assertThat(on("Linux", Map.of("DISPLAY", ":0")).opener()).contains(List.of("xdg-open"));
        assertThat(on("Linux", Map.of("WAYLAND_DISPLAY", "wayland-0")).opener()).contains(List.of("xdg-open"));
        assertThat(on("Mac OS X", Map.of()).opener()).contains(List.of("open"));
        assertThat(on("Windows 11", Map.of()).opener().orElseThrow()).startsWith("rundll32");
    }

    /** proc(5): anybody may read the arguments of a process. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void noArgumentOfAProcessHasTheTokenAndOnlyTheOwnerReadsTheFileThatHas() throws IOException {
        List<String> command = on("Linux", Map.of()).command(List.of("xdg-open"), URL);
        assertThat(command).hasSize(2).noneMatch(word -> word.contains("0123456789abcdef"));
        Path file = Path.of(URI.create(command.get(1)));
        assertThat(Files.readString(file)).contains("content=\"0; url=" + URL + "\"", "href=\"" + URL + "\"");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling("."))))
                .isEqualTo("rwx------");
    }

    @Test
    void anAddressIsNoMarkup() {
        assertThat(BrowserOpener.text("http://x/\"><script>&")).contains("url=http://x/&quot;>&lt;script>&amp;\"");
    }

    /** Their names in /var/lib/snapd/desktop/applications are SNAP_PROGRAM.desktop. */
    @Test
    void aBrowserThatCouldNotReadTheFileIsKnownByItsName() {
        assertThat(BrowserOpener.isSnap("firefox_firefox.desktop\n")).isTrue();
        assertThat(BrowserOpener.isSnap("chromium_chromium.desktop\n")).isTrue();
        for (String other : List.of("firefox.desktop", "org.mozilla.firefox.desktop", "google-chrome.desktop", "")) {
            assertThat(BrowserOpener.isSnap(other)).as(other).isFalse();
        }
    }
}
