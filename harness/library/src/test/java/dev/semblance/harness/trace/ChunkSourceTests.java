package dev.semblance.harness.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.semblance.harness.trace.EventArbitraries.Step;
import dev.semblance.harness.trace.TraceEvent.ConsoleInput;
import dev.semblance.harness.trace.TraceFiles.Reading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** docs/TRACE_FORMAT.md, "Chunk": that a large chunk is fetched while the one before it is in use does not show. */
class ChunkSourceTests {

    private static final int CHUNKS = 5;
    private static final int EVENT_BYTES = 100_000;

    /** One event a chunk, each of which is large enough to fetch the next ahead. */
    private static byte[] file(ChunkCodec codec) {
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < CHUNKS; i++) {
            byte[] bytes = new byte[EVENT_BYTES];
            Arrays.fill(bytes, (byte) i);
            steps.add(new Step(1, new ConsoleInput(bytes)));
        }
        steps.add(new Step(1, HandmadeTrace.END));
        return TraceFiles.bytes(steps, new TraceWriter.Options(codec, EVENT_BYTES));
    }

    private static int chunk(byte[] file, int number) {
        int offset = HandmadeTrace.headerBytes(file);
        for (int i = 0; i < number; i++) {
            offset += ChunkHeader.SIZE
                    + ChunkHeader.decode(file, offset, file.length)
                            .orElseThrow()
                            .storedLength();
        }
        return offset;
    }

    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void everyEventBeforeADamagedChunkIsReadAndTheDamageIsToldWithItsOffset(ChunkCodec codec) {
        byte[] good = file(codec);
        for (int damaged = 1; damaged < CHUNKS; damaged++) {
            byte[] file = good.clone();
            int offset = chunk(good, damaged);
            file[offset + ChunkHeader.SIZE + 20] ^= 1;
            Reading reading = TraceFiles.read(file);
            assertThat(reading.events()).hasSize(damaged);
            TraceFormatException failure = reading.failure().orElseThrow();
            assertThat(failure.offset()).isEqualTo(offset);
            assertThat(failure.reason()).contains("checksum");
        }
    }

    @ParameterizedTest
    @EnumSource(ChunkCodec.class)
    void everyEventBeforeAChunkThatDoesNotExpandIsReadAndThatIsToldWithItsOffset(ChunkCodec codec) {
        byte[] good = file(codec);
        for (int damaged = 1; damaged < CHUNKS; damaged++) {
            int offset = chunk(good, damaged);
            ChunkHeader header = ChunkHeader.decode(good, offset, good.length).orElseThrow();
            byte[] stored = Arrays.copyOfRange(
                    good, offset + ChunkHeader.SIZE, offset + ChunkHeader.SIZE + header.storedLength());
            // One byte less than the header of the chunk says is in it.
            ChunkHeader wrong = new ChunkHeader(
                    header.type(),
                    header.codec(),
                    0,
                    header.rawLength() + 1,
                    header.storedLength(),
                    header.events(),
                    header.firstSequence(),
                    header.firstCycle(),
                    ChunkHeader.crc(stored, 0, stored.length));
            byte[] file = good.clone();
            System.arraycopy(wrong.encode(), 0, file, offset, ChunkHeader.SIZE);
            Reading reading = TraceFiles.read(file);
            assertThat(reading.events()).hasSize(damaged);
            TraceFormatException failure = reading.failure().orElseThrow();
            assertThat(failure.offset()).isEqualTo(offset);
            assertThat(failure.reason())
                    .contains("cannot be expanded: it expands to " + header.rawLength() + " bytes instead of");
        }
    }

    @Test
    void aFileThatStopsInsideALargeChunkIsTornThereAndHasTheIdentityOfWhatIsBefore() {
        byte[] good = file(ChunkCodec.STORED);
        List<String> identities = new ArrayList<>();
        for (int whole = 1; whole < CHUNKS; whole++) {
            int offset = chunk(good, whole);
            Reading inside = TraceFiles.read(Arrays.copyOf(good, offset + 1000));
            Reading before = TraceFiles.read(Arrays.copyOf(good, offset));
            assertThat(inside.events()).hasSize(whole);
            TraceStatus.Torn torn = (TraceStatus.Torn) inside.status().orElseThrow();
            assertThat(torn.offset()).isEqualTo(offset);
            assertThat(torn.totals())
                    .isEqualTo(((TraceStatus.Torn) before.status().orElseThrow()).totals());
            identities.add(torn.totals().identity());
        }
        assertThat(identities).doesNotHaveDuplicates();
    }

    @Test
    void aReadThatFailsIsToldWhenItsChunkIsAskedForAndNotBefore() throws IOException {
        byte[] good = file(ChunkCodec.STORED);
        int second = chunk(good, 1);
        try (TraceReader reader = TraceReader.open(new FailingBehind(good, second))) {
            assertThat(reader.next()).isPresent();
            assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessage("no medium");
        }
    }

    @Test
    void aReaderCanBeClosedAfterAnyEventAndAskedForTheEndMeanwhile() throws IOException {
        byte[] good = file(ChunkCodec.ZSTD);
        for (int events = 0; events <= CHUNKS; events++) {
            try (TraceReader reader = TraceReader.open(new SeekableInMemoryByteChannel(good))) {
                for (int i = 0; i < events; i++) {
                    assertThat(reader.next()).isPresent();
                    assertThat(reader.unverifiedEnd()).contains(HandmadeTrace.END);
                    assertThat(reader.unverifiedTotals().orElseThrow().events()).isEqualTo(CHUNKS + 1);
                }
            }
        }
    }

    /** A medium that can be read up to an offset. */
    private static final class FailingBehind implements SeekableByteChannel {
        private final SeekableInMemoryByteChannel bytes;
        private final long end;

        FailingBehind(byte[] bytes, long end) {
            this.bytes = new SeekableInMemoryByteChannel(bytes);
            this.end = end;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            if (bytes.position() >= end) {
                throw new IOException("no medium");
            }
            return bytes.read(target);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
            throw new IOException("read only");
        }

        @Override
        public long position() {
            return bytes.position();
        }

        @Override
        public SeekableByteChannel position(long position) throws IOException {
            bytes.position(position);
            return this;
        }

        @Override
        public long size() {
            return bytes.size();
        }

        @Override
        public SeekableByteChannel truncate(long size) throws IOException {
            throw new IOException("read only");
        }

        @Override
        public boolean isOpen() {
            return bytes.isOpen();
        }

        @Override
        public void close() {
            bytes.close();
        }
    }
}
