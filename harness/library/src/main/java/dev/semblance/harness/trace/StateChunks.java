package dev.semblance.harness.trace;

import dev.semblance.harness.trace.ChunkScanner.Found;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.state.BadStateException;
import dev.semblance.machine.state.SavedState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * A saved state as chunks of a trace, before those of events (docs/TRACE_FORMAT.md, "Stored state"). What they hold together is
 * compressed piece by piece, so neither side has the whole of it in memory besides the state.
 */
final class StateChunks {

    /** Ancillary: who does not play machines skips them. */
    static final String TYPE = "stat";

    private StateChunks() {}

    /** Takes chunks in order. */
    @FunctionalInterface
    interface ChunkSink {
        void accept(ChunkHeader header, byte[] stored) throws IOException;
    }

    /** Writes a state. */
    static void write(SavedState state, ChunkCodec codec, ChunkSink sink) throws IOException {
        try (Pieces pieces = new Pieces(codec, sink)) {
            state.writeTo(pieces);
        }
    }

    private static final class Pieces extends OutputStream {
        private final ChunkCodec codec;
        private final ChunkSink sink;
        private final byte[] piece = new byte[ChunkHeader.MAX_CHUNK_BYTES];
        private int length;

        Pieces(ChunkCodec codec, ChunkSink sink) {
            this.codec = codec;
            this.sink = sink;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            Objects.checkFromIndexSize(offset, count, bytes.length);
            int done = 0;
            while (done < count) {
                int some = Math.min(count - done, piece.length - length);
                System.arraycopy(bytes, offset + done, piece, length, some);
                length += some;
                done += some;
                if (length == piece.length) {
                    end();
                }
            }
        }

        private void end() throws IOException {
            byte[] compressed = codec.compress(piece, length);
            boolean pays = compressed.length < length;
            byte[] stored = pays ? compressed : Arrays.copyOf(piece, length);
            ChunkHeader header = new ChunkHeader(
                    TYPE,
                    (pays ? codec : ChunkCodec.STORED).number(),
                    length,
                    stored.length,
                    0,
                    0,
                    0,
                    ChunkHeader.crc(stored, 0, stored.length));
            sink.accept(header, stored);
            length = 0;
        }

        @Override
        public void close() throws IOException {
            if (length > 0) {
                end();
            }
        }
    }

    /**
     * Reads a state.
     *
     * @param file the trace
     * @param start where its first chunk is
     * @param most the most bytes that it may have
     * @throws TraceFormatException if there is none, or it is damaged
     * @throws IOException if it cannot be read
     */
    static SavedState read(BoundedFile file, long start, long most) throws IOException {
        Expanded content = new Expanded(file, new ChunkScanner(file, start));
        SavedState state;
        try {
            state = SavedState.readFrom(content, most);
        } catch (BadStateException e) {
            throw new TraceFormatException(
                    content.position(), "the state that its machine begins in: " + e.getMessage());
        }
        if (content.read() >= 0) {
            throw new TraceFormatException(content.position(), "bytes follow the state that its machine begins in");
        }
        return state;
    }

    /** What the chunks hold, one after the other. */
    private static final class Expanded extends InputStream {
        private final BoundedFile file;
        private final ChunkScanner chunks;
        private InputStream piece = InputStream.nullInputStream();
        private boolean ended;

        Expanded(BoundedFile file, ChunkScanner chunks) {
            this.file = file;
            this.chunks = chunks;
        }

        long position() {
            return chunks.position();
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, target.length);
            if (length == 0) {
                return 0;
            }
            while (!ended) {
                int count = piece.read(target, offset, length);
                if (count > 0) {
                    return count;
                }
                next();
            }
            return -1;
        }

        private void next() throws IOException {
            if (chunks.position() == file.size()) {
                ended = true;
                return;
            }
            switch (chunks.next()) {
                case Found.Torn torn -> throw new TraceFormatException(torn.offset(), torn.reason());
                case Found.Chunk chunk -> {
                    ended = !chunk.header().type().equals(TYPE);
                    if (!ended) {
                        check(chunk);
                        piece = new ByteArrayInputStream(ChunkSource.expand(chunk));
                    }
                }
            }
        }

        private static void check(Found.Chunk chunk) throws TraceFormatException {
            if (chunk.header().events() != 0 || chunk.header().rawLength() == 0) {
                throw new TraceFormatException(
                        chunk.offset(),
                        Text.format(
                                "a chunk of type %s with %s and %s",
                                TYPE,
                                Text.count(Integer.toUnsignedLong(chunk.header().events()), "event"),
                                Text.count(chunk.header().rawLength(), "byte")));
            }
        }
    }
}
