package dev.semblance.harness.report;

import dev.semblance.harness.Futures;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Encodes pictures on all processors, somewhat ahead of who writes them to the report. They come out in the order in which
 * they went in, so that the report does not depend on who was fastest.
 */
final class SnapshotEncoder implements AutoCloseable {

    private final int processors = Runtime.getRuntime().availableProcessors();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            processors, Thread.ofPlatform().daemon().name("encoding-", 1).factory());

    /** Returns the pictures of each snapshot in turn; at most two for each processor wait to be taken. */
    Iterator<EncodedSnapshot> encode(List<SnapshotView> snapshots) {
        ArrayDeque<Future<EncodedSnapshot>> underway = new ArrayDeque<>();
        Iterator<SnapshotView> next = snapshots.iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return next.hasNext() || !underway.isEmpty();
            }

            @Override
            public EncodedSnapshot next() {
                while (next.hasNext() && underway.size() < 2 * processors) {
                    SnapshotView snapshot = next.next();
                    underway.add(threads.submit(() -> EncodedSnapshot.of(snapshot)));
                }
                return Futures.get(underway.remove());
            }
        };
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
