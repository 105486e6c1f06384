package dev.semblance.cli;

import dev.semblance.harness.Futures;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;

/** Does work on several threads and hands over the results in the order of the tasks, as one thread would. */
final class OrderedExecutor {

    private OrderedExecutor() {}

    /**
     * Works on all tasks.
     *
     * @param jobs how many at once, 1 or more; with 1, on this thread
     * @param work makes a result of a task
     * @param results takes them, on this thread, each as soon as all before it were taken
     */
    static <T, R> void run(List<T> tasks, int jobs, Function<T, R> work, Consumer<R> results) {
        if (jobs == 1) {
            tasks.forEach(task -> results.accept(work.apply(task)));
            return;
        }
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(jobs, Math.max(1, tasks.size())),
                Thread.ofPlatform().daemon().name("replay-", 1).factory());
        try {
            // Results that wait for a slow one before them hold pictures, so there must not be too many.
            int window = 2 * jobs;
            ArrayDeque<Future<R>> underway = new ArrayDeque<>();
            Iterator<T> next = tasks.iterator();
            while (next.hasNext() || !underway.isEmpty()) {
                while (next.hasNext() && underway.size() < window) {
                    T task = next.next();
                    underway.add(threads.submit(() -> work.apply(task)));
                }
                results.accept(Futures.get(underway.removeFirst()));
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
