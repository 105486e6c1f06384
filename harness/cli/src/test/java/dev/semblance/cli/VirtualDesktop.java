package dev.semblance.cli;

import dev.semblance.harness.report.Browser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** An X display in memory with a window manager, whose keys and mouse are as a person's are: Xvfb, openbox and xdotool. */
final class VirtualDesktop implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 20;

    private final Process server;
    private final Process manager;
    private final String display;

    private VirtualDesktop(Process server, Process manager, String display) {
        this.server = server;
        this.manager = manager;
        this.display = display;
    }

    /** Returns whether its programs are on the PATH. */
    static boolean isThere() {
        return Stream.of("Xvfb", "openbox", "xdotool")
                .allMatch(name -> Browser.program(name).isPresent());
    }

    static VirtualDesktop start() throws IOException {
        // It takes a free number and says which.
        Process server = new ProcessBuilder(
                        "Xvfb", "-displayfd", "1", "-screen", "0", "1400x1000x24", "-nolisten", "tcp")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String number =
                new BufferedReader(new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8)).readLine();
        if (number == null) {
            throw new IOException("Xvfb does not start");
        }
        String display = ":" + number;
        ProcessBuilder openbox = quiet("openbox");
        openbox.environment().put("DISPLAY", display);
        return new VirtualDesktop(server, openbox.start(), display);
    }

    private static ProcessBuilder quiet(String... words) {
        return new ProcessBuilder(words)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
    }

    String display() {
        return display;
    }

    /** Does what xdotool does with these words: "key", "ctrl+Tab", or "mousemove", "3", "4", "click", "1". */
    void does(String... words) throws IOException, InterruptedException {
        ProcessBuilder xdotool =
                quiet(Stream.concat(Stream.of("xdotool"), Stream.of(words)).toArray(String[]::new));
        xdotool.environment().put("DISPLAY", display);
        Process process = xdotool.start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroy();
            throw new IOException("xdotool does not " + List.of(words));
        }
    }

    @Override
    public void close() {
        manager.destroy();
        server.destroy();
        server.onExit().orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS).join();
    }
}
