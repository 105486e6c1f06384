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
import java.util.function.Predicate;

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
        runWhile(tasks, jobs, work, result -> {
            results.accept(result);
            return true;
        });
    }

    /**
     * Works on tasks until a result is the last one wanted. Work that is under way on others then is told so by an
     * interruption, and waited for; its results are dropped.
     *
     * @param jobs how many at once, 1 or more; with 1, on this thread
     * @param work makes a result of a task
     * @param goesOn takes the results, on this thread, each as soon as all before it were taken; whether it wants more
     * @return how many results were taken: the same for every number of jobs
     */
    static <T, R> int runWhile(List<T> tasks, int jobs, Function<T, R> work, Predicate<R> goesOn) {
        int taken = 0;
        if (jobs == 1) {
            for (T task : tasks) {
                taken++;
                if (!goesOn.test(work.apply(task))) {
                    break;
                }
            }
            return taken;
        }
        ExecutorService threads = Executors.newFixedThreadPool(
                Math.min(jobs, Math.max(1, tasks.size())),
                Thread.ofPlatform().daemon().name("replay-", 1).factory());
        boolean goingOn = true;
        try {
            // Results that wait for a slow one before them hold pictures, so there must not be too many.
            int window = 2 * jobs;
            ArrayDeque<Future<R>> underway = new ArrayDeque<>();
            Iterator<T> next = tasks.iterator();
            while (goingOn && (next.hasNext() || !underway.isEmpty())) {
                while (next.hasNext() && underway.size() < window) {
                    T task = next.next();
                    underway.add(threads.submit(() -> work.apply(task)));
                }
                goingOn = goesOn.test(Futures.get(underway.removeFirst()));
                taken++;
            }
        } finally {
            threads.shutdownNow();
        }
        if (!goingOn) {
            // They may not go on to use what is put away next.
            threads.close();
        }
        return taken;
    }
}
