package dev.semblance.harness.trace;

import dev.semblance.harness.UnwritableException;
import dev.semblance.harness.files.OutputFile;
import dev.semblance.harness.util.Text;
import dev.semblance.machine.profile.SemuPlatform;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a trace. That of a {@linkplain #create recorder} grows as {@code NAME.part} until {@link #complete}, which gives the
 * file its name; without it the part stays and opens to its last good chunk. One that is made of something that is still
 * there is written {@linkplain #into into} a file that vanishes if it is not completed.
 *
 * <p>The header says the lowest format version that has everything in the trace, and is changed when that becomes a higher
 * one.
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
        private static final long STANDARD_CYCLES = SemuPlatform.TIMEBASE_FREQUENCY;

        /** Checks the ranges. */
        public Options {
            if (chunkBytes < 1 || chunkBytes > ChunkHeader.MAX_CHUNK_BYTES) {
                throw new IllegalArgumentException(
                        Text.format("chunks of %d bytes; 1 to %d", chunkBytes, ChunkHeader.MAX_CHUNK_BYTES));
            }
            if (chunkCycles < 1) {
                throw new IllegalArgumentException(Text.format("chunks of %d cycles; 1 or more", chunkCycles));
            }
        }

        /**
         * Options whose chunks end by their bytes alone.
         *
         * @param codec how chunks are compressed
         * @param chunkBytes how large a chunk grows before it is written
         */
        public Options(ChunkCodec codec, int chunkBytes) {
            this(codec, chunkBytes, Long.MAX_VALUE);
        }

        /**
         * {@return zstd, or deflate where zstd's native library does not load, and chunks of 1 MiB or 65,000,000 cycles,
         * whichever comes first}
         */
        public static Options standard() {
            return new Options(ChunkCodec.best(), ChunkHeader.MAX_CHUNK_BYTES, STANDARD_CYCLES);
        }

        /** {@return {@link #standard}, but where time is the host's, with chunks of a second of it} */
        static Options standard(TraceManifest manifest) {
            Options standard = standard();
            return manifest.clock().isPresent()
                    ? new Options(standard.codec(), standard.chunkBytes(), Math.max(1, manifest.cyclesPerSecond()))
                    : standard;
        }
    }

    private final OutputFile file;
    private final boolean recorder;
    private final int chunkBytes;
    private final long chunkCycles;
    private final int devices;
    private final ChunkPipeline pipeline;
    private ByteWriter chunk;
    private int events;
    private long sequence;
    private long firstCycle;
    private long lastCycle;
    private int leastReader;
    private boolean ended;
    private boolean finished;
    private boolean closed;

    private TraceWriter(
            OutputFile file, boolean recorder, TraceManifest manifest, Optional<SavedState> state, Options options)
            throws IOException {
        this.file = file;
        this.recorder = recorder;
        this.chunkBytes = options.chunkBytes();
        this.chunkCycles = options.chunkCycles();
        this.devices = manifest.devices().size();
        // What is made of a trace has its state only if it is given.
        TraceManifest told = state.isPresent()
                ? manifest
                : manifest.with().storedState(Optional.empty()).build();
        if (state.isPresent() && manifest.storedState().isEmpty()) {
            throw new IllegalArgumentException("a state that the manifest does not tell of");
        }
        this.leastReader = FormatVersions.leastReader(told);
        this.pipeline = ChunkPipeline.create(file.channel(), told, state, options.codec());
        this.chunk = pipeline.buffer();
    }

    /**
     * Records a trace that shall be {@code path}, in {@link Options#standard}.
     *
     * @param path the trace
     * @param manifest what the trace was made with
     * @return a writer
     * @throws IOException if it cannot be read or written
     */
    public static TraceWriter create(Path path, TraceManifest manifest) throws IOException {
        return create(path, manifest, Options.standard(manifest));
    }

    /**
     * Records a trace that shall be {@code path}. The part is locked meanwhile; one that an earlier recording left behind
     * is {@linkplain #setAside set aside}.
     *
     * @param path the trace
     * @param manifest what the trace was made with
     * @param options how it is written
     * @return a writer
     * @throws UnwritableException if the part cannot be written, or another recorder has it
     * @throws IOException if the codec does not work here
     */
    public static TraceWriter create(Path path, TraceManifest manifest, Options options) throws IOException {
        check(options);
        OutputFile file = OutputFile.recording(path);
        try {
            return new TraceWriter(file, true, manifest, Optional.empty(), options);
        } catch (IOException e) {
            // Nothing is in it.
            file.discard();
            throw UnwritableException.of(path, e);
        }
    }

    /**
     * Writes a trace into a file, in {@link Options#standard}. It belongs to the caller, who closes it after the writer;
     * unless the trace was completed, or finished and the file committed, it is gone then.
     *
     * @param file the file
     * @param manifest what the trace was made with
     * @return a writer
     * @throws UnwritableException if it cannot be written
     */
    @SuppressWarnings("exports") // For the other modules of this project, which the file's package is exported to.
    public static TraceWriter into(OutputFile file, TraceManifest manifest) throws IOException {
        return into(file, manifest, Optional.empty());
    }

    /**
     * Writes a trace into a file as {@link #into(OutputFile, TraceManifest)} does, with the state that its machine begins in.
     *
     * @param file the file
     * @param manifest what the trace was made with; what it says of a stored state counts only if there is one
     * @param state the state, if its machine begins in one
     * @return a writer
     * @throws UnwritableException if it cannot be written
     */
    @SuppressWarnings("exports") // As above.
    public static TraceWriter into(OutputFile file, TraceManifest manifest, Optional<SavedState> state)
            throws IOException {
        Options options = Options.standard(manifest);
        check(options);
        try {
            return new TraceWriter(file, false, manifest, state, options);
        } catch (IOException e) {
            throw UnwritableException.of(file.file(), e);
        }
    }

    private static void check(Options options) throws IOException {
        if (!options.codec().works()) {
            throw new IOException(Text.format("the native library of %s does not load here", options.codec()));
        }
    }

    /**
     * {@return the file in which a recording grows that shall be {@code path}}
     *
     * @param path the trace
     */
    public static Path partOf(Path path) {
        return OutputFile.partOf(path);
    }

    /** {@return the file in which this trace grows} */
    public Path part() {
        return file.part();
    }

    /** {@return where a part is now that an earlier recording left behind; empty if there was none} */
    public Optional<Path> setAside() {
        return file.setAside();
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
                    Text.format("an event of device %d; the manifest lists %d", of.device(), devices));
        }
        if (events > 0 && cycle - firstCycle >= chunkCycles) {
            cut(pipeline.buffer());
        }
        int start = chunk.position();
        EventCodec.encode(cycle - lastCycle, event, chunk);
        if (events > 0 && chunk.position() > chunkBytes) {
            ByteWriter next = pipeline.buffer();
            next.raw(chunk.array(), start, chunk.position() - start);
            chunk.rewind(start);
            cut(next);
        }
        if (events == 0) {
            firstCycle = cycle;
        }
        lastCycle = cycle;
        leastReader = Math.max(leastReader, FormatVersions.of(event));
        events++;
        ended = event instanceof TraceEvent.End;
    }

    /**
     * Ends the current chunk and waits until all events so far are in the file.
     *
     * @throws IOException if it cannot be read or written
     */
    public synchronized void flush() throws IOException {
        if (!closed) {
            try {
                if (events > 0) {
                    cut(pipeline.buffer());
                }
                pipeline.drain();
            } catch (UncheckedIOException e) {
                throw e.getCause();
            } catch (IOException e) {
                throw UnwritableException.of(file.file(), e);
            }
        }
    }

    /**
     * Finishes the trace: writes the footer, brings everything to the disk, and gives the file its name.
     *
     * @return what was written
     * @throws IllegalStateException if the last event is not {@link TraceEvent.End}
     * @throws UnwritableException if that fails
     */
    public synchronized TraceTotals complete() throws IOException {
        TraceTotals totals = finish();
        file.commit();
        close();
        return totals;
    }

    /**
     * Writes the footer and brings everything to the disk. The trace is whole then where it grew, and has yet to be given
     * its name.
     *
     * @return what was written
     * @throws IllegalStateException if the last event is not {@link TraceEvent.End}
     * @throws UnwritableException if that fails
     */
    public synchronized TraceTotals finish() throws IOException {
        if (closed) {
            throw new IllegalStateException("the trace is closed");
        }
        if (!ended) {
            throw new IllegalStateException("a complete trace ends with an End event");
        }
        flush();
        try {
            TraceTotals totals = pipeline.finish();
            finished = true;
            return totals;
        } catch (IOException e) {
            throw UnwritableException.of(file.file(), e);
        }
    }

    /** {@return how many bytes a complete trace has} */
    public long length() {
        return file.length();
    }

    /**
     * Throws away what was recorded.
     *
     * @throws IOException if it cannot be read or written
     */
    public synchronized void discard() throws IOException {
        closed = true;
        file.discard();
        pipeline.close();
    }

    /** Closes the file. What a recorder was given is written before; without {@link #complete} it remains a part. */
    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        try {
            if (recorder && !finished) {
                flush();
            }
        } finally {
            closed = true;
            if (recorder) {
                file.close();
            }
            pipeline.close();
        }
    }

    /** {@return the failure of a write, if one has happened: a long run may want to stop early} */
    public Optional<IOException> failure() {
        return pipeline.failure();
    }

    /** Ends the chunk at hand, which has events, and goes on with the next one. */
    private void cut(ByteWriter next) {
        try {
            pipeline.submit(new ChunkPipeline.Job(chunk, events, sequence, firstCycle, lastCycle, leastReader));
        } catch (IOException e) {
            throw new UncheckedIOException(UnwritableException.of(file.file(), e));
        }
        sequence += events;
        events = 0;
        chunk = next;
    }
}
