package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.guest.images.ProjectHome;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceFiles;
import dev.semblance.harness.trace.TraceStatus;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is told to end by SIGTERM, as by Ctrl-C, ends properly: the exit code says so, and files are whole or gone. */
@Timeout(300)
class InterruptedRunsTests {

    private static final int BY_SIGTERM = 128 + 15;

    @TempDir
    private Path folder = Path.of("");

    private Path work = Path.of("");
    private Path temporary = Path.of("");

    @BeforeEach
    void makeFolders() throws IOException {
        work = Files.createDirectory(folder.resolve("work"));
        temporary = Files.createDirectory(folder.resolve("tmp"));
    }

    private Process start(Object... words) throws IOException {
        Path home = ProjectHome.guestFolder().orElseThrow().resolve("../..").normalize();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dsemblance.home=" + home,
                "-Djava.io.tmpdir=" + temporary,
                Semblance.class.getName()));
        Stream.of(words).map(Object::toString).forEach(command::add);
        ProcessBuilder builder = new ProcessBuilder(command).directory(work.toFile());
        builder.environment().put("SEMBLANCE_CACHE", folder.resolve("cache").toString());
        return builder.redirectError(log()).start();
    }

    private File log() {
        return folder.resolve("err").toFile();
    }

    private String said() throws IOException {
        return Files.readString(log().toPath());
    }

    private void await(Process process, BooleanSupplier reached) throws InterruptedException, IOException {
        while (!reached.getAsBoolean()) {
            assertThat(process.isAlive()).as(said()).isTrue();
            Thread.sleep(5);
        }
    }

    private void end(Process process) throws InterruptedException, IOException {
        // Not by the process itself: that would close its streams as well.
        process.toHandle().destroy();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(said()).isEqualTo(BY_SIGTERM);
        assertThat(said()).doesNotContain("Exception", "internal error", "cannot be");
    }

    private static List<String> names(Path where) {
        try (Stream<Path> files = Files.list(where)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0; // It has been renamed just now.
        }
    }

    private List<String> leftTemporary() {
        // The library for zstd unpacks itself there, and removes that by itself.
        return names(temporary).stream()
                .filter(name -> !name.startsWith("libzstd"))
                .toList();
    }

    private static void endsInterruptedAndReplays(Path trace, TraceReplay.Kind kind) {
        TraceFiles.Reading reading = TraceFiles.read(trace);
        assertThat(reading.status().orElseThrow()).isInstanceOf(TraceStatus.Complete.class);
        Stamped last = reading.events().getLast();
        assertThat(((TraceEvent.End) last.event()).reason()).isEqualTo(TraceEvent.End.Reason.INTERRUPTED);
        TraceVerdict verdict = new TraceReplay(Recordings.images(), List.of(), kind)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
        assertThat(verdict.exitCode()).as(verdict.toString()).isEqualTo(ExitCode.PASS);
    }

    @Test
    void aRecordingEndsWithAllEventsAndReplaysInBothWays() throws Exception {
        Path trace = work.resolve("t.trace");
        Process process = start("record", "-o", trace);
        // Two chunks: the first has been closed for its age, so that the guest runs.
        await(process, () -> size(work.resolve("t.trace.part")) > 4096);
        end(process);
        assertThat(said()).contains("until the guest powers off or Ctrl-C ends it");
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith(trace + ": ")
                .contains("ended by INTERRUPTED, identity ");
        assertThat(names(work)).containsExactly("t.trace");
        endsInterruptedAndReplays(trace, TraceReplay.Kind.BOTH);
    }

    /** docs/LIVE.md: its guest waits, and nothing wakes it; and nobody can say anything on standard input any more. */
    @Test
    void aGuestWithAPageIsEndedAtOnceThoughItWaitsAndByNothingElse() throws Exception {
        Path program = folder.resolve("wait.bin");
        // wfi, and j . (RISC-V privileged architecture, 3.3.3).
        Files.write(program, new byte[] {0x73, 0x00, 0x50, 0x10, 0x6f, 0, 0, 0});
        Path trace = work.resolve("t.trace");
        Process process = start("record", "--live", "--no-open", "--bare", program, "-o", trace);
        process.getOutputStream().close();
        await(process, () -> {
            try {
                return said().contains("live: http://127.0.0.1:") && size(work.resolve("t.trace.part")) > 0;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        end(process);
        assertThat(said()).containsPattern("(?m)^live: http://127\\.0\\.0\\.1:[0-9]+/[0-9a-f]{32}/$");
        assertThat(names(work)).containsExactly("t.trace");
        TraceFiles.Reading reading = TraceFiles.read(trace);
        assertThat(((TraceEvent.End) reading.events().getLast().event()).reason())
                .isEqualTo(TraceEvent.End.Reason.INTERRUPTED);
    }

    /** What is there may be whole, and cannot be had again. */
    @Test
    void aRecordingThatIsInterruptedTakesNoOthersPlace() throws Exception {
        Path trace = work.resolve("t.trace");
        byte[] before = Files.readAllBytes(trace("flips"));
        Files.write(trace, before);
        Process process = start("record", "-o", trace);
        await(process, () -> size(work.resolve("t.trace.part")) > 4096);
        end(process);
        assertThat(said()).contains(trace + " is as it was, and what was recorded up to here is in " + trace + ".part");
        assertThat(Files.readAllBytes(trace)).isEqualTo(before);
        TraceFiles.Reading kept = TraceFiles.read(work.resolve("t.trace.part"));
        assertThat(kept.status().orElseThrow()).isInstanceOf(TraceStatus.Torn.class);
        assertThat(((TraceEvent.End) kept.events().getLast().event()).reason())
                .isEqualTo(TraceEvent.End.Reason.INTERRUPTED);
    }

    @Test
    void aScriptThatWaitsForItsNextLineLeavesAWholeTrace() throws Exception {
        Path trace = work.resolve("t.trace");
        Process process = start("exec", "-", "-o", trace);
        process.outputWriter().write("{\"op\":\"screendump\"}\n");
        process.outputWriter().flush();
        assertThat(process.inputReader().readLine()).contains("width");
        end(process);
        assertThat(said()).contains("interrupted; what was recorded up to here is in " + trace);
        assertThat(names(work)).containsExactly("t.trace");
        endsInterruptedAndReplays(trace, TraceReplay.Kind.DEVICE);
    }

    @Test
    void reportsAndPacksOnTheirWayAreGone() throws Exception {
        Process replay = start("replay", "--html", work.resolve("r.html"), trace("flips"), trace("cursor"));
        await(replay, () -> names(work).stream().anyMatch(name -> name.endsWith(".new")));
        end(replay);
        assertThat(names(work)).isEmpty();
        assertThat(leftTemporary()).isEmpty();

        Process pack = start("pack", "-o", work.resolve("p.tar"), trace("flips"), trace("cursor"));
        await(pack, () -> !leftTemporary().isEmpty());
        end(pack);
        assertThat(names(work)).isEmpty();
        assertThat(leftTemporary()).isEmpty();
    }

    private static Path trace(String name) {
        return ProjectHome.guestFolder()
                .orElseThrow()
                .resolve("../../recordings")
                .normalize()
                .resolve(name + ".trace");
    }

    @Test
    void aFuzzerSaysWhatItDidAndItsCorpusIsWhole() throws Exception {
        Path corpus = Files.createDirectory(work.resolve("corpus"));
        Process process = start("fuzz", "--seed", "1", "--corpus", corpus);
        await(process, () -> names(corpus).stream().anyMatch(name -> name.endsWith(".trace")));
        end(process);
        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("no difference");
        assertThat(names(corpus)).allMatch(name -> name.endsWith(".trace"));
        for (String name : names(corpus)) {
            assertThat(TraceFiles.read(corpus.resolve(name)).status().orElseThrow())
                    .isInstanceOf(TraceStatus.Complete.class);
        }
    }
}
