package dev.semblance.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.ExitCode;
import dev.semblance.harness.Recordings;
import dev.semblance.harness.replay.Goldens;
import dev.semblance.harness.replay.SyntheticGuest;
import dev.semblance.harness.replay.TraceReplay;
import dev.semblance.harness.replay.TraceVerdict;
import dev.semblance.harness.trace.ChunkCodec;
import dev.semblance.harness.trace.TraceEvent;
import dev.semblance.harness.trace.TraceEvent.Stamped;
import dev.semblance.harness.trace.TraceWriter;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code repair}: every good event is kept, and what was lost is said. */
class RepairTests {

    @TempDir
    private Path folder = Path.of("");

    private final StringWriter out = new StringWriter();
    private final Terminal terminal =
            new Terminal(new PrintWriter(out), new PrintWriter(new StringWriter(), true), false);
    private Path sound = Path.of("");
    private Path whole = Path.of("");
    private List<Stamped> events = List.of();

    @BeforeEach
    void makeTrace() {
        whole = folder.resolve("whole.trace");
        Path recorded = folder.resolve("recorded.trace");
        SyntheticGuest.record(recorded, 9, false, 80);
        events = Recordings.events(recorded);
        sound = write("sound.trace", recorded, events, 1024);
    }

    /** In chunks so small that a cut leaves many. */
    private Path write(String name, Path original, List<Stamped> all, int chunkBytes) {
        Path trace = folder.resolve(name);
        try (TraceWriter writer = TraceWriter.create(
                trace, Recordings.manifest(original), new TraceWriter.Options(ChunkCodec.STORED, chunkBytes))) {
            all.forEach(event -> writer.accept(event.cycle(), event.event()));
            writer.complete();
            return trace;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ExitCode repair(Path torn) {
        return new RepairCommand(Environments.of(terminal)).run(new RepairCommand.Request(torn, whole));
    }

    private TraceVerdict replay(Path trace, TraceReplay.Kind kind) {
        return new TraceReplay(Recordings.images(), List.of(), kind)
                .replay(trace, new Goldens("t", Optional.empty()), cycle -> {});
    }

    @Test
    void aWholeFileIsLeftAsItIs() {
        assertThat(repair(sound)).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains(Text.format("is whole: %,d events", events.size()));
        assertThat(whole).doesNotExist();
    }

    @Test
    void whereverAFileIsCutItsGoodEventsAreKeptAndReplay() throws IOException {
        byte[] bytes = Files.readAllBytes(sound);
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int firstChunk = 24 + fields.getInt(12);
        int firstChunkEnd = firstChunk + 48 + fields.getInt(firstChunk + 16);
        int repaired = 0;
        for (int length = bytes.length - 1; length > 600; length -= Math.max(1, bytes.length / 23)) {
            Path torn = Files.write(folder.resolve("torn.trace.part"), Arrays.copyOf(bytes, length));
            Files.deleteIfExists(whole);
            // Nothing reads a file that stops before its first event.
            if (length < firstChunkEnd) {
                assertThatThrownBy(() -> repair(torn)).hasMessageContaining("holds no good event");
                assertThat(whole).doesNotExist();
                continue;
            }
            List<Stamped> good = Recordings.events(torn);
            assertThat(repair(torn)).isEqualTo(ExitCode.PASS);
            List<Stamped> kept = Recordings.events(whole);
            assertThat(kept.subList(0, good.size())).isEqualTo(good);
            boolean ended = good.getLast().event() instanceof TraceEvent.End;
            assertThat(kept).hasSize(good.size() + (ended ? 0 : 1));
            assertThat(kept.getLast().event()).isInstanceOf(TraceEvent.End.class);
            assertThat(replay(whole, TraceReplay.Kind.DEVICE).exitCode()).isEqualTo(ExitCode.PASS);
            repaired++;
        }
        assertThat(repaired).isGreaterThan(5);
    }

    /** The most usual way to call it: the part of a recording becomes the recording. */
    @Test
    void aPartCanBecomeTheFileThatItWasMeantToBe() throws IOException {
        byte[] bytes = Files.readAllBytes(sound);
        Path part = Files.write(folder.resolve("whole.trace.part"), Arrays.copyOf(bytes, bytes.length - 20));
        assertThat(repair(part)).isEqualTo(ExitCode.PASS);
        assertThat(Recordings.events(whole)).isEqualTo(events);
        assertThat(out.toString()).contains("the recording had come to its end");
        assertThat(part).hasSize(bytes.length - 20);
    }

    @Test
    void whatStandsBehindTheEndIsCutOffAndDamageInTheMiddleEndsTheTrace() throws IOException {
        byte[] bytes = Files.readAllBytes(sound);
        assertThat(repair(Files.write(folder.resolve("t"), Arrays.copyOf(bytes, bytes.length + 40))))
                .isEqualTo(ExitCode.PASS);
        assertThat(Recordings.events(whole)).isEqualTo(events);
        bytes[bytes.length - bytes.length / 4] ^= 1;
        assertThat(repair(Files.write(folder.resolve("t"), bytes))).isEqualTo(ExitCode.PASS);
        assertThat(out.toString()).contains("though good data follows");
        assertThat(Recordings.events(whole).size()).isBetween(2, events.size() - 1);
    }

    @Test
    void aFileIsNotWrittenOverItself() throws IOException {
        Path torn = Files.write(whole, Arrays.copyOf(Files.readAllBytes(sound), 9_000));
        byte[] before = Files.readAllBytes(torn);
        assertThatThrownBy(() -> repair(torn)).hasMessageContaining("is a file that is read; name another file");
        assertThat(torn).hasBinaryContent(before);
    }

    /** The machine goes on at the cycle of the last event; what is missing there is no divergence. */
    @Test
    void bothReplaysFollowARepairedRecordingToItsEnd() throws IOException {
        Path recorded = Recordings.cursor();
        List<Stamped> all = Recordings.events(recorded);
        Path small = Recordings.write(folder.resolve("small.trace"), Recordings.manifest(recorded), all);
        byte[] bytes = Files.readAllBytes(small);
        Path torn = Files.write(folder.resolve("torn.trace"), Arrays.copyOf(bytes, bytes.length / 3));
        assertThat(repair(torn)).isEqualTo(ExitCode.PASS);
        TraceVerdict verdict = replay(whole, TraceReplay.Kind.BOTH);
        assertThat(verdict.exitCode()).isEqualTo(ExitCode.PASS);
        assertThat(verdict)
                .isInstanceOfSatisfying(
                        TraceVerdict.Replayed.class,
                        replayed -> assertThat(replayed.machine()).isPresent());
    }
}
