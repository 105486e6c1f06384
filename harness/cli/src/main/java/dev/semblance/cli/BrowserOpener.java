package dev.semblance.cli;

import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Opens the browser with the address of a page, as the desktop does it. Whoever has the address has the page, and arguments of processes are for all
 * users of a computer to see where it is not a Windows; so the browser is given a file that leads there, which nobody else can read.
 */
final class BrowserOpener {

    /** Desktop files of snaps are named after the snap and its program. Snaps have another folder for temporary files, and see no hidden ones. */
    private static final Pattern SNAP = Pattern.compile("[a-z0-9-]+_[A-Za-z0-9._-]+\\.desktop");

    private static final long PATIENCE_SECONDS = 3;

    private final String system;
    private final Map<String, String> variables;

    /**
     * Makes one.
     *
     * @param system what Java calls the system
     * @param variables the environment's
     */
    BrowserOpener(String system, Map<String, String> variables) {
        this.system = system;
        this.variables = variables;
    }

    /** Makes one for this system. */
    static BrowserOpener here(Map<String, String> variables) {
        return new BrowserOpener(System.getProperty("os.name", ""), variables);
    }

    /**
     * Opens the browser, if there is one. Where that fails, somebody can do it by hand.
     *
     * @return what somebody should know who waits for it, as a sentence without a full stop
     */
    Optional<String> open(String url) {
        Optional<List<String>> opener = opener();
        if (opener.isEmpty()) {
            return Optional.empty();
        }
        if (opener.get().contains("xdg-open") && isSnap(answer("xdg-mime", "query", "default", "text/html"))) {
            return Optional.of(
                    "the browser is a snap, which cannot read what would lead it there: give it the address");
        }
        try {
            new ProcessBuilder(command(opener.get(), url))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return Optional.empty();
        } catch (IOException | SemblanceException e) {
            return Optional.of("the browser cannot be opened: give it the address");
        }
    }

    /** Returns what opens a file or an address. */
    Optional<List<String>> opener() {
        if (isWindows()) {
            return Optional.of(List.of("rundll32", "url.dll,FileProtocolHandler"));
        }
        if (system.startsWith("Mac")) {
            return Optional.of(List.of("open"));
        }
        boolean desktop = !variables.getOrDefault("DISPLAY", "").isEmpty()
                || !variables.getOrDefault("WAYLAND_DISPLAY", "").isEmpty();
        return desktop ? Optional.of(List.of("xdg-open")) : Optional.empty();
    }

    private boolean isWindows() {
        return system.startsWith("Windows");
    }

    /** Returns the words that open an address. There, only administrators see the words of others. */
    List<String> command(List<String> opener, String url) throws IOException {
        List<String> command = new ArrayList<>(opener);
        command.add(isWindows() ? url : fileThatLeadsTo(url).toUri().toString());
        return command;
    }

    /** Makes a file that leads to an address, for its owner alone. It is gone when the process ends. */
    static Path fileThatLeadsTo(String url) throws IOException {
        return TemporaryFolder.create().write("open", ".html", text(url).getBytes(StandardCharsets.UTF_8));
    }

    /** Returns a page that leads to an address, by itself or by a click. */
    static String text(String url) {
        String address = url.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
        return Text.format("""
                <!doctype html>
                <html lang="en">
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="default-src 'none'">
                <meta name="referrer" content="no-referrer">
                <meta http-equiv="refresh" content="0; url=%s">
                <title>Semblance</title>
                <a href="%s">To the page</a>
                """, address, address);
    }

    /** Returns whether a desktop file is a snap's. */
    static boolean isSnap(String desktopFile) {
        return SNAP.matcher(desktopFile.strip()).matches();
    }

    /** Returns what a program says; nothing where it is not there, or does not end. */
    private static String answer(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return "";
            }
            return new String(process.getInputStream().readNBytes(1 << 12), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }
}
