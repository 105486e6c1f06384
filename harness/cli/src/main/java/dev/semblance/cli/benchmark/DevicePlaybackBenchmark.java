package dev.semblance.cli.benchmark;

import dev.semblance.harness.playback.DevicePlayback;
import dev.semblance.harness.playback.TraceIndex.Landmark;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Going back and forth among the flushes of traces without a machine, as those of {@code serve}: of parts of the picture, and of all of it. */
final class DevicePlaybackBenchmark {

    private static final int FLUSHES = 10_000;
    private static final int FLIPS = 600;
    private static final int SEEKS = 30;
    private static final int STEPS = 10;

    private final Path trace;
    private final Consumer<String> progress;

    DevicePlaybackBenchmark(Path trace, Consumer<String> progress) {
        this.trace = trace;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        progress.accept("playback: the GPU alone");
        DisplayWorkload.damage(trace, FLUSHES);
        Spread damage = steps();
        Spread seeks = seeks();
        DisplayWorkload.flips(trace, FLIPS);
        Spread flips = steps();
        return List.of(
                Figure.of("any of " + Text.count(FLUSHES, "flush", "flushes") + " of a GPU alone", seeks.seconds())
                        .atMost(seeks.median(), 1, "1 s"),
                back("a flush back among them, and its picture", damage),
                back(Text.format("the same among %,d of whole pictures", FLIPS), flips));
    }

    private static Figure back(String what, Spread seconds) {
        double milliseconds = seconds.median() * 1000;
        return Figure.of(what, Text.format("%.1f ms", milliseconds)).atMost(milliseconds, 50, "50 ms");
    }

    private Spread seeks() throws IOException {
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            int events = playback.index().events();
            playback.seek(events, reached -> {});
            Random random = new Random(1);
            double[] seconds = new double[SEEKS];
            for (int i = 0; i < SEEKS; i++) {
                Stopwatch watch = new Stopwatch();
                playback.seek(random.nextInt(events), reached -> {});
                seconds[i] = watch.seconds();
            }
            return new Spread(seconds);
        }
    }

    private Spread steps() throws IOException {
        try (DevicePlayback playback = DevicePlayback.open(trace)) {
            int events = playback.index().events();
            playback.seek(events, reached -> {});
            Random random = new Random(2);
            double[] seconds = new double[SEEKS * STEPS];
            for (int i = 0; i < SEEKS; i++) {
                playback.seek(random.nextInt(events), reached -> {});
                for (int j = 0; j < STEPS; j++) {
                    Stopwatch watch = new Stopwatch();
                    playback.back(Landmark.FLUSH);
                    playback.picture(0);
                    seconds[i * STEPS + j] = watch.seconds();
                }
            }
            return new Spread(seconds);
        }
    }
}
