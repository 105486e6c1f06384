package dev.semblance.cli.benchmark;

import dev.semblance.harness.rig.DisplayWorkload;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * The memory that is alive during a device replay, on a trace and on one four times as long. What a chunk or an event under
 * way takes comes and goes; what would grow with the trace shows in the least that is ever found in the second half. Where the trace
 * ends, no chunk is fetched ahead any more, so the last twentieth does not count.
 */
final class MemoryBenchmark {

    private static final int FLUSHES = 2000;
    private static final int SAMPLES = 20;
    private static final double MIB = 1 << 20;

    private final Path folder;
    private final Consumer<String> progress;

    MemoryBenchmark(Path folder, Consumer<String> progress) {
        this.folder = folder;
        this.progress = progress;
    }

    List<Figure> run() throws IOException {
        // What earlier parts have left behind goes in the meantime.
        sample(FLUSHES / 4);
        Sampler once = sample(FLUSHES);
        Sampler fourTimes = sample(4 * FLUSHES);
        double ratio = (double) fourTimes.least / once.least;
        return List.of(
                figure(Text.format("device replay of %s, live heap", Text.count(FLUSHES, "flush", "flushes")), once),
                figure(Text.format("the same for four times as many (%.3f times)", ratio), fourTimes)
                        .atMost(ratio, 1.05, "1.05 times"));
    }

    private static Figure figure(String what, Sampler sampler) {
        return Figure.of(what, Text.format("%.1f MiB, for moments %.1f", sampler.least / MIB, sampler.most / MIB));
    }

    private Sampler sample(int flushes) throws IOException {
        progress.accept("memory: " + Text.count(flushes, "flush", "flushes"));
        Path trace = folder.resolve("memory.trace");
        DisplayWorkload.damage(trace, flushes);
        Sampler sampler = new Sampler(DisplayWorkload.lastCycle(flushes));
        DeviceBenchmark.replay(trace, sampler::at);
        return sampler;
    }

    /** Looks at the heap now and then in the second half of a replay. */
    private static final class Sampler {
        private final long step;
        private final long end;
        private long next;
        private long least = Long.MAX_VALUE;
        private long most;

        Sampler(long lastCycle) {
            this.step = Math.max(1, lastCycle / 2 / SAMPLES);
            this.next = lastCycle / 2;
            this.end = lastCycle - lastCycle / 20;
        }

        void at(long cycle) {
            if (cycle >= next && cycle < end) {
                next += step;
                long alive = alive();
                least = Math.min(least, alive);
                most = Math.max(most, alive);
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
