package dev.semblance.cli.benchmark;

import dev.semblance.harness.fuzz.Fuzzer;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.util.Text;
import java.util.List;
import java.util.function.Consumer;

/**
 * Commands a second of the fuzzer on one thread: making them up, both devices with their transports and rings, and comparing
 * answers, pictures and memory. A command that both devices execute counts once.
 *
 * <p>The first run, which the just-in-time compiler spoils, does not count. The figure is the median of the others by the
 * clock on the wall. Where other programs run it falls; the one by the processor time of this whole process does so less.
 */
final class FuzzBenchmark {

    private static final long COMMANDS = 1_000_000;
    private static final long SEED = 1;

    private final int repeat;
    private final Consumer<String> progress;

    FuzzBenchmark(int repeat, Consumer<String> progress) {
        this.repeat = repeat;
        this.progress = progress;
    }

    List<Figure> run() {
        double[] rates = new double[repeat];
        double[] processorRates = new double[repeat];
        for (int i = -1; i < repeat; i++) {
            progress.accept(Text.format("fuzz, run %d of %d", i + 1, repeat));
            Fuzzer fuzzer = new Fuzzer(SEED, BuiltinDevice.ours());
            Stopwatch watch = new Stopwatch();
            if (fuzzer.run(() -> fuzzer.coverage().commands() < COMMANDS).isPresent()) {
                throw new IllegalStateException("the fuzzer has found something; fix that first");
            }
            if (i >= 0) {
                rates[i] = fuzzer.coverage().commands() / watch.seconds();
                processorRates[i] = fuzzer.coverage().commands() / watch.processorSeconds();
            }
        }
        double rate = Stopwatch.median(rates);
        return List.of(
                Figure.of("fuzzing, everything compared, small images", Text.format("%,.0f commands/s", rate))
                        .atLeast(rate, 200_000, "200 000"),
                Figure.of(
                        "the same, by the second of processor time, compiling and collecting included",
                        Text.format("%,.0f commands/s", Stopwatch.median(processorRates))));
    }
}
