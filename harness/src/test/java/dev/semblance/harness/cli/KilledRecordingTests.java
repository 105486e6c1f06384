package dev.semblance.harness.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.images.ProjectHome;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFormatException;
import dev.semblance.harness.trace.TraceReader;
import dev.semblance.harness.trace.TraceStatus;
import dev.semblance.harness.trace.TraceWriter;
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
 * Issue 3, "Proof": a recording that is killed with SIGKILL opens to its last good chunk, and can be repaired. Twice here,
 * 50 times in the Maven profile {@code hostile}.
 */
class KilledRecordingTests {

    private static final int KILLS = Integer.getInteger("semblance.hostile.kills", 2);

    /** A chunk is written at every mebibyte of events: this run shows and draws all the time. */
    private static final String SCENARIO = """
            wait "rv32# " within 4e9
            type "while true; do fbdraw; cat /proc/interrupts; done\\n"
            wait "never printed" within 900e9
            """;

    /** How long the recording may run before it is killed. */
    private static final int MAX_MILLIS = Integer.getInteger("semblance.hostile.killMillis", 4_000);

    @TempDir
    private Path folder = Path.of("");

    @Test
    void aKilledRecordingOpensToItsLastGoodChunkAndIsRepaired() throws IOException, InterruptedException {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        Path scenario = Files.writeString(folder.resolve("s.scenario"), SCENARIO);
        int withEvents = 0;
        for (int kill = 0; kill < KILLS; kill++) {
            Path trace = folder.resolve("killed.trace");
            Path part = TraceWriter.partOf(trace);
            Files.deleteIfExists(part);
            Process recording = record(scenario, trace);
            // From when there is a file, at any moment: before its header is whole, too.
            awaitPart(part, recording);
            Thread.sleep(random.nextInt(MAX_MILLIS));
            assertThat(recording.isAlive())
                    .as("the recording goes on, seed %d", seed)
                    .isTrue();
            recording.destroyForcibly();
            assertThat(recording.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(recording.exitValue()).isEqualTo(128 + 9);
            withEvents += check(part, "seed %d, kill %d".formatted(seed, kill)) ? 1 : 0;
        }
        // Printed, so that a run of 50 says what it covered.
        System.out.printf("%d recordings killed, %d of them with events; seed %d%n", KILLS, withEvents, seed);
    }

    private Process record(Path scenario, Path trace) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path")));
        Path home = ProjectHome.guestFolder().orElseThrow();
        command.add("-Dsemblance.home=" + home.resolve("..").resolve("..").normalize());
        command.add("-Duser.home=" + folder);
        command.addAll(List.of(
                Semblance.class.getName(), "record", "--scenario", scenario.toString(), "-o", trace.toString()));
        File log = folder.resolve("record.log").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log)
                .start();
    }

    private void awaitPart(Path part, Process recording) throws IOException, InterruptedException {
        while (!Files.exists(part)) {
            assertThat(recording.isAlive())
                    .as("the recording has started: %s", Files.readString(folder.resolve("record.log")))
                    .isTrue();
            Thread.sleep(5);
        }
    }

    /** Reads and repairs what is left; tells whether there were events. */
    private boolean check(Path part, String which) throws IOException {
        long events = 0;
        TraceStatus status;
        try (TraceReader reader = TraceReader.open(part)) {
            for (Optional<Stamped> next = reader.next(); next.isPresent(); next = reader.next()) {
                events++;
            }
            status = reader.status();
        } catch (TraceFormatException e) {
            // Killed before the file's header was there: nothing was recorded, and the reader says so.
            assertThat(e.reason()).as(which).containsAnyOf("the file ends inside its", "the file is empty");
            return false;
        }
        assertThat(status).as(which).isInstanceOf(TraceStatus.Torn.class);
        assertThat(status.totals().events()).as(which).isEqualTo(events);
        StringWriter out = new StringWriter();
        Terminal terminal = new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter()), false);
        Path whole = part.resolveSibling("whole.trace");
        Files.deleteIfExists(whole);
        if (events > 0) {
            assertThat(new RepairAction(terminal).run(new Actions.Repair(part, whole)))
                    .as(which)
                    .isEqualTo(ExitCode.PASS);
            assertThat(new InfoAction(terminal).run(List.of(whole))).as(which).isEqualTo(ExitCode.PASS);
        }
        return events > 0;
    }
}
