package dev.semblance.harness.trace;

import static dev.semblance.harness.trace.HandmadeTrace.END;
import static dev.semblance.harness.trace.HandmadeTrace.SMALL_CHUNKS;
import static dev.semblance.harness.trace.HandmadeTrace.chunk;
import static dev.semblance.harness.trace.HandmadeTrace.events;
import static dev.semblance.harness.trace.HandmadeTrace.fixHeader;
import static dev.semblance.harness.trace.HandmadeTrace.footerOffset;
import static dev.semblance.harness.trace.HandmadeTrace.headerBytes;
import static dev.semblance.harness.trace.HandmadeTrace.hello;
import static dev.semblance.harness.trace.HandmadeTrace.join;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceEvent.Reset;
import dev.semblance.harness.trace.TraceFiles.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** docs/TRACE_FORMAT.md, "File": what a reader takes, and what it says of the rest. */
class TraceReaderTests {

    @TempDir
    Path folder;

    @Test
    void aMissingFileAndAFolderAreIoExceptions() {
        assertThatExceptionOfType(NoSuchFileException.class).isThrownBy(() -> TraceReader.open(folder.resolve("no")));
        assertThatExceptionOfType(IOException.class).isThrownBy(() -> TraceReader.open(folder));
    }

    @Test
    void aFileThatIsNoTraceIsCalledThat() {
        for (byte[] bytes : List.of(new byte[100], "#!/bin/sh\n".getBytes(StandardCharsets.US_ASCII), new byte[1])) {
            assertThat(TraceFiles.read(bytes).failure().orElseThrow().reason()).contains("not a Semblance trace");
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
                .contains("is not End");
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
            assertThat(reader.unverifiedTotals()).contains(totals);
            assertThat(reader.formatVersion()).isEqualTo(1);
            assertThat(reader.manifest()).isEqualTo(TraceFiles.MANIFEST);
            assertThatIllegalStateException().isThrownBy(reader::status);
            assertThat(reader.readAll((cycle, event) -> {})).isEqualTo(new TraceStatus.Complete(totals));
        }
        byte[] file = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(file, file.length - 1));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.unverifiedTotals()).isEmpty();
        }
    }

    /** docs/TRACE_FORMAT.md, "Footer": the index leads to a chunk near the end, whichever chunks it has entries for. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 40, 300})
    void theEndOfACompleteTraceIsFoundWithoutReadingTheRest(int events) throws Exception {
        Path path = folder.resolve("t.trace");
        TraceEvent.End end = new TraceEvent.End(TraceEvent.End.Reason.POWER_OFF, 123_456_789_012L, new byte[] {1, 2});
        List<Step> steps = new ArrayList<>(Collections.nCopies(events - 1, new Step(7, new Reset(0))));
        steps.add(new Step(5, end));
        TraceFiles.write(path, steps, SMALL_CHUNKS);
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.unverifiedEnd()).contains(end);
            assertThat(reader.readAll((cycle, event) -> {})).isInstanceOf(TraceStatus.Complete.class);
            assertThat(reader.unverifiedEnd()).contains(end);
        }
        byte[] file = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(file, file.length - 1));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.unverifiedEnd()).isEmpty();
        }
    }

    /** The offset is the file's word: nothing, or an error that says so, and never another's bytes. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 17})
    void anIndexThatLeadsNowhereTellsNoEnd(long offset) throws Exception {
        byte[] file = TraceFiles.bytes(hello(), SMALL_CHUNKS);
        int at = (int) footerOffset(file);
        ChunkHeader h = ChunkHeader.decode(file, at, file.length).orElseThrow();
        byte[] footer = ChunkCodec.ofNumber(h.codec())
                .orElseThrow()
                .expand(Arrays.copyOfRange(file, at + ChunkHeader.SIZE, file.length - Trailer.SIZE), h.rawLength());
        ByteBuffer.wrap(footer).order(ByteOrder.LITTLE_ENDIAN).putLong(footer.length - 24, offset);
        ChunkHeader header = new ChunkHeader(
                h.type(),
                ChunkCodec.STORED.number(),
                footer.length,
                footer.length,
                0,
                h.firstSequence(),
                h.firstCycle(),
                ChunkHeader.crc(footer, 0, footer.length));
        Path path = folder.resolve("t.trace");
        Files.write(path, join(join(Arrays.copyOf(file, at), join(header.encode(), footer)), Trailer.encode(at)));
        try (TraceReader reader = TraceReader.open(path)) {
            assertThat(reader.unverifiedTotals()).isPresent();
            assertThat(reader.unverifiedEnd()).isEmpty();
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
            tally.addContent(raw, raw.length);
            tally.add(new ChunkHeader(ChunkHeader.EVENTS, 0, 2, 2, 1, i, i, 0), i * 50L, i);
        }
        assertThat(tally.footer().length).isLessThan(ChunkHeader.MAX_CHUNK_BYTES);
        assertThat(tally.totals().chunks()).isEqualTo(200_000);
    }
}
