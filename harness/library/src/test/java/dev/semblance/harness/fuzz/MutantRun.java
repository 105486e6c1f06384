package dev.semblance.harness.fuzz;

import dev.semblance.harness.fuzz.Fuzzer.Failure;
import dev.semblance.harness.replay.DeviceReplayer;
import dev.semblance.harness.replay.FrameObserver;
import dev.semblance.harness.target.BuiltinDevice;
import dev.semblance.harness.trace.ReplayableGpu;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Fuzzes the GPU of the class loader that this class is in. Called by name, from another one. */
public final class MutantRun {

    private MutantRun() {}

    /**
     * Fuzzes until something is found, cuts it down and writes it as a trace.
     *
     * @return seconds until it was found, commands run until then, commands left, seconds in all, what is wrong, its kind;
     *     or nothing if nothing was found
     */
    public static String[] fuzz(long seed, long seconds, String trace) throws IOException {
        long start = System.nanoTime();
        Fuzzer fuzzer = new Fuzzer(seed, BuiltinDevice.ours());
        Optional<Failure> failure = fuzzer.run(() -> System.nanoTime() - start < seconds * 1_000_000_000L);
        if (failure.isEmpty()) {
            return new String[0];
        }
        double found = (System.nanoTime() - start) / 1e9;
        Counterexample counterexample = Counterexample.of(failure.get());
        counterexample.write(Path.of(trace), "test");
        return new String[] {
            Text.format("%.1f", found),
            "" + (fuzzer.coverage().commands() + 1),
            "" + counterexample.after().commands(),
            Text.format("%.1f", (System.nanoTime() - start) / 1e9),
            counterexample.difference().text(),
            counterexample.difference().kind().name()
        };
    }

    /** Replays a trace; returns whether it diverges, or the device throws. */
    public static boolean fails(String trace) throws IOException {
        try (TraceReader reader = TraceReader.open(Path.of(trace))) {
            return new DeviceReplayer(reader, ReplayableGpu.of(reader.manifest()), FrameObserver.NONE)
                    .run(cycle -> {})
                    .divergence()
                    .isPresent();
        } catch (RuntimeException e) {
            return true;
        }
    }
}
