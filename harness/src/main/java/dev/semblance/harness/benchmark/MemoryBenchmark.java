package dev.semblance.harness.benchmark;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The most memory that is alive during a device replay, on a trace and on one four times as long; in the first tenth, what
 * the start has left is still there.
 */
final class MemoryBenchmark {

    private static final int FLUSHES = 2000;
    private static final int SAMPLES = 20;

    private final Path folder;
    private final Consumer<String> progress;

    MemoryBenchmark(Path folder, Consumer<String> progress) {
        this.folder = folder;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        // What earlier parts have left behind goes in the meantime.
        peak(FLUSHES / 4);
        double once = peak(FLUSHES);
        double fourTimes = peak(4 * FLUSHES);
        double ratio = fourTimes / once;
        return List.of(
                Figure.of("device replay of %,d flushes, live heap".formatted(FLUSHES), "%.1f MiB", once / (1 << 20)),
                Figure.of("the same for four times as many", "%.1f MiB (%.3f times)", fourTimes / (1 << 20), ratio)
                        .atMost(ratio, 1.05, "1.05 times"));
    }

    private double peak(int flushes) throws IOException {
        progress.accept("memory: %d flushes".formatted(flushes));
        Path trace = folder.resolve("memory.trace");
        DisplayWorkload.damage(trace, flushes);
        Sampler sampler = new Sampler(DisplayWorkload.lastCycle(flushes));
        DeviceBenchmark.replay(trace, sampler::at);
        return sampler.most;
    }

    /** Looks at the heap now and then in a replay. */
    private static final class Sampler {
        private final long step;
        private long next;
        private long most;

        Sampler(long lastCycle) {
            this.step = Math.max(1, lastCycle / SAMPLES);
            this.next = step;
        }

        void at(long cycle) {
            if (cycle >= next) {
                if (next > step) {
                    most = Math.max(most, alive());
                }
                next += step;
            }
        }
    }

    private static long alive() {
        Runtime runtime = Runtime.getRuntime();
        System.gc();
        System.gc();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
