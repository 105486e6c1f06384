package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.SemblanceException;
import dev.semblance.harness.TraceFile;
import dev.semblance.harness.guest.images.GuestImages;
import dev.semblance.harness.guest.images.ImageCache;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.TraceMutator;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/TRACE_FORMAT.md, "A reader": whatever is in a trace, it is read, dumped or refused with the byte where it went
 * wrong, in bounded time and memory. The Maven profile {@code hostile} does it 100 000 times with a heap of 256 MiB.
 */
class MutatedTracesTests {

    /** How many traces; each has the number of its seed. */
    private static final int COUNT = Integer.getInteger("semblance.hostile.traces", 1000);

    private static final int FIRST = Integer.getInteger("semblance.hostile.first", 0);

    /** Far more than any takes, on any computer. */
    private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final Set<ExitCode> READ =
            Set.of(ExitCode.PASS, ExitCode.TORN, ExitCode.CORRUPT, ExitCode.INCOMPATIBLE);

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter err = new StringWriter();
    private final Terminal quiet = new Terminal(new PrintWriter(Writer.nullWriter()), new PrintWriter(err), false);
    private final Map<ExitCode, Integer> outcomes = new EnumMap<>(ExitCode.class);

    private List<TraceMutator> mutators() throws IOException {
        List<TraceMutator> mutators = new ArrayList<>();
        for (String codec : List.of("stored", "zstd", "deflate")) {
            try (var in = getClass().getResourceAsStream("/known-good/v1-" + codec + ".trace")) {
                mutators.add(new TraceMutator(in.readAllBytes()));
            }
        }
        for (long seed = 1; seed <= 4; seed++) {
            Path trace = folder.resolve("synthetic.trace");
            SyntheticGuest.record(trace, seed, seed == 4, 40);
            mutators.add(new TraceMutator(Files.readAllBytes(trace)));
        }
        return mutators;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void everyMutatedTraceIsReadDumpedRepairedAndReplayedOrRefused() throws IOException {
        List<TraceMutator> mutators = mutators();
        for (int seed = FIRST; seed < FIRST + COUNT; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = mutators.get(random.nextInt(mutators.size())).mutate(random);
            Path trace = Files.write(folder.resolve("t.trace"), bytes);
            err.getBuffer().setLength(0);
            long start = System.nanoTime();
            try {
                check(trace, seed);
            } catch (IOException | RuntimeException | Error e) {
                throw new AssertionError("the trace of seed " + seed, e);
            }
            assertThat(System.nanoTime() - start).as("seed %d", seed).isLessThan(MAX_NANOS);
        }
        // All ways to end were there, so the mutations reach everything.
        assertThat(outcomes.keySet()).containsAll(READ);
        assertThat(outcomes.get(ExitCode.PASS)).isGreaterThan(COUNT / 20);
    }

    private void check(Path trace, int seed) throws IOException {
        ExitCode info = code(
                trace,
                () -> new InfoCommand(Environments.of(quiet))
                        .run(new InfoCommand.Request(List.of(TraceFile.of(trace)))));
        outcomes.merge(info, 1, Integer::sum);
        assertThat(info).isIn(READ);
        assertThat(code(
                        trace,
                        () -> new DumpCommand(Environments.of(quiet))
                                .run(new DumpCommand.Request(trace, DumpCommand.Style.TEXT))))
                .isEqualTo(info);
        assertThat(code(
                        trace,
                        () -> new DumpCommand(Environments.of(quiet))
                                .run(new DumpCommand.Request(trace, DumpCommand.Style.JSON))))
                .isEqualTo(info);
        if (seed % 20 == 0) {
            assemble(trace, info);
            repair(trace, info);
        }
        if (seed % 3 == 0) {
            replay(trace);
        }
    }

    /** Whole files are written here, and brought to the disk, which takes its time. */
    private void assemble(Path trace, ExitCode info) throws IOException {
        Path lines = folder.resolve("t.jsonl");
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(lines))) {
            Terminal toFile = new Terminal(out, new PrintWriter(err), false);
            assertThat(code(
                            trace,
                            () -> new DumpCommand(Environments.of(toFile))
                                    .run(new DumpCommand.Request(trace, DumpCommand.Style.JSON))))
                    .isEqualTo(info);
        }
        if (info == ExitCode.PASS) {
            Path again = folder.resolve("again.trace");
            new AsmCommand(Environments.of(quiet)).run(new AsmCommand.Request(Optional.of(lines), again));
            assertThat(identity(again)).isEqualTo(identity(trace));
        }
    }

    /** Runs an action on a trace; an error about the trace says where. */
    private static ExitCode code(Path trace, java.util.function.Supplier<ExitCode> action) {
        try {
            return action.get();
        } catch (SemblanceException e) {
            assertThat(CommandException.exitCode(e)).isIn(READ);
            assertThat(e.getMessage()).contains(trace.toString()).containsPattern("byte [0-9]+");
            return CommandException.exitCode(e);
        }
    }

    private void repair(Path trace, ExitCode info) throws IOException {
        Path whole = folder.resolve("whole.trace");
        Files.deleteIfExists(whole);
        ExitCode code = code(
                trace, () -> new RepairCommand(Environments.of(quiet)).run(new RepairCommand.Request(trace, whole)));
        assertThat(Files.exists(whole)).isEqualTo(code == ExitCode.PASS && info != ExitCode.PASS);
        if (Files.exists(whole)) {
            assertThat(new InfoCommand(Environments.of(quiet))
                            .run(new InfoCommand.Request(List.of(TraceFile.of(whole)))))
                    .isEqualTo(ExitCode.PASS);
            assertThat(new DiffCommand(Environments.of(quiet)).run(new DiffCommand.Request(whole, whole, true)))
                    .isEqualTo(ExitCode.PASS);
        }
    }

    private void replay(Path trace) {
        GuestImages none = new GuestImages(Optional.empty(), new ImageCache(folder.resolve("cache")));
        TraceVerdict verdict = new TraceReplay(none, List.of(), TraceReplay.Kind.DEVICE)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict.exitCode())
                .isIn(ExitCode.PASS, ExitCode.MISMATCH, ExitCode.TORN, ExitCode.CORRUPT, ExitCode.INCOMPATIBLE);
    }

    private static String identity(Path trace) throws IOException {
        try (TraceReader reader = TraceReader.open(trace)) {
            TraceStatus status = reader.readAll((cycle, event) -> {});
            return status.totals().identity();
        }
    }
}
