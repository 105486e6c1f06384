package dev.semblance.harness.trace;

import dev.semblance.harness.Futures;
import dev.semblance.harness.files.TemporaryFolder;
import dev.semblance.harness.trace.ChunkScanner.Found;
import dev.semblance.harness.util.Text;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.FutureTask;

/**
 * The chunks of a file in order, those of events expanded and their bytes added to the identity of the trace. While a large one
 * is being used, the next is fetched on another thread, never more than that one. Nothing of it shows: what is wrong with a
 * chunk is told when it is asked for.
 */
final class ChunkSource implements AutoCloseable {

    /** What the walk finds next, and the content of a chunk of events. */
    record Next(Found found, Optional<Content> content) {}

    /** The bytes of a chunk, or why they cannot be had. */
    static final class Content {
        private final byte[] bytes;
        private final Optional<IOException> failure;

        private Content(byte[] bytes, Optional<IOException> failure) {
            this.bytes = bytes;
            this.failure = failure;
        }

        /**
         * {@return the bytes}
         *
         * @throws TraceFormatException if they are damaged
         * @throws IOException if this version or this computer cannot expand them
         */
        byte[] bytes() throws IOException {
            if (failure.isPresent()) {
                throw failure.get();
            }
            return bytes;
        }
    }

    /** A chunk that is fetched already, or soon. */
    private record Ahead(FutureTask<Next> task, Thread thread) {}

    /** Behind a chunk of fewer bytes it is not worth a thread: the small traces, of which tests read thousands. */
    private static final int LARGE = 64 * 1024;

    private final BoundedFile file;
    private final ChunkScanner scanner;
    private final TraceDigest tally;
    private Optional<Ahead> ahead = Optional.empty();

    /**
     * Begins before the first chunk.
     *
     * @param position where that is
     * @param tally is given the bytes of the chunks of events, each right before {@link #next} returns it or a little earlier;
     *     what it says of the identity holds when that has returned anything else
     */
    ChunkSource(BoundedFile file, long position, TraceDigest tally) {
        this.file = file;
        this.scanner = new ChunkScanner(file, position);
        this.tally = tally;
    }

    /** {@return the offset of the chunk after the one that {@link #next} returned last, if that was not one of events} */
    long position() {
        return scanner.position();
    }

    /**
     * {@return the next chunk, or that the file is torn}
     *
     * @throws TraceFormatException if there is damage with good chunks behind it
     */
    Next next() throws IOException {
        Next next;
        if (ahead.isPresent()) {
            FutureTask<Next> task = ahead.get().task();
            ahead = Optional.empty();
            // Where no other thread has come to it, this one does it.
            task.run();
            next = Futures.get(task, IOException.class);
        } else {
            next = fetch();
        }
        if (next.found() instanceof Found.Chunk chunk
                && next.content().isPresent()
                && chunk.header().rawLength() >= LARGE
                && scanner.position() < file.size()) {
            FutureTask<Next> task = new FutureTask<>(this::fetch);
            ahead = Optional.of(
                    new Ahead(task, Thread.ofVirtual().name("trace-reader").start(task)));
        }
        return next;
    }

    private Next fetch() throws IOException {
        Found found = scanner.next();
        return new Next(
                found,
                found instanceof Found.Chunk chunk && chunk.header().type().equals(ChunkHeader.EVENTS)
                        ? Optional.of(content(chunk))
                        : Optional.empty());
    }

    private Content content(Found.Chunk chunk) {
        try {
            byte[] bytes = expand(chunk);
            tally.addContent(bytes, bytes.length);
            return new Content(bytes, Optional.empty());
        } catch (IOException e) {
            return new Content(new byte[0], Optional.of(e));
        }
    }

    /**
     * {@return the content of a chunk}
     *
     * @throws TraceFormatException if it is damaged
     * @throws IncompatibleTraceException if this version or this computer cannot expand it
     */
    static byte[] expand(Found.Chunk compressed) throws IOException {
        ChunkHeader found = compressed.header();
        ChunkCodec codec = ChunkCodec.ofNumber(found.codec())
                .orElseThrow(() -> new IncompatibleTraceException(
                        compressed.offset(),
                        Text.format(
                                "a chunk compressed with codec %d, which this version does not know. Use a newer Semblance",
                                found.codec())));
        if (!codec.works()) {
            // The library is unpacked into a temporary file first.
            TemporaryFolder.check();
            throw new IncompatibleTraceException(
                    compressed.offset(),
                    "the trace is compressed with zstd, whose native library does not load on this computer");
        }
        try {
            return codec.expand(compressed.stored(), found.rawLength());
        } catch (IOException e) {
            throw new TraceFormatException(compressed.offset(), "the chunk cannot be expanded: " + e.getMessage());
        }
    }

    /** Waits for what is under way: it reads the file. */
    @Override
    public void close() {
        if (ahead.isPresent()) {
            ahead.get().task().cancel(false);
            try {
                ahead.get().thread().join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            ahead = Optional.empty();
        }
    }
}
