package dev.semblance.cli.benchmark;

import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Bytes of trace: what a longer run adds to the trace of a shorter one. Sizes are exact, so one run of each will do. */
final class SizeBenchmark {

    private static final int STILL_FLUSHES = 1000;
    private static final double FLIP_BYTES = 1024 * 768 * 4.0;

    private final Guest guest;
    private final Consumer<String> progress;

    SizeBenchmark(Guest guest, Consumer<String> progress) {
        this.guest = guest;
        this.progress = progress;
    }

    List<Figure> run() throws IOException, BadImageException {
        // The text cursor blinks five times a second, and each time the console flushes the lines that it is on.
        Guest.Run desktop = measure("console", Guest.ON_SCREEN, Guest.SHELL);
        Guest.Run longer = measure("console, later", Guest.ON_SCREEN, Guest.SHELL + "sleep 1300e6\n");
        Guest.Run shell = measure("shell", Guest.QUIET, Guest.SHELL);
        Guest.Run flips = measure("page flips", Guest.QUIET, RecordingBenchmark.STEPS);
        long blinks = longer.flushes() - desktop.flushes();
        double perFlush = (double) (longer.traceBytes() - desktop.traceBytes()) / Math.max(1, blinks);
        double flipBytes = flips.traceBytes() - shell.traceBytes();
        double ratio = flipBytes / (RecordingBenchmark.FLIPS * FLIP_BYTES);
        Path still = guest.file("still.trace");
        DisplayWorkload.still(still, STILL_FLUSHES);
        double perStill = (double) Files.size(still) / STILL_FLUSHES;
        return List.of(
                Figure.of("boot to the shell, trace", Text.format("%,d bytes", shell.traceBytes())),
                Figure.of(
                                "static desktop, trace a flush",
                                Text.format(
                                        "%.0f bytes (%s in 20 s)", perFlush, Text.count(blinks, "flush", "flushes")))
                        .atMost(perFlush, 2048, "2 KiB"),
                Figure.of("whole screen flushed, nothing changed, trace a flush", Text.format("%.0f bytes", perStill))
                        .atMost(perStill, 2048, "2 KiB"),
                Figure.of(
                                Text.format(
                                        "%d page flips of 1024x768, trace over raw pixels", RecordingBenchmark.FLIPS),
                                Text.format("%.2f %% (%,.0f bytes)", ratio * 100, flipBytes))
                        .atMost(ratio, 0.10, "10 %"));
    }

    private Guest.Run measure(String what, String bootargs, String steps) throws IOException, BadImageException {
        progress.accept("size: " + what);
        return guest.recorded(bootargs, steps, guest.file("size.trace"));
    }
}
