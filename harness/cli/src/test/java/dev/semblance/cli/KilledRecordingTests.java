package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Text;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * docs/TRACE_FORMAT.md, "Complete, torn, corrupt": a recording that is killed with SIGKILL opens to its last good chunk,
 * which is hardly a second before its end, and can be repaired and replayed. Twice here, 50 times in the Maven profile
 * {@code hostile}.
 */
class KilledRecordingTests {

    private static final int KILLS = Integer.getInteger("semblance.hostile.kills", 2);

    /** Phases in which chunks fill, and phases in which they only grow old. */
    private static final String SCENARIO = """
            wait "rv32# " within 4e9
            type "while true; do fbdraw; sleep 1; cat /proc/interrupts; sleep 1; done\\n"
            sleep 1.5e9
            """;

    private static final long SECOND = 65_000_000;

    /** The chunk at hand, the one that is being written, and those that wait for that. */
    private static final int CHUNKS_AT_RISK = 6;

    @TempDir
    private Path folder = Path.of("");

    private Path scenario = Path.of("");
    private Path whole = Path.of("");
    private Path killed = Path.of("");
    private Path witness = Path.of("");

    /**
     * What came of a kill.
     *
     * @param kept events in the file
     * @param lost events that had been recorded besides
     * @param lostCycles guest time from the first lost event to the last
     */
    private record Outcome(long kept, long lost, long lostCycles) {}

    @Test
    void aKilledRecordingKeepsAllButTheLastSecondAndReplaysOnceRepaired() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        scenario = Files.writeString(folder.resolve("s.scenario"), SCENARIO);
        whole = folder.resolve("whole.trace");
        killed = folder.resolve("killed.trace");
        witness = folder.resolve("witness");
        Recordings.record(WitnessedRecording.config(), Optional.of(Recordings.scenario(SCENARIO)), whole);
        List<Outcome> outcomes = new ArrayList<>();
        for (int attempt = 0; outcomes.size() < KILLS; attempt++) {
            String which = Text.format("seed %d, kill %d", seed, outcomes.size());
            assertThat(attempt).as(which).isLessThan(2 * KILLS + 3);
            if (killOnce(random, outcomes.size() % 5 == 4)) {
                outcomes.add(check(which));
            }
        }
        // Printed, so that a run of 50 says what it covered.
        System.out.println(Text.format("%d recordings killed, seed %d", KILLS, seed));
        outcomes.forEach(outcome -> System.out.println(Text.format(
                "  kept %d events, lost %d: %.2f s of guest time",
                outcome.kept(), outcome.lost(), (double) outcome.lostCycles() / SECOND)));
        long withEvents =
                outcomes.stream().filter(outcome -> outcome.kept() > 0).count();
        assertThat(withEvents).as("kills that left events, seed %d", seed).isGreaterThan(KILLS / 2);
        long withinASecond = outcomes.stream()
                .filter(outcome -> outcome.lostCycles() <= SECOND)
                .count();
        assertThat(withinASecond)
                .as("kills that lost a second at most, seed %d", seed)
                .isGreaterThanOrEqualTo(KILLS / 2);
    }

    /**
     * Kills a recording: when its file has come to any size, or, if {@code early}, at any moment of the time that the
     * first chunk takes. Returns whether it was not faster than that.
     */
    private boolean killOnce(SplittableRandom random, boolean early) throws IOException, InterruptedException {
        Path part = TraceWriter.partOf(killed);
        Files.deleteIfExists(part);
        Files.deleteIfExists(killed);
        Files.deleteIfExists(witness);
        File log = folder.resolve("record.log").toFile();
        Process recording = new ProcessBuilder(WitnessedRecording.command(scenario, killed, witness))
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
        try {
            long until = early ? 0 : random.nextLong(Files.size(whole) * 9 / 10);
            while (recording.isAlive() && (!Files.exists(part) || Files.size(part) < until)) {
                Thread.sleep(1);
            }
            Thread.sleep(random.nextInt(early ? 1_000 : 300));
        } finally {
            recording.destroyForcibly();
        }
        assertThat(recording.waitFor(1, TimeUnit.MINUTES)).isTrue();
        if (recording.exitValue() == 0) {
            return false;
        }
        assertThat(recording.exitValue()).as(() -> read(log)).isEqualTo(128 + 9);
        return true;
    }

    private static String read(File log) {
        try {
            return Files.readString(log.toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private Outcome check(String which) throws IOException {
        WitnessedRecording.Progress reached = Files.exists(witness)
                ? WitnessedRecording.Progress.read(witness)
                : new WitnessedRecording.Progress(0, 0);
        Path part = TraceWriter.partOf(killed);
        try (TraceReader left = TraceReader.open(part);
                TraceReader unkilled = TraceReader.open(whole)) {
            long kept = 0;
            Optional<Stamped> original = unkilled.next();
            for (Optional<Stamped> next = left.next(); next.isPresent(); next = left.next()) {
                assertThat(next).as(which).isEqualTo(original);
                kept++;
                original = unkilled.next();
            }
            assertThat(left.status()).as(which).isInstanceOf(TraceStatus.Torn.class);
            assertThat(left.status().totals().events()).as(which).isEqualTo(kept);
            // An event is counted just after it was taken.
            long lost = reached.events() - kept;
            assertThat(lost).as(which).isGreaterThanOrEqualTo(-1);
            long lostCycles = lost <= 0
                    ? 0
                    : reached.cycle() - original.map(Stamped::cycle).orElse(reached.cycle());
            assertThat(lostCycles).as(which).isLessThanOrEqualTo(CHUNKS_AT_RISK * SECOND);
            if (kept > 0) {
                repairAndReplay(part, kept, which);
            }
            return new Outcome(kept, Math.max(0, lost), lostCycles);
        } catch (TraceFormatException e) {
            // Killed before the file's header was there: nothing was recorded, and the reader says so.
            assertThat(e.reason()).as(which).containsAnyOf("the file ends inside its", "the file is empty");
            return new Outcome(0, reached.events(), reached.cycle());
        }
    }

    private void repairAndReplay(Path part, long kept, String which) throws IOException {
        Terminal terminal =
                new Terminal(new PrintWriter(new StringWriter()), new PrintWriter(new StringWriter()), false);
        Path repaired = folder.resolve("repaired.trace");
        Files.deleteIfExists(repaired);
        assertThat(new RepairCommand(Environments.of(terminal)).run(new RepairCommand.Request(part, repaired)))
                .as(which)
                .isEqualTo(ExitCode.PASS);
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), TraceReplay.Kind.DEVICE)
                .replay(repaired, new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict.exitCode()).as(() -> which + ": " + verdict).isEqualTo(ExitCode.PASS);
        try (TraceReader reader = TraceReader.open(repaired)) {
            TraceEvent last = reader.next().orElseThrow().event();
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                last = next.get().event();
            }
            assertThat(last).as(which).isInstanceOf(TraceEvent.End.class);
            assertThat(reader.status()).as(which).isInstanceOf(TraceStatus.Complete.class);
            assertThat(reader.status().totals().events()).as(which).isEqualTo(kept + 1);
        }
    }
}
