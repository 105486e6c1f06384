package dev.semblance.harness.trace;

import static dev.semblance.harness.trace.HandmadeTrace.END;
import static dev.semblance.harness.trace.HandmadeTrace.SMALL_CHUNKS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceFiles.Reading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/TRACE_FORMAT.md, "File": what a writer leaves, however it ends. */
class TraceWriterTests {

    @TempDir
    Path folder;

    @Test
    void theFileHasItsNameOnlyOnceItIsComplete() throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, TraceFiles.MANIFEST)) {
            writer.accept(1, END);
            assertThat(path).doesNotExist();
            assertThat(TraceWriter.partOf(path)).exists();
            TraceTotals totals = writer.complete();
            assertThat(totals.events()).isEqualTo(1);
        }
        assertThat(path).exists();
        assertThat(TraceWriter.partOf(path)).doesNotExist();
    }

    @Test
    void aWriterThatWasClosedWithoutCompleteLeavesAPartWithAllEvents() throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, TraceFiles.MANIFEST)) {
            writer.accept(3, new ConsoleOutput((byte) 'a'));
            writer.accept(4, new ConsoleOutput((byte) 'b'));
        }
        assertThat(path).doesNotExist();
        Reading reading = TraceFiles.read(TraceWriter.partOf(path));
        assertThat(reading.events()).hasSize(2);
        assertThat(reading.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Torn.class,
                        torn -> assertThat(torn.reason()).contains("not finished"));
    }

    @Test
    void whatWasFlushedSurvivesAKill() throws Exception {
        Path path = folder.resolve("t.trace");
        // Never closed before the read, as after a kill.
        try (TraceWriter writer = TraceWriter.create(path, TraceFiles.MANIFEST)) {
            writer.accept(3, new ConsoleOutput((byte) 'a'));
            writer.flush();
            writer.accept(4, new ConsoleOutput((byte) 'b'));
            assertThat(TraceFiles.read(TraceWriter.partOf(path)).events()).hasSize(1);
        }
    }

    @Test
    void aCompleteTraceEndsWithEnd() throws Exception {
        try (TraceWriter writer = TraceWriter.create(folder.resolve("t.trace"), TraceFiles.MANIFEST)) {
            writer.accept(1, new ConsoleOutput((byte) 'a'));
            assertThatIllegalStateException().isThrownBy(writer::complete);
            writer.accept(1, END);
            assertThatIllegalStateException().isThrownBy(() -> writer.accept(2, END));
        }
    }

    @Test
    void eventsDoNotGoBackInTimeNorNameUnknownDevices() throws Exception {
        try (TraceWriter writer = TraceWriter.create(folder.resolve("t.trace"), TraceFiles.MANIFEST)) {
            writer.accept(10, new Reset(0));
            assertThatIllegalArgumentException().isThrownBy(() -> writer.accept(9, new Reset(0)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> writer.accept(11, new Reset(EventArbitraries.DEVICES)));
            // A refused event leaves nothing behind.
            writer.accept(12, END);
            writer.complete();
        }
        assertThat(TraceFiles.read(folder.resolve("t.trace")).events())
                .extracting(TraceEvent.Stamped::cycle)
                .containsExactly(10L, 12L);
    }

    @Test
    void anEventLongerThanAChunkHasOneToItself() {
        byte[] big = new byte[EventParts.PART_BYTES];
        List<Step> steps =
                List.of(new Step(1, new ConsoleOutput((byte) 1)), new Step(1, new ConsoleInput(big)), new Step(1, END));
        Reading reading = TraceFiles.read(TraceFiles.bytes(steps, SMALL_CHUNKS));
        assertThat(reading.events()).isEqualTo(TraceFiles.stamped(steps));
        assertThat(reading.status().orElseThrow().totals().chunks()).isEqualTo(3);
    }

    @Test
    @Timeout(60)
    void aFailedWriteIsReportedAndNotSwallowed() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor())
                .isZero();
        byte[] noise = new byte[EventParts.PART_BYTES];
        new Random(1).nextBytes(noise);
        try (TraceWriter writer = TraceWriter.create(fifo, TraceFiles.MANIFEST)) {
            for (int i = 0; i < 4; i++) {
                writer.accept(i, new ConsoleInput(noise));
            }
            writer.accept(4, END);
            // Whoever reads goes away after a byte; much more than a FIFO holds is still to come.
            Thread.ofPlatform().daemon().start(() -> {
                try (InputStream in = Files.newInputStream(fifo)) {
                    in.read();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            assertThatExceptionOfType(UnwritableException.class)
                    .isThrownBy(writer::complete)
                    .withMessageStartingWith(fifo + " cannot be written: ");
        }
    }

    @Test
    void aTraceThatIsMadeOfAnotherIsThereWholeOrNotAtAll() throws Exception {
        Path path = Files.writeString(folder.resolve("t.trace"), "old");
        try (OutputFile file = OutputFile.create(path);
                TraceWriter writer = TraceWriter.into(file, TraceFiles.MANIFEST)) {
            writer.accept(1, END);
            writer.finish();
            assertThat(TraceFiles.read(file.part()).status().orElseThrow()).isInstanceOf(TraceStatus.Complete.class);
            assertThat(path).hasContent("old");
        }
        assertThat(path).hasContent("old");
        try (OutputFile file = OutputFile.create(path);
                TraceWriter writer = TraceWriter.into(file, TraceFiles.MANIFEST)) {
            writer.accept(1, END);
            writer.complete();
            assertThat(writer.length()).isEqualTo(Files.size(path));
        }
        assertThat(TraceFiles.read(path).events()).hasSize(1);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(path);
        }
    }

    @Test
    void aFailureInTheBackgroundReachesTheRecorder() throws Exception {
        FileChannel channel =
                FileChannel.open(folder.resolve("x"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        ChunkPipeline pipeline =
                ChunkPipeline.create(channel, TraceFiles.MANIFEST, Optional.empty(), ChunkCodec.STORED);
        channel.close();
        // Many more than the queue holds: a failed pipeline must not make the recorder wait for ever either.
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> {
            for (int i = 0; i < 10_000; i++) {
                pipeline.submit(new ChunkPipeline.Job(pipeline.buffer(), 1, i, i, i, 1));
            }
            pipeline.drain();
        });
        assertThat(pipeline.failure()).isPresent();
        assertThatExceptionOfType(IOException.class).isThrownBy(pipeline::drain);
        pipeline.close();
    }

    @Test
    void aFolderThatDoesNotExistIsAnIoException() {
        assertThatExceptionOfType(UnwritableException.class)
                .isThrownBy(() -> TraceWriter.create(folder.resolve("no/t.trace"), TraceFiles.MANIFEST))
                .withMessageContaining("there is no such folder")
                .withCauseInstanceOf(NoSuchFileException.class);
    }
}
