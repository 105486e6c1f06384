package dev.semblance.harness.trace;

import dev.semblance.harness.Futures;
import dev.semblance.machine.state.SavedState;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;

/** Compresses chunks and appends them to the file, in order, on one thread behind a short queue. */
final class ChunkPipeline implements AutoCloseable {

    /** A chunk's events, what its header says of them, and the format version that they need. */
    record Job(ByteWriter events, int count, long firstSequence, long firstCycle, long lastCycle, int version) {}

    /** Chunks that may wait: a few MiB. More would only use memory, since the compressor is faster than the machine. */
    private static final int WAITING = 4;

    private static final int BUFFER_BYTES = 64 * 1024;

    private final FileChannel channel;
    private final ChunkCodec codec;
    private final byte[] header;
    private final int leastVersion;
    private int leastReader;
    private final TraceDigest tally = new TraceDigest();
    private final Semaphore room = new Semaphore(WAITING);
    private final ConcurrentLinkedQueue<ByteWriter> spare = new ConcurrentLinkedQueue<>();
    private final AtomicReference<Optional<IOException>> failure = new AtomicReference<>(Optional.empty());
    // A daemon: a program that ends without closing the trace must end; what was flushed is in the file.
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("trace-writer").factory());

    private ChunkPipeline(FileChannel channel, TraceManifest manifest, byte[] header, ChunkCodec codec) {
        this.channel = channel;
        this.leastVersion = FormatVersions.of(manifest);
        this.leastReader = FormatVersions.leastReader(manifest);
        this.header = header;
        this.codec = codec;
    }

    /** Writes a header, and the state that a machine begins in. */
    static ChunkPipeline create(
            FileChannel channel, TraceManifest manifest, Optional<SavedState> state, ChunkCodec codec)
            throws IOException {
        byte[] header = FileHeader.encode(manifest);
        ChunkPipeline pipeline = new ChunkPipeline(channel, manifest, header, codec);
        try {
            pipeline.append(header);
            if (state.isPresent()) {
                StateChunks.write(state.get(), codec, (chunk, stored) -> {
                    pipeline.append(chunk.encode());
                    pipeline.append(stored);
                });
            }
            return pipeline;
        } catch (IOException e) {
            pipeline.close();
            throw e;
        }
    }

    /** {@return an empty buffer for a chunk's events} */
    ByteWriter buffer() {
        ByteWriter buffer = spare.poll();
        if (buffer == null) {
            return new ByteWriter(BUFFER_BYTES);
        }
        buffer.rewind(0);
        return buffer;
    }

    /** Queues a chunk and takes its buffer over; waits while the queue is full. */
    void submit(Job job) throws IOException {
        throwFailure();
        try {
            room.acquire();
        } catch (InterruptedException e) {
            throw interrupted();
        }
        thread.execute(() -> {
            try {
                if (failure.get().isEmpty()) {
                    write(job);
                }
            } catch (IOException e) {
                failure.set(Optional.of(e));
            } catch (RuntimeException | Error e) {
                // Reported like the others: the thread that records must not go on as if all were well.
                failure.set(Optional.of(new IOException("compressing a chunk failed", e)));
            } finally {
                spare.add(job.events());
                room.release();
            }
        });
    }

    /** Waits until everything submitted is written. */
    void drain() throws IOException {
        Futures.get(thread.submit(() -> {}));
        throwFailure();
    }

    /** Writes the footer and the trailer and brings all to the disk. To be called after {@link #drain}. */
    TraceTotals finish() throws IOException {
        byte[] footer = tally.footer();
        TraceTotals totals = tally.totals();
        ChunkHeader header = new ChunkHeader(
                ChunkHeader.FOOTER,
                ChunkCodec.STORED.number(),
                footer.length,
                footer.length,
                0,
                totals.events(),
                totals.lastCycle(),
                ChunkHeader.crc(footer, 0, footer.length));
        long offset = channel.position();
        append(header.encode());
        append(footer);
        append(Trailer.encode(offset));
        channel.force(true);
        return totals;
    }

    Optional<IOException> failure() {
        return failure.get();
    }

    @Override
    public void close() throws IOException {
        thread.shutdown();
        channel.close();
    }

    private void write(Job job) throws IOException {
        raiseVersion(job.version());
        byte[] raw = job.events().array();
        int length = job.events().position();
        byte[] compressed = codec.compress(raw, length);
        boolean pays = compressed.length < length;
        byte[] stored = pays ? compressed : job.events().toByteArray();
        ChunkHeader header = new ChunkHeader(
                ChunkHeader.EVENTS,
                (pays ? codec : ChunkCodec.STORED).number(),
                length,
                stored.length,
                job.count(),
                job.firstSequence(),
                job.firstCycle(),
                ChunkHeader.crc(stored, 0, stored.length));
        tally.addContent(raw, length);
        tally.add(header, channel.position(), job.lastCycle());
        append(header.encode());
        append(stored);
    }

    /** Says in the header what a reader must know, before anything comes that an older one does not know. */
    private void raiseVersion(int needed) throws IOException {
        if (needed <= leastReader) {
            return;
        }
        ByteBuffer fixed = ByteBuffer.wrap(FileHeader.withVersion(header, Math.max(leastVersion, needed), needed));
        while (fixed.hasRemaining()) {
            channel.write(fixed, fixed.position());
        }
        leastReader = needed;
    }

    private void append(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    private void throwFailure() throws IOException {
        if (failure.get().isPresent()) {
            IOException cause = failure.get().get();
            throw new IOException("the trace could not be written: " + cause.getMessage(), cause);
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted while the trace was being written");
    }
}
