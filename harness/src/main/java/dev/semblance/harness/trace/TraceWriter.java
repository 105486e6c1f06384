package dev.semblance.harness.trace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;

/**
 * Writes a trace: into {@code NAME.part} until {@link #complete}, which gives the file its name. Without it the part stays
 * and opens to its last good chunk.
 *
 * <p>A chunk ends when it is full, and when it has lasted long enough in guest time ({@link Options}): a process that is
 * killed loses the chunk at hand and what waits to be written.
 *
 * <p>Compression and writing happen on a thread of their own with a short queue; a full queue makes {@link #accept} wait,
 * and nothing is ever dropped. Safe for several threads, so that {@link #flush} can come from a shutdown hook.
 */
public final class TraceWriter implements EventSink, AutoCloseable {

    /**
     * How to write.
     *
     * @param codec how chunks are compressed
     * @param chunkBytes how many bytes of events make a chunk, 1 to 1 MiB; an event longer than that has one to itself
     * @param chunkCycles how many cycles after a chunk's first event the next chunk begins at the latest, 1 or more
     */
    public record Options(ChunkCodec codec, int chunkBytes, long chunkCycles) {

        /**
         * A second of guest time: what a recording that is killed may lose. Cycles, because the host's clock would give
         * other files for the same run.
         */
        private static final long STANDARD_CYCLES = 65_000_000;

        /** Checks the ranges. */
        public Options {
            if (chunkBytes < 1 || chunkBytes > ChunkHeader.MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException(
                        "chunks of %d bytes; 1 to %d".formatted(chunkBytes, ChunkHeader.MAX_CHUNK_BYTES));
            }
            if (chunkCycles < 1) {
                throw new IllegalArgumentException("chunks of %d cycles; 1 or more".formatted(chunkCycles));
            }
        }

        /** Options whose chunks end by their bytes alone. */
        public Options(ChunkCodec codec, int chunkBytes) {
            this(codec, chunkBytes, Long.MAX_VALUE);
        }

        /**
         * Returns zstd, or deflate where zstd's native library does not load, and chunks of 1 MiB or 65,000,000 cycles,
         * whichever comes first.
         */
        public static Options standard() {
            return new Options(ChunkCodec.best(), ChunkHeader.MAX_CHUNK_BYTES, STANDARD_CYCLES);
        }
    }

    private final Path path;
    private final Path part;
    private final int chunkBytes;
    private final long chunkCycles;
    private final int devices;
    private final ChunkPipeline pipeline;
    private ByteWriter chunk;
    private int events;
    private long sequence;
    private long firstCycle;
    private long lastCycle;
    private boolean ended;
    private boolean closed;

    private TraceWriter(Path path, Path part, TraceManifest manifest, Options options) throws IOException {
        this.path = path;
        this.part = part;
        this.chunkBytes = options.chunkBytes();
        this.chunkCycles = options.chunkCycles();
        this.devices = manifest.devices().size();
        this.pipeline = ChunkPipeline.create(part, FileHeader.encode(manifest), options.codec());
        this.chunk = pipeline.buffer();
    }

    /** Starts a trace that shall be {@code path}, in {@link Options#standard}. */
    public static TraceWriter create(Path path, TraceManifest manifest) throws IOException {
        return create(path, manifest, Options.standard());
    }

    /**
     * Starts a trace that shall be {@code path}. A part that an earlier recording left behind is overwritten.
     *
     * @throws IOException if the part cannot be written, or the codec does not work here
     */
    public static TraceWriter create(Path path, TraceManifest manifest, Options options) throws IOException {
        if (!options.codec().works()) {
            throw new IOException("the native library of %s does not load here".formatted(options.codec()));
        }
        return new TraceWriter(path, partOf(path), manifest, options);
    }

    /** Returns the file in which a trace grows that shall be {@code path}. */
    public static Path partOf(Path path) {
        return path.resolveSibling(path.getFileName() + ".part");
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the event cannot be encoded ({@link EventCodec}), goes back in time, or names a
     *     device that the manifest does not list
     * @throws UncheckedIOException if writing failed, now or at an earlier chunk
     */
    @Override
    public synchronized void accept(long cycle, TraceEvent event) {
        if (closed || ended) {
            throw new IllegalStateException("the trace has ended");
        }
        if (event instanceof TraceEvent.OfDevice of && of.device() >= devices) {
            throw new IllegalArgumentException(
                    "an event of device %d; the manifest lists %d".formatted(of.device(), devices));
        }
        if (events > 0 && cycle - firstCycle >= chunkCycles) {
            cut();
        }
        int start = chunk.position();
        EventCodec.encode(cycle - lastCycle, event, chunk);
        if (events > 0 && chunk.position() > chunkBytes) {
            byte[] encoded = chunk.toByteArray();
            chunk.rewind(start);
            cut();
            chunk.raw(encoded, start, encoded.length - start);
        }
        if (events == 0) {
            firstCycle = cycle;
        }
        lastCycle = cycle;
        events++;
        ended = event instanceof TraceEvent.End;
    }

    /** Ends the current chunk and waits until all events so far are in the file. */
    public synchronized void flush() throws IOException {
        if (!closed) {
            try {
                cut();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            }
            pipeline.drain();
        }
    }

    /**
     * Finishes the trace: writes the footer, brings everything to the disk, and gives the file its name.
     *
     * @throws IllegalStateException if the last event is not {@link TraceEvent.End}
     */
    public synchronized TraceTotals complete() throws IOException {
        if (closed) {
            throw new IllegalStateException("the trace is closed");
        }
        if (!ended) {
            throw new IllegalStateException("a complete trace ends with an End event");
        }
        flush();
        TraceTotals totals = pipeline.finish();
        close();
        Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return totals;
    }

    /** Writes what is left and closes the file; without {@link #complete} before, it remains a part. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            flush();
        } finally {
            closed = true;
            pipeline.close();
        }
    }

    /** Returns the failure of a write, if one has happened: a long run may want to stop early. */
    public Optional<IOException> failure() {
        return pipeline.failure();
    }

    private void cut() {
        if (events == 0) {
            return;
        }
        try {
            pipeline.submit(new ChunkPipeline.Job(chunk, events, sequence, firstCycle, lastCycle));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        sequence += events;
        events = 0;
        chunk = pipeline.buffer();
    }
}
