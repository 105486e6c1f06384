package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.ConsoleOutput;
import dev.semblance.harness.trace.TraceEvent.End;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceFiles.Reading;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "File". */
class TraceFileTests {

    private static final TraceWriter.Options SMALL_CHUNKS = new TraceWriter.Options(ChunkCodec.STORED, 12);
    private static final End END = new End(End.Reason.SCRIPT, 0, new byte[0]);

    @TempDir
    Path folder;

    private static List<Step> hello() {
        List<Step> steps = new ArrayList<>();
        for (byte value : "hello, world".getBytes(StandardCharsets.US_ASCII)) {
            steps.add(new Step(5, new ConsoleOutput(value)));
        }
        steps.add(new Step(1, END));
        return steps;
    }

    // ---- writing ------------------------------------------------------------------------------------------------

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
        ChunkPipeline pipeline = ChunkPipeline.create(channel, new byte[1], ChunkCodec.STORED);
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

    // ---- reading ------------------------------------------------------------------------------------------------

    @Test
    void aMissingFileAndAFolderAreIoExceptions() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> TraceReader.open(folder.resolve("no")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> TraceReader.open(folder));
    }

    @Test
    void aFileThatIsNoTraceIsCalledThat() {
        for (byte[] bytes : List.of(new byte[100], "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), new byte[1])) {
            assertThat(TraceFiles.read(bytes).failure().orElseThrow().reason()).contains("no Semblance trace");
        }
        assertThat(TraceFiles.read(new byte[0]).failure().orElseThrow().reason())
                .contains("empty");
    }

    @Test
    void aTraceDamagedByATextModeTransferIsToldApart() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] withoutCarriageReturns = new byte[file.length];
        int length = 0;
        for (byte value : file) {
            if (value != '\r') {
                withoutCarriageReturns[length++] = value;
            }
        }
        assertThat(TraceFiles.read(Arrays.copyOf(withoutCarriageReturns, length))
                        .failure()
                        .orElseThrow()
                        .reason())
                .contains("text mode");
    }

    @Test
    void aTraceForALaterReaderIsIncompatibleAndALaterCompatibleOneIsRead() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        file[8] = 9;
        fixHeader(file);
        assertThat(TraceFiles.read(file).status().orElseThrow()).isInstanceOf(TraceStatus.Complete.class);
        file[10] = 9;
        fixHeader(file);
        TraceFormatException failure = TraceFiles.read(file).failure().orElseThrow();
        assertThat(failure).isInstanceOf(IncompatibleTraceException.class);
        assertThat(failure.reason()).contains("version 9", "newer");
    }

    @Test
    void unknownAncillaryChunksAreSkippedAndUnknownCriticalOnesAreIncompatible() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] content = "whatever".getBytes(StandardCharsets.US_ASCII);
        // Put into an unfinished file: a footer's offsets would no longer fit.
        byte[] part = Arrays.copyOf(file, (int) footerOffset(file));
        Reading ancillary = TraceFiles.read(join(part, chunk("note", 99, content)));
        assertThat(ancillary.events()).hasSize(13);
        assertThat(ancillary.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Torn.class,
                        torn -> assertThat(torn.offset()).isEqualTo(part.length + ChunkHeader.SIZE + content.length));
        Reading critical = TraceFiles.read(join(part, chunk("Note", 0, content)));
        assertThat(critical.events()).hasSize(13);
        assertThat(critical.failure().orElseThrow())
                .isInstanceOf(IncompatibleTraceException.class)
                .hasMessageContaining("Note");
    }

    @Test
    void anUnknownCodecIsIncompatible() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] part = Arrays.copyOf(file, headerBytes(file));
        assertThat(TraceFiles.read(join(part, events(77, 2, 6, new byte[6])))
                        .failure()
                        .orElseThrow())
                .isInstanceOf(IncompatibleTraceException.class)
                .hasMessageContaining("codec 77");
    }

    @Test
    void aChunkThatIsMissingOrTwiceThereIsFound() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        int header = headerBytes(file);
        int one = ChunkHeader.SIZE + 12;
        byte[] missing = join(Arrays.copyOf(file, header), Arrays.copyOfRange(file, header + one, file.length));
        assertThat(TraceFiles.read(missing).failure().orElseThrow().reason()).contains("missing or out of order");
        byte[] twice = join(Arrays.copyOf(file, header + one), Arrays.copyOfRange(file, header, file.length));
        assertThat(TraceFiles.read(twice).failure().orElseThrow().reason()).contains("missing or out of order");
    }

    @Test
    void zerosBehindTheLastGoodChunkAreATornFileAsAfterAPowerCut() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] part = Arrays.copyOf(Arrays.copyOf(file, (int) footerOffset(file)), file.length + 100_000);
        Reading reading = TraceFiles.read(part);
        assertThat(reading.events()).hasSize(13);
        assertThat(reading.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Torn.class,
                        torn -> assertThat(torn.offset()).isEqualTo(footerOffset(file)));
    }

    @Test
    void damageWithGoodChunksFarBehindItIsCorruptionAndSaysWhere() {
        List<Step> steps = new ArrayList<>(hello());
        steps.add(2, new Step(0, new ConsoleInput(new byte[200_000])));
        byte[] file = TraceFiles.bytes(steps, SMALL_CHUNKS);
        byte[] part = Arrays.copyOf(file, (int) footerOffset(file));
        int header = headerBytes(file);
        part[header + 5] ^= 1;
        TraceFormatException failure = TraceFiles.read(part).failure().orElseThrow();
        assertThat(failure.offset()).isEqualTo(header);
        assertThat(failure.reason()).contains("damaged");
    }

    @Test
    void bytesBehindTheEndAreFound() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        assertThat(TraceFiles.read(Arrays.copyOf(file, file.length + 1)).failure())
                .isPresent();
    }

    @Test
    void eventsAfterEndAndAFooterWithoutEndAreRefused() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        byte[] end = EventCodec.encode(0, END);
        byte[] twice = join(end, end);
        assertThat(TraceFiles.read(join(start, events(0, 2, twice.length, twice)))
                        .failure()
                        .orElseThrow()
                        .reason())
                .contains("after End");
        byte[] footer = new TraceDigest().footer();
        assertThat(TraceFiles.read(join(start, chunk(ChunkHeader.FOOTER, 0, footer)))
                        .failure()
                        .orElseThrow()
                        .reason())
                .contains("no End");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 100, -1})
    void aChunkHoldsAsManyEventsAsItSays(int count) {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        byte[] two = join(EventCodec.encode(0, new Reset(0)), EventCodec.encode(0, new Reset(0)));
        Reading reading = TraceFiles.read(join(start, events(0, count, two.length, two)));
        assertThat(reading.failure()).isPresent();
        assertThat(reading.failure().orElseThrow().offset()).isEqualTo(start.length);
    }

    @Test
    void theFooterAnnouncesWhatReadingProves() throws Exception {
        Path path = folder.resolve("t.trace");
        TraceTotals totals = TraceFiles.write(path, hello(), SMALL_CHUNKS);
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.announced()).contains(totals);
            assertThat(reader.formatVersion()).isEqualTo(1);
            assertThat(reader.manifest()).isEqualTo(TraceFiles.MANIFEST);
            assertThatIllegalStateException().isThrownBy(reader::status);
            assertThat(reader.readAll((cycle, event) -> {})).isEqualTo(new TraceStatus.Complete(totals));
        }
        byte[] file = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(file, file.length - 1));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.announced()).isEmpty();
        }
    }

    @Test
    void aFooterThatDoesNotFitTheEventsIsRefused() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        int at = (int) footerOffset(file);
        byte[] footer = Arrays.copyOfRange(file, at + ChunkHeader.SIZE, file.length - Trailer.SIZE);
        footer[24] ^= 1;
        ChunkHeader h = ChunkHeader.decode(file, at, file.length).orElseThrow();
        ChunkHeader header = new ChunkHeader(
                h.type(),
                h.codec(),
                h.rawLength(),
                h.storedLength(),
                h.events(),
                h.firstSequence(),
                h.firstCycle(),
                ChunkHeader.crc(footer, 0, footer.length));
        byte[] lying = join(join(Arrays.copyOf(file, at), join(header.encode(), footer)), Trailer.encode(at));
        assertThat(TraceFiles.read(lying).failure().orElseThrow().reason()).contains("identity");
    }

    @Test
    void theIndexStaysSmallHoweverManyChunksThereAre() {
        TraceDigest tally = new TraceDigest();
        byte[] raw = new byte[2];
        for (int i = 0; i < 200_000; i++) {
            tally.add(new ChunkHeader(ChunkHeader.EVENTS, 0, 2, 2, 1, i, i, 0), i * 50L, raw, i);
        }
        assertThat(tally.footer().length).isLessThan(ChunkHeader.MAX_CHUNK_BYTES);
        assertThat(tally.totals().chunks()).isEqualTo(200_000);
    }

    // ---- known good ---------------------------------------------------------------------------------------------

    /** Old versions stay readable: one file for each. A failure here means that users' traces no longer open. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1-zstd.trace",
                "v1-deflate.trace",
                "v1-stored.trace",
                "v2-zstd.trace",
                "v2-deflate.trace",
                "v2-stored.trace"
            })
    void knownGoodFilesOfEveryVersionStayReadable(String name) throws Exception {
        Path path =
                Path.of(TraceFileTests.class.getResource("/known-good/" + name).toURI());
        Reading reading = TraceFiles.read(path);
        int version = name.charAt(1) - '0';
        assertThat(reading.events()).isEqualTo(TraceFiles.stamped(KnownGood.steps(version)));
        assertThat(reading.status().orElseThrow())
                .isInstanceOfSatisfying(
                        TraceStatus.Complete.class,
                        complete -> assertThat(complete.totals().identity()).isEqualTo(KnownGood.identity(version)));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.formatVersion()).isEqualTo(version);
        }
    }

    /** docs/TRACE_FORMAT.md, "Versions": a new Semblance does not make files that an old one cannot read, if it need not. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aTraceIsWrittenInTheLowestVersionThatHoldsIt(int version) throws Exception {
        Path path = folder.resolve("t.trace");
        TraceFiles.write(path, KnownGood.steps(version), new TraceWriter.Options(ChunkCodec.STORED, 160));
        assertThat(Files.readAllBytes(path))
                .isEqualTo(Files.readAllBytes(Path.of(TraceFileTests.class
                        .getResource("/known-good/v" + version + "-stored.trace")
                        .toURI())));
    }

    @Test
    void theReaderBeforeSaysThatItIsTooOld() throws Exception {
        for (int version = 1; version <= FileHeader.VERSION; version++) {
            byte[] file = Files.readAllBytes(Path.of(TraceFileTests.class
                    .getResource("/known-good/v" + version + "-stored.trace")
                    .toURI()));
            try (BoundedFile own = BoundedFile.of(new SeekableInMemoryByteChannel(file))) {
                assertThat(FileHeader.read(own, version).leastReader()).isEqualTo(version);
                int before = version - 1;
                assertThatExceptionOfType(IncompatibleTraceException.class)
                        .isThrownBy(() -> FileHeader.read(own, before))
                        .withMessageContaining("needs a reader of version " + version)
                        .withMessageContaining("Use a newer Semblance");
            }
        }
    }

    /** What a version has not is damage in a file of that version: the reader of that version sees it so, too. */
    @Test
    void aTraceThatHasMoreThanItsVersionIsCorrupt() throws Exception {
        byte[] file = Files.readAllBytes(Path.of(
                TraceFileTests.class.getResource("/known-good/v2-stored.trace").toURI()));
        byte[] older = FileHeader.withVersion(Arrays.copyOf(file, headerBytes(file)), 1);
        System.arraycopy(older, 0, file, 0, older.length);
        assertThat(TraceFiles.read(file).failure().orElseThrow())
                .isNotInstanceOf(IncompatibleTraceException.class)
                .hasMessageContaining("belongs to format version 2, and the trace is of version 1");
    }

    /** A recording that is killed keeps what a reader has to know of it. */
    @Test
    void theVersionIsInThePartBeforeWhatNeedsIt() throws Exception {
        Path path = folder.resolve("t.trace");
        try (TraceWriter writer = TraceWriter.create(path, TraceFiles.MANIFEST, SMALL_CHUNKS)) {
            writer.accept(1, new Reset(0));
            writer.flush();
            try (TraceReader reader = TraceReader.open(TraceWriter.partOf(path))) {
                assertThat(reader.formatVersion()).isEqualTo(1);
            }
            writer.accept(2, new End(End.Reason.STUCK, 0, new byte[0]));
            writer.flush();
            try (TraceReader reader = TraceReader.open(TraceWriter.partOf(path))) {
                assertThat(reader.formatVersion()).isEqualTo(2);
                assertThat(reader.readAll((cycle, event) -> {})).isInstanceOf(TraceStatus.Torn.class);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1-zstd.trace",
                "v1-deflate.trace",
                "v1-stored.trace",
                "v2-zstd.trace",
                "v2-deflate.trace",
                "v2-stored.trace"
            })
    void noBitOfAKnownGoodFileCanChangeUnnoticed(String name) throws Exception {
        byte[] file = Files.readAllBytes(
                Path.of(TraceFileTests.class.getResource("/known-good/" + name).toURI()));
        for (int at = 0; at < file.length; at++) {
            file[at] ^= (byte) (1 << at % 8);
            assertThat(TraceFiles.read(file).failure()).as("byte %d", at).isPresent();
            file[at] ^= (byte) (1 << at % 8);
        }
        assertThat(TraceFiles.read(file).failure()).isEmpty();
    }

    @Test
    void everyPrefixOfAKnownGoodFileOpensOrSaysWhereItEnds() throws Exception {
        byte[] file = Files.readAllBytes(Path.of(
                TraceFileTests.class.getResource("/known-good/v1-stored.trace").toURI()));
        for (int length = 0; length < file.length; length++) {
            Reading reading = TraceFiles.read(Arrays.copyOf(file, length));
            if (length < TraceFiles.firstChunkEnd(file)) {
                assertThat(reading.failure().orElseThrow().offset()).isBetween(0L, (long) length);
            } else {
                assertThat(reading.status().orElseThrow()).isInstanceOf(TraceStatus.Torn.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void everyCodecGivesBackWhatItTook(ChunkCodec codec) throws Exception {
        byte[] raw = new byte[300_000];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i * i >> 7);
        }
        assertThat(codec.expand(codec.compress(raw, raw.length), raw.length)).isEqualTo(raw);
        assertThat(codec.works()).isTrue();
    }

    // ---- bombs --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource(names = {"ZSTD", "DEFLATE"})
    void aBombIsRefusedWithoutExpandingIt(ChunkCodec codec) throws Exception {
        byte[] bomb = codec.compress(new byte[64 << 20], 64 << 20);
        for (int announced : List.of(bomb.length, ChunkHeader.MAX_CHUNK_BYTES)) {
            if (bomb.length <= announced) {
                assertThatExceptionOfType(IOException.class).isThrownBy(() -> codec.expand(bomb, announced));
            }
        }
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        System.gc();
        long before = usedMemory();
        Reading reading = TraceFiles.read(join(start, events(codec.number(), 10, ChunkHeader.MAX_CHUNK_BYTES, bomb)));
        assertThat(reading.failure().orElseThrow().reason()).contains("more than the");
        assertThat(usedMemory() - before).isLessThan(64 << 20);
    }

    private static long usedMemory() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void announcedLengthsBeyondTheLimitAreRefusedBeforeAnythingIsAllocated() {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        for (int raw : List.of(ChunkHeader.MAX_CHUNK_BYTES + 1, Integer.MAX_VALUE, -1, 5)) {
            byte[] header = new ChunkHeader(ChunkHeader.EVENTS, 1, raw, 6, 1, 0, 0, 0).encode();
            TraceFormatException failure =
                    TraceFiles.read(join(start, header)).failure().orElseThrow();
            assertThat(failure.offset()).isEqualTo(start.length);
        }
        byte[] huge = file.clone();
        Arrays.fill(huge, 12, 16, (byte) 0xff);
        fixHeader(huge);
        assertThat(TraceFiles.read(huge).failure().orElseThrow().reason()).contains("manifest of 4294967295 bytes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "28b52ffd" + "00" + "88" + "010000", // window 2^27: 128 MiB
                "28b52ffd" + "00" + "ff" + "010000", // window of terabytes
                "28b52ffd" + "e0" + "ffffffffffffffff" + "010000", // single segment of 2^64 - 1 bytes
                "28b52ffd" + "01" + "00" + "07" + "010000", // a dictionary
                "28b52ffd" + "00" + "00" + "010000" + "28b52ffd" + "00" + "88" + "010000", // a second frame
                "28b52ffd" + "00" + "00" + "000000", // no last block
                "184d2a50" + "00000000", // a skippable frame
            })
    void zstdFramesThatAskForMoreThanAChunkNeedsAreRefused(String hex) {
        byte[] frame = HexFormat.of().parseHex(hex);
        assertThatExceptionOfType(TraceFormatException.class).isThrownBy(() -> ZstdFrame.check(frame));
    }

    @ParameterizedTest
    @EnumSource(names = {"ZSTD", "DEFLATE"})
    void damagedCompressedBytesUnderAGoodChecksumAreRefusedToo(ChunkCodec codec) throws Exception {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        byte[] start = Arrays.copyOf(file, headerBytes(file));
        byte[] raw = new byte[60_000];
        for (int i = 0; i < raw.length; i++) {
            raw[i] = (byte) (i % 251 * (i / 977));
        }
        byte[] good = codec.compress(raw, raw.length);
        for (int at = 0; at < good.length; at += Math.max(1, good.length / 150)) {
            byte[] bad = good.clone();
            bad[at] ^= 0x55;
            // Never anything but a TraceFormatException; these bytes are no events even where they expand.
            assertThat(TraceFiles.read(join(start, events(codec.number(), 1, raw.length, bad)))
                            .failure())
                    .isPresent();
        }
    }

    // ---- building files by hand ---------------------------------------------------------------------------------

    private static byte[] events(int codec, int count, int rawLength, byte[] stored) {
        return join(
                new ChunkHeader(
                                ChunkHeader.EVENTS,
                                codec,
                                rawLength,
                                stored.length,
                                count,
                                0,
                                0,
                                ChunkHeader.crc(stored, 0, stored.length))
                        .encode(),
                stored);
    }

    private static byte[] chunk(String type, int codec, byte[] content) {
        return join(
                new ChunkHeader(
                                type,
                                codec,
                                content.length,
                                content.length,
                                0,
                                0,
                                0,
                                ChunkHeader.crc(content, 0, content.length))
                        .encode(),
                content);
    }

    private static byte[] join(byte[] one, byte[] other) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(one);
        joined.writeBytes(other);
        return joined.toByteArray();
    }

    private static int headerBytes(byte[] file) {
        int manifest = file[12] & 0xff | (file[13] & 0xff) << 8 | (file[14] & 0xff) << 16;
        return FileHeader.FIXED_BYTES + manifest + 4;
    }

    private static long footerOffset(byte[] file) {
        return Trailer.decode(Arrays.copyOfRange(file, file.length - Trailer.SIZE, file.length))
                .orElseThrow();
    }

    private static void fixHeader(byte[] file) {
        int crc = ChunkHeader.crc(file, 0, 16);
        for (int i = 0; i < 4; i++) {
            file[16 + i] = (byte) (crc >>> 8 * i);
        }
    }
}
