package dev.semblance.cli.benchmark;

import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.replay.ReplayOutcome;
import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

/** Flushes a second of a device replay, the reading of the trace and the comparing of all digests included. */
final class DeviceBenchmark {

    private static final int DAMAGE_FLUSHES = 4000;
    private static final int FLIPS = 240;

    private final Path folder;
    private final int repeat;
    private final Consumer<String> progress;

    DeviceBenchmark(Path folder, int repeat, Consumer<String> progress) {
        this.folder = folder;
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        Path damage = folder.resolve("damage.trace");
        DisplayWorkload.damage(damage, DAMAGE_FLUSHES);
        Path flips = folder.resolve("full.trace");
        DisplayWorkload.flips(flips, FLIPS);
        double partial = rate("device: 64x64 damage", damage);
        double full = rate("device: flips", flips);
        return List.of(
                Figure.of("device replay, 1024x768 with 64x64 damage", Text.format("%,.0f flushes/s", partial))
                        .atLeast(partial, 25_000, "25,000"),
                Figure.of("device replay, full-frame flips", Text.format("%,.0f flushes/s", full))
                        .atLeast(full, 600, "600"));
    }

    private double rate(String what, Path trace) throws IOException {
        double[] rates = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("%s, run %d of %d", what, i + 1, repeat));
            Stopwatch watch = new Stopwatch();
            long flushes = replay(trace, cycle -> {});
            if (i >= 0) {
                rates[i] = flushes / watch.seconds();
            }
        }
        return Stopwatch.median(rates);
    }

    /** Replays a trace of {@link DisplayWorkload}; returns the number of flushes. */
    static long replay(Path trace, LongConsumer progress) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            ReplayOutcome outcome =
                    new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE).run(progress);
            if (outcome.divergence().isPresent()) {
                throw new IllegalStateException("the replay diverges: " + outcome.divergence());
            }
            return outcome.flushes();
        }
    }
}
