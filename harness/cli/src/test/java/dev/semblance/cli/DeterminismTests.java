package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.scenario.Scenario;
import dev.semblance.harness.record.session.RecordingRun;
import dev.semblance.harness.record.session.SessionConfig;
import dev.semblance.harness.trace.ChunkCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceTotals;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.machine.boot.BadImageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/ARCHITECTURE.md, corners 1, 2 and 4: the same run is the same, whatever watches it and wherever it is done. */
class DeterminismTests {

    private static final Pattern IDENTITY = Pattern.compile("identity ([0-9a-f]{64})");

    @TempDir
    private Path folder = Path.of("");

    private final SessionConfig config = Recordings.linux(Recordings.BOOTARGS, 5);
    private final Optional<Scenario> toTheShell =
            Optional.of(Recordings.scenario("wait \"rv32# \" within 2e9\nsnapshot shell\n"));

    private static TraceEvent.End end(Path trace) {
        return (TraceEvent.End) Recordings.events(trace).getLast().event();
    }

    @Test
    void recordingTwiceGivesTheSameEventsWhateverTheCodec() {
        Path first = folder.resolve("first.trace");
        Path second = folder.resolve("second.trace");
        TraceTotals totals = Recordings.record(config, toTheShell, first);
        TraceTotals again = Recordings.record(
                config, toTheShell, second, new TraceWriter.Options(ChunkCodec.DEFLATE, 5_000), Long.MAX_VALUE);
        assertThat(again.identity()).isEqualTo(totals.identity());
        assertThat(again.events()).isEqualTo(totals.events()).isGreaterThan(500);
        assertThat(again.chunks()).isGreaterThan(totals.chunks());
        assertThat(end(second)).isEqualTo(end(first));
        assertThat(end(first).stateDigest()).hasSize(32);
        assertThat(end(first).reason()).isEqualTo(TraceEvent.End.Reason.SCENARIO);
    }

    /** docs/ARCHITECTURE.md, corner 4: whether a run is recorded, it cannot tell. */
    @Test
    void recordingNeverChangesTheRun() throws BadImageException {
        Path trace = folder.resolve("t.trace");
        Recordings.record(config, toTheShell, trace);
        RecordingRun unseen = new RecordingRun(config, toTheShell, Optional.empty(), value -> {});
        RecordingRun.Outcome outcome = unseen.run(Long.MAX_VALUE, cycle -> {});
        assertThat(unseen.session().machine().stateDigest())
                .isEqualTo(end(trace).stateDigest());
        assertThat(outcome.instret()).isEqualTo(end(trace).instret());
    }

    @Test
    void anotherSeedOrCommandLineIsAnotherRun() {
        String identity =
                Recordings.record(config, toTheShell, folder.resolve("a.trace")).identity();
        SessionConfig seeded = Recordings.linux(Recordings.BOOTARGS, 6);
        assertThat(Recordings.record(seeded, toTheShell, folder.resolve("b.trace"))
                        .identity())
                .isNotEqualTo(identity);
    }

    @Test
    void aRunIsTheSameWhateverTheJvmCompilesCollectsAndIsTold() throws Exception {
        List<Process> processes = new ArrayList<>();
        List<List<String>> settings = List.of(
                List.of("-XX:+UseSerialGC"),
                List.of("-XX:+UseSerialGC", "-Xint"),
                List.of(
                        "-XX:+UseParallelGC",
                        "-Duser.language=tr",
                        "-Duser.country=TR",
                        "-Duser.timezone=Pacific/Kiritimati"),
                List.of("-XX:+UseG1GC", "-XX:TieredStopAtLevel=1", "-XX:hashCode=2", "-Dfile.encoding=ISO-8859-1"),
                List.of("-XX:+UseZGC", "-XX:-TieredCompilation", "-XX:ActiveProcessorCount=1"),
                List.of("-XX:+UseSerialGC", "-Dsemblance.two-efforts=true", "-XX:TieredStopAtLevel=1"));
        for (List<String> options : settings) {
            processes.add(spawn("r" + processes.size() + ".trace", "translator", options));
        }
        processes.add(
                spawn("interpreted.trace", "interpreter", List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")));
        List<String> identities = new ArrayList<>();
        for (Process process : processes) {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher matcher = IDENTITY.matcher(output);
            assertThat(matcher.find()).as(output).isTrue();
            identities.add(matcher.group(1));
            assertThat(process.waitFor()).isZero();
        }
        assertThat(identities).hasSize(settings.size() + 1).containsOnly(identities.getFirst());
    }

    private Process spawn(String trace, String core, List<String> options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:-UsePerfData"));
        command.add("-XX:+UnlockExperimentalVMOptions");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        command.add("dev.semblance.cli.Semblance");
        command.addAll(List.of(
                "record",
                "--core",
                core,
                "--bare",
                Recordings.bare("mix-semu.bin").toString()));
        command.addAll(
                List.of("--max-cycles", "3e6", "-o", folder.resolve(trace).toString()));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SEMBLANCE_CACHE", folder.resolve("cache").toString());
        return builder.start();
    }
}
