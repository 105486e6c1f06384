package dev.semblance.harness.record;

import dev.semblance.harness.trace.EventSink;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Delivers entries on a thread of its own, in order. They go there in batches, since waking a thread costs more than a
 * small event does; what waits is bounded by its size, and whoever brings more than that waits too.
 *
 * <p>For one thread, which brings the entries and closes this. What the sink throws is thrown to that thread, and nothing is delivered
 * any more.
 */
final class RecordingThread implements AutoCloseable {

    /** What may wait, in bytes, about; one entry that is larger waits alone. Some pictures of a usual screen. */
    static final int ROOM = 16 << 20;

    /** A batch of so many bytes goes off. */
    private static final int BATCH_BYTES = 256 << 10;

    private final EventSink sink;
    private final Semaphore room = new Semaphore(ROOM);
    private final AtomicReference<Optional<Throwable>> failure = new AtomicReference<>(Optional.empty());
    private final AtomicLong delivered = new AtomicLong();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("recorder").factory());
    private List<Entry> batch = new ArrayList<>();
    private long weight;
    private long batches;
    private boolean failureThrown;

    RecordingThread(EventSink sink) {
        this.sink = sink;
    }

    /** Has an entry delivered, after those before it. */
    void put(Entry entry) {
        throwFailure();
        batch.add(entry);
        weight += entry.weight();
        if (weight >= BATCH_BYTES) {
            handOver();
        }
    }

    /** Has the entries delivered that were kept back to make a batch; waits for room. */
    void handOver() {
        if (batch.isEmpty()) {
            return;
        }
        List<Entry> entries = batch;
        int permits = (int) Math.min(weight, ROOM);
        try {
            room.acquire(permits);
        } catch (InterruptedException e) {
            throw interrupted();
        }
        batch = new ArrayList<>();
        weight = 0;
        batches++;
        thread.execute(() -> {
            try {
                deliver(entries);
            } finally {
                room.release(permits);
            }
        });
    }

    private void deliver(List<Entry> entries) {
        try {
            for (Entry entry : entries) {
                if (failure.get().isPresent()) {
                    return;
                }
                entry.deliver(sink);
            }
            delivered.incrementAndGet();
        } catch (RuntimeException | Error e) {
            failure.set(Optional.of(e));
        }
    }

    /** Waits until all entries so far are delivered. */
    void drain() {
        handOver();
        FutureTask<Boolean> reached = new FutureTask<>(() -> true);
        thread.execute(reached);
        try {
            reached.get();
        } catch (InterruptedException e) {
            throw interrupted();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nothing was to be done", e);
        }
        throwFailure();
    }

    /** Waits until all entries are delivered, and ends the thread; if it is interrupted meanwhile, what waits is given up. */
    @Override
    public void close() {
        try {
            handOver();
        } finally {
            // Interrupted, it interrupts the thread that delivers, and waits for it all the same: nobody uses the sink
            // afterwards.
            thread.close();
        }
        // What was thrown already may be on its way, and is nothing to be thrown in addition to itself.
        if (!failureThrown) {
            throwFailure();
            if (delivered.get() < batches) {
                throw interrupted();
            }
        }
    }

    private void throwFailure() {
        Optional<Throwable> thrown = failure.get();
        if (thrown.isPresent()) {
            failureThrown = true;
            switch (thrown.get()) {
                case RuntimeException e -> throw e;
                case Error e -> throw e;
                case Throwable e -> throw new IllegalStateException("a sink throws nothing that is checked", e);
            }
        }
    }

    private static UncheckedIOException interrupted() {
        Thread.currentThread().interrupt();
        return new UncheckedIOException(
                new InterruptedIOException("interrupted while the recording was being given away"));
    }
}
