package dev.semblance.harness.report;

import dev.semblance.harness.Futures;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;

/**
 * Encodes pictures on several processors, somewhat ahead of who writes them to the report. They come out in the order in
 * which they went in, so that the report does not depend on who was fastest.
 */
final class SnapshotEncoder implements AutoCloseable {

    /** Each holds several pictures: more would need a larger heap on a larger computer. */
    private static final int MAX_THREADS = 4;

    private final int processors = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    private final ExecutorService threads = Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("encoding-", 1).factory());

    /** Pictures in their order. */
    interface Pictures {
        /** {@return the pictures of the next snapshot} */
        EncodedSnapshot next() throws IOException;
    }

    /**
     * {@return the pictures of each snapshot in turn; at most two for each processor wait to be taken}
     *
     * @param full tells whether the full pictures of a snapshot may still be wanted
     */
    Pictures encode(List<SnapshotView> snapshots, Predicate<SnapshotView> full) {
        ArrayDeque<Future<EncodedSnapshot>> underway = new ArrayDeque<>();
        Iterator<SnapshotView> next = snapshots.iterator();
        return () -> {
            while (next.hasNext() && underway.size() < 2 * processors) {
                SnapshotView snapshot = next.next();
                boolean whole = full.test(snapshot);
                underway.add(threads.submit(() -> EncodedSnapshot.of(snapshot, whole)));
            }
            return Futures.get(underway.remove(), IOException.class);
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
