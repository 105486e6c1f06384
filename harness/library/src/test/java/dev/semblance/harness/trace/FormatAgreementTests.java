package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceFiles.Reading;
import dev.semblance.harness.trace.strict.StrictTrace;
import dev.semblance.harness.trace.strict.StrictTrace.Verdict;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The reader against a validator that was written from docs/TRACE_FORMAT.md alone: both say the same of every file, sound or
 * damaged. Where they do not, one of them or the page is wrong.
 */
class FormatAgreementTests {

    /** How many damaged traces; each has the number of its seed. The Maven profile {@code hostile} takes 100,000. */
    private static final int COUNT = Integer.getInteger("semblance.hostile.traces", 2000);

    private static final int FIRST = Integer.getInteger("semblance.hostile.first", 0);

    @TempDir
    private Path folder = Path.of("");

    private static Verdict read(byte[] bytes) {
        Reading reading = TraceFiles.read(bytes);
        if (reading.failure().isPresent()) {
            TraceFormatException failure = reading.failure().get();
            return failure instanceof IncompatibleTraceException
                    ? new Verdict.Incompatible(failure.reason())
                    : new Verdict.Corrupt(failure.reason());
        }
        return switch (reading.status().orElseThrow()) {
            case TraceStatus.Torn torn -> new Verdict.Torn(torn.totals().events(), torn.offset());
            case TraceStatus.Complete complete -> {
                TraceTotals totals = complete.totals();
                yield new Verdict.Complete(totals.events(), totals.chunks(), totals.lastCycle(), totals.identity());
            }
        };
    }

    /** The class alone where the words differ, the whole of it where there are numbers. */
    private static Object comparable(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Complete complete -> complete;
            case Verdict.Torn torn -> torn;
            case Verdict.Corrupt corrupt -> "corrupt";
            case Verdict.Incompatible incompatible -> "incompatible";
        };
    }

    private static Path project() {
        Path above = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(above.resolve("recordings"))) {
            above = Optional.ofNullable(above.getParent()).orElseThrow();
        }
        return above;
    }

    static List<Path> soundTraces() throws IOException {
        List<Path> traces = new ArrayList<>();
        for (Path folder : List.of(
                project().resolve("recordings"), project().resolve("harness/library/src/test/resources/known-good"))) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".trace"))
                        .sorted()
                        .forEach(traces::add);
            }
        }
        assertThat(traces).hasSizeGreaterThanOrEqualTo(24);
        return traces;
    }

    @ParameterizedTest
    @MethodSource("soundTraces")
    void everyTraceInTheProjectKeepsEveryRuleOfThePage(Path trace) throws IOException {
        byte[] bytes = Files.readAllBytes(trace);
        Verdict strict = StrictTrace.judge(bytes);
        assertThat(strict).isInstanceOf(Verdict.Complete.class).isEqualTo(read(bytes));
    }

    @Test
    void theValidatorHasNothingInCommonWithTheReader() throws IOException {
        List<String> imports = new ArrayList<>();
        try (Stream<Path> files = Files.list(project()
                .resolve("harness/library/src/test/java")
                .resolve(StrictTrace.class.getPackageName().replace('.', '/')))) {
            for (Path file : files.toList()) {
                Files.readAllLines(file).stream()
                        .filter(line -> line.startsWith("import "))
                        .forEach(imports::add);
            }
        }
        assertThat(imports)
                .hasSizeGreaterThan(20)
                .allMatch(line -> line.startsWith("import java.")
                        || line.startsWith("import org.apache.commons.compress.compressors.zstandard.")
                        || line.startsWith("import " + StrictTrace.class.getPackageName() + "."));
    }

    /** More chunks than the index has room for, twice over. */
    @Test
    void aTraceOfMoreChunksThanTheIndexHoldsKeepsTheRules() {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < 70_000; i++) {
            steps.add(new Step(i % 3, new ConsoleOutput((byte) i)));
        }
        steps.add(new Step(0, new End(End.Reason.LIMIT, 0, new byte[0])));
        byte[] bytes = TraceFiles.bytes(steps, new TraceWriter.Options(ChunkCodec.STORED, 1));
        Verdict strict = StrictTrace.judge(bytes);
        assertThat(strict).isInstanceOf(Verdict.Complete.class).isEqualTo(read(bytes));
    }

    private List<TraceMutator> mutators() throws IOException {
        List<TraceMutator> mutators = new ArrayList<>();
        for (Path trace : soundTraces()) {
            if (trace.toString().contains("known-good")) {
                mutators.add(new TraceMutator(Files.readAllBytes(trace)));
            }
        }
        for (long seed = 1; seed <= 2; seed++) {
            Path trace = folder.resolve(seed + ".trace");
            SyntheticGuest.record(trace, seed, seed == 2, 40);
            mutators.add(new TraceMutator(Files.readAllBytes(trace)));
        }
        return mutators;
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.HOURS)
    void theReaderAndThePageSayTheSameOfEveryDamagedTrace() throws IOException {
        List<TraceMutator> mutators = mutators();
        List<String> disagreements = new ArrayList<>();
        Map<String, Integer> outcomes = new TreeMap<>();
        for (int seed = FIRST; seed < FIRST + COUNT; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] bytes = mutators.get(random.nextInt(mutators.size())).mutate(random);
            Verdict strict = StrictTrace.judge(bytes);
            Verdict read = read(bytes);
            if (!comparable(read).equals(comparable(strict))) {
                disagreements.add(Text.format("seed %d: the reader says %s, the page %s", seed, read, strict));
            }
            outcomes.merge(strict.getClass().getSimpleName(), 1, Integer::sum);
        }
        assertThat(disagreements).isEmpty();
        // All ways to end were there, so the mutations reach everything.
        assertThat(outcomes).containsOnlyKeys("Complete", "Torn", "Corrupt", "Incompatible");
        assertThat(outcomes.values()).allMatch(count -> count > COUNT / 100);
    }
}
